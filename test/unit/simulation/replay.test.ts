import { intake, savePolicy, savePreferences } from '../../../core/engine';
import { eventSchema } from '../../../core/events';
import { parsePolicy } from '../../../core/preferences';
import { replay } from '../../../core/simulation';
import { createMemoryStore } from '../../../core/store';
import { person } from '../semantics/timetable';

const at = (time: string): number => Date.parse(`2027-03-10T${time}Z`);

const event = (id: string, ticket: string): ReturnType<typeof eventSchema.parse> =>
	eventSchema.parse({
		event_id: id,
		event_type: 'ticket_assigned',
		timestamp: '2027-03-10T10:00:00Z',
		source: 'test',
		target_users: ['ann', 'bob'],
		content: { ticket_id: ticket, ticket_title: ticket },
	});

test('a day again under changed rules: who gets what else, and when', async () => {
	const store = createMemoryStore();
	await savePreferences(store, [person('ann'), person('bob')], at('09:00:00'));
	await savePolicy(store, {}, at('09:00:00'));
	const policy = parsePolicy({});
	for (const [time, id] of [
		['10:00:00', 'e1'],
		['11:00:00', 'e2'],
	] as const) {
		await intake(store, [event(id, id)], {
			policy,
			policyId: null,
			now: at(time),
			knownChannels: ['slack'],
		});
	}
	const result = await replay(store, {
		start: '2027-03-10T00:00:00Z',
		end: '2027-03-11T00:00:00Z',
		preferences: [
			person('ann', { channel: { slack: { frequency: 'batch', batch_time: '17:00' } } }),
		],
	});
	expect(result.events).toBe(2);
	const [ann, bob] = result.people;
	expect(ann).toMatchObject({
		recipient: 'ann',
		before: { messages: 2, digests: 0 },
		after: { messages: 1, digests: 1 },
	});
	expect(ann.newly.map((m) => [m.at, m.ticket_ids])).toEqual([
		['2027-03-10T17:00:00.000Z', ['e1', 'e2']],
	]);
	expect(ann.no_longer.map((m) => m.at)).toEqual([
		'2027-03-10T10:00:00.000Z',
		'2027-03-10T11:00:00.000Z',
	]);
	expect(bob).toMatchObject({ recipient: 'bob', no_longer: [], newly: [] });
});
