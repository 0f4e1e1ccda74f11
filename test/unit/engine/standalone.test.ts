import { channels, defineBelow } from '../../../core/channels';
import { deliver, handOutDue } from '../../../core/engine';
import { parsePolicy } from '../../../core/preferences';
import { createMemoryStore } from '../../../core/store';
import { renderDelivery, shippedTemplates } from '../../../core/templates';

const START = Date.parse('2027-03-10T10:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();

test('a message that is written in a sender and tried again later is still that message', async () => {
	const store = createMemoryStore();
	const written = defineBelow(
		{ recipient: 'U0123456789', title: 'Backup', text: 'The backup of db7 has failed.' },
		channels.slack,
		new Date(START),
		'run 1',
	);
	await deliver(store, [written], {
		policy: parsePolicy({}),
		now: () => START,
		random: () => 0.5,
		owner: 'run 1',
		concurrency: 1,
		leaseMs: 60_000,
		attempt: async () => ({
			attempts: 1,
			latencyMs: 0,
			outcome: { ok: false, class: 'retry', code: 'http_503', message: '' },
		}),
	});
	const later = START + 60_000;
	const due = await store.deliveries.leaseDue(iso(later), 9, 'release', iso(later + 60_000));
	const [out] = await handOutDue(store, due, { now: later });
	const options = { channels, overrides: shippedTemplates, now: new Date(later) };
	expect(renderDelivery(out, options)).toMatchObject({ ok: true, message: written.message });
});
