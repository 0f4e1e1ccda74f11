import { deliver, intake, savePreferences, type Attempt } from '../../../core/engine';
import { eventSchema } from '../../../core/events';
import { parsePolicy } from '../../../core/preferences';
import { createMemoryStore } from '../../../core/store';
import { person } from '../semantics/timetable';

const START = Date.parse('2027-03-10T10:00:00Z');

test('outcomes are written while the run goes on: who dies in the middle forgets one, not all', async () => {
	const store = createMemoryStore();
	const people = ['ann', 'ben', 'cyd'];
	await savePreferences(
		store,
		people.map((id) => person(id)),
		START,
	);
	const event = eventSchema.parse({
		event_id: 'e1',
		event_type: 'ticket_assigned',
		timestamp: new Date(START).toISOString(),
		source: 'test',
		target_users: people,
		content: { ticket_id: 'T1', ticket_title: 'T1' },
	});
	const { send } = await intake(store, [event], {
		policy: parsePolicy({}),
		policyId: null,
		now: START,
		knownChannels: ['slack'],
	});
	let now = START;
	const reached = Promise.withResolvers<void>();
	void deliver(store, send, {
		async attempt(delivery) {
			if (delivery.recipient.user_id === 'cyd') {
				// The process is killed here: nothing of what comes after this is reached.
				reached.resolve();
				return new Promise<never>(() => undefined);
			}
			now += 1000;
			return { outcome: { ok: true, status: 'sent' }, attempts: 1, latencyMs: 1000 };
		},
		policy: parsePolicy({}),
		now: () => now,
		random: () => 0.5,
		owner: 'me',
		concurrency: 1,
		leaseMs: 60_000,
	});
	await reached.promise;
	const rows = await store.deliveries.get(send.map((d) => d.delivery_id));
	expect(Object.fromEntries(rows.map((row) => [row.user_id, row.status]))).toEqual({
		ann: 'sent',
		ben: 'sent',
		cyd: 'pending',
	});
});

test.each([
	['is to be tried again', { class: 'retry', code: 'http_503' }],
	['is final', { class: 'recipient', code: 'unknown_user' }],
] as const)(
	'a run that hangs beyond its lease while another sends the message: its failure, which %s, undoes nothing',
	async (_, failure) => {
		const store = createMemoryStore();
		await savePreferences(store, [person('ann')], START);
		const event = eventSchema.parse({
			event_id: 'e1',
			event_type: 'ticket_assigned',
			timestamp: new Date(START).toISOString(),
			source: 'test',
			target_users: ['ann'],
			content: { ticket_id: 'T1', ticket_title: 'T1' },
		});
		const policy = parsePolicy({});
		const { send } = await intake(store, [event], {
			policy,
			policyId: null,
			now: START,
			knownChannels: ['slack'],
		});
		const items = send.map((d) => ({
			...d,
			fallback: [{ channel: 'email' as const, address: { address: 'ann@example.com' } }],
		}));
		let now = START;
		const by = (owner: string, attempt: () => Promise<Attempt>) =>
			deliver(store, items, {
				policy,
				now: () => now,
				random: () => 0.5,
				owner,
				concurrency: 1,
				leaseMs: 60_000,
				attempt,
			});
		const { results } = await by('slow', async () => {
			now += 61_000;
			await by('quick', async () => ({
				outcome: { ok: true, status: 'sent' },
				attempts: 1,
				latencyMs: 1,
			}));
			const outcome = { ok: false as const, message: '', ...failure };
			return { outcome, attempts: 1, latencyMs: 61_000 };
		});
		expect(results).toMatchObject([
			{ ok: true, delivery: { status: { status: 'pending', reason: 'claimed_elsewhere' } } },
		]);
		expect(results[0].turned).toBeUndefined();
		expect(await store.deliveries.list({ user_id: 'ann' })).toMatchObject([
			{ channel: 'slack', stage: 'done', status: 'sent', possibly_duplicate: true },
		]);
	},
);
