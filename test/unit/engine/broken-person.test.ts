import { intake, savePolicy, savePreferences, tick } from '../../../core/engine';
import { parsePolicy } from '../../../core/preferences';
import { createMemoryStore, type Store } from '../../../core/store';
import { person } from '../semantics/timetable';
import { at, eventOf, iso } from './morning';

const POLICY = {
	priority: { base: { default: 100 } },
	escalation: { steps: [{ after: '10m', to: 'manager' }] },
};

async function escalating(store: Store, ticket: string, to: string): Promise<void> {
	const event = eventOf(`e-${ticket}`, '10:00:00', {
		event_type: 'ticket_assigned',
		to,
		ticket,
	});
	await intake(store, [event], {
		policy: parsePolicy(POLICY),
		policyId: null,
		now: at('10:00:00'),
		knownChannels: ['slack'],
	});
}

test('the document of one escalated person breaks: their step is skipped, those of others fire', async () => {
	const store = createMemoryStore();
	const people = [
		{ ...person('ann'), manager: 'max' },
		{ ...person('bob'), manager: 'max' },
		person('max'),
	];
	await savePreferences(store, people, at('09:00:00'));
	await savePolicy(store, POLICY, at('09:00:00'));
	await escalating(store, 'A', 'ann');
	await escalating(store, 'B', 'bob');
	const [ann] = await store.preferences.get(['ann']);
	await store.preferences.put([
		{ ...ann, document: { ...ann.document, timezone: 'CST', working_hours: { noday: 1 } } },
	]);
	const skipped: string[] = [];
	await tick(store, {
		now: at('10:10:00'),
		knownChannels: ['slack'],
		onSkipped: ({ event_id, reason }) => void skipped.push(`${event_id} ${reason}`),
	});
	const due = await store.deliveries.leaseDue(iso('10:10:00'), 9, 'me', iso('10:20:00'));
	expect(due.map((row) => `${row.event_id} ${row.user_id}`)).toEqual(['e-B max']);
	expect(skipped).toEqual(['e-A invalid_preferences']);
});
