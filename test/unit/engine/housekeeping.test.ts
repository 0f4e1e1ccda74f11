import { housekeeping } from '../../../core/engine';
import { eventSchema } from '../../../core/events';
import { intakeRow } from '../../../core/intake';
import { createMemoryStore } from '../../../core/store';

const DAY = 86_400_000;
const NOW = Date.parse('2027-03-10T10:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();
const NODE = { workflow_id: 'w', node_id: 'n' };

test('what has served is removed after its time, what waits is kept', async () => {
	const store = createMemoryStore();
	const event = (id: string): ReturnType<typeof eventSchema.parse> =>
		eventSchema.parse({
			event_id: id,
			event_type: 'ticket_updated',
			timestamp: iso(NOW),
			content: { ticket_id: id },
		});
	const old = NOW - 8 * DAY;
	await store.intake.put([
		intakeRow(event('done'), NODE, old, false),
		intakeRow(event('waits'), NODE, old, false),
	]);
	const [done] = (await store.intake.list({ limit: 9 })).filter((row) => row.event_id === 'done');
	await store.intake.complete([done.id], iso(old));
	await store.seen.mark(['old'], iso(NOW - 31 * DAY));
	await store.seen.mark(['recent'], iso(NOW - 29 * DAY));

	await housekeeping(store, NOW);

	expect((await store.intake.list({ limit: 9 })).map((row) => row.event_id)).toEqual(['waits']);
	expect(await store.seen.mark(['old', 'recent'], iso(NOW))).toEqual(['old']);
});
