// A day that was lived on a store, and replayed under the rules that it had: the same messages, and no difference.
import {
	acknowledge,
	deliver,
	handOutDue,
	intake,
	nextDue,
	savePolicy,
	savePreferences,
	tick,
} from '../../../core/engine';
import { CHANNEL_IDS, eventSchema, type Delivery } from '../../../core/events';
import { parsePolicy } from '../../../core/preferences';
import { replay, type SimulationResult } from '../../../core/simulation';
import { createMemoryStore, type Store } from '../../../core/store';
import { person } from '../semantics/timetable';

const START = Date.parse('2027-03-10T06:00:00Z');
const END = Date.parse('2027-03-12T00:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();

const PEOPLE = [
	person('ann'),
	person('bob', { channel: { slack: { frequency: 'batch', batch_time: '09:00,17:00' } } }),
	person('cat', { quiet_hours: { wednesday: [['22:00', '07:00']] } }),
	person('dan', { manager: 'ann' }),
];
const POLICY = { escalation: { steps: [{ after: '10m', to: 'manager' }] } };

/** Numbers from 0 to 1, the same for one seed. */
function randomOf(seed: number): () => number {
	let state = seed;
	return () => (state = (state * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32;
}

/** Events of a day on few tickets, some at one instant. */
function eventsOf(seed: number): Array<{ at: number; event: Record<string, unknown> }> {
	const random = randomOf(seed);
	const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
	let at = START;
	return Array.from({ length: 40 }, (_, i) => {
		at += pick([0, 1_000, 20_000, 60_000, 600_000, 3_600_000]);
		const status = pick(['assigned', 'in_progress', 'pending', 'resolved', undefined]);
		const types = ['ticket_assigned', 'ticket_comment', 'ticket_resolved', 'sla_breached'];
		const event = {
			event_id: `e${i}`,
			event_type: pick([...types, 'status_update', 'ticket_created']),
			timestamp: iso(at + i),
			source: 'test',
			target_users: pick([['ann'], ['bob'], ['cat', 'dan'], ['ann', 'bob', 'cat', 'dan']]),
			content: {
				ticket_id: pick(['T1', 'T2', 'T3', 'T4']),
				ticket_title: `Title ${i}`,
				priority: pick(['Low', 'Medium', 'High', 'Critical']),
				...(status ? { status } : {}),
			},
		};
		return { at, event };
	});
}

/** Lives the day; returns what was sent, as `instant person events`. */
async function live(store: Store, seed: number): Promise<string[]> {
	await savePreferences(store, PEOPLE, START);
	await savePolicy(store, POLICY, START);
	const policy = parsePolicy(POLICY);
	const sent: string[] = [];
	const send = async (deliveries: readonly Delivery[], now: number): Promise<void> => {
		for (const d of deliveries)
			sent.push(
				`${iso(now)} ${d.recipient.user_id} ${(d.digest?.event_ids ?? [d.event.event_id]).join()}`,
			);
		await deliver(store, deliveries, {
			policy,
			now: () => now,
			random: () => 0.5,
			owner: 'day',
			concurrency: 1,
			leaseMs: 60_000,
			attempt: async () => ({
				attempts: 1,
				latencyMs: 0,
				outcome: { ok: true, status: 'sent' as const },
			}),
		});
	};
	const timersBefore = async (limit: number): Promise<void> => {
		for (let due = await nextDue(store); due !== undefined && due < limit; ) {
			await tick(store, { now: due, knownChannels: CHANNEL_IDS });
			const rows = await store.deliveries.leaseDue(iso(due), 1_000, 'day', iso(due + 60_000));
			await send(await handOutDue(store, rows, { now: due }), due);
			due = await nextDue(store);
		}
	};
	for (const { at, event } of eventsOf(seed)) {
		await timersBefore(at);
		const options = { policy, policyId: null, now: at, knownChannels: CHANNEL_IDS };
		const { send: now } = await intake(store, [eventSchema.parse(event)], options);
		await send(now, at);
	}
	await timersBefore(END);
	return sent.sort();
}

const shown = ({ messages }: SimulationResult): string[] =>
	messages.map((m) => `${m.at} ${m.recipient} ${m.event_ids.join()}`).sort();

test('who took a ticket that day has taken it in the replay: no step of a new chain comes after that', async () => {
	const store = createMemoryStore();
	await savePreferences(store, PEOPLE, START);
	const policy = parsePolicy({});
	const breach = {
		event_id: 'e1',
		event_type: 'sla_breached',
		timestamp: iso(START),
		source: 'test',
		target_users: ['dan'],
		content: { ticket_id: 'T1', ticket_title: 'T1' },
		context: { sla_deadline: iso(START - 60_000) },
	};
	const options = { policy, policyId: null, now: START, knownChannels: CHANNEL_IDS };
	await intake(store, [eventSchema.parse(breach)], options);
	await acknowledge(store, 'test:T1', 'dan', START + 5 * 60_000);
	const stepAfter = async (after: string) => {
		const changed = { escalation: { steps: [{ after, to: 'manager' }] } };
		const again = await replay(store, { start: iso(START), end: iso(END), policy: changed });
		return again.people.flatMap(({ newly }) => newly.map((m) => `${m.at} ${m.recipient}`));
	};
	expect(await stepAfter('10m')).toEqual([]);
	expect(await stepAfter('4m')).toEqual([`${iso(START + 4 * 60_000)} ann`]);
});

test.each(Array.from({ length: 12 }, (_, i) => i + 1))(
	'day %d: replayed as it was, though later events have changed what held ones showed',
	async (seed) => {
		const store = createMemoryStore();
		const sent = await live(store, seed);
		const again = await replay(store, { start: iso(START), end: iso(END) });
		expect(again.events).toBe(40);
		expect(shown(again.before)).toEqual(sent);
		for (const one of again.people) expect([one.no_longer, one.newly]).toEqual([[], []]);
	},
);
