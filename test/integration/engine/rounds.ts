// A round: one person, one new group, the same moment for all workers; and what must be true of all rounds at the end.
// Workers play rounds in batches, so that one call touches several groups of several people.
import { parseDelivery } from '../../../core/events/validate';
import { deliver, gate, tick } from '../../../core/engine/index';
import { deliveryId } from '../../../core/events/ids';
import type { Delivery } from '../../../core/events/delivery';
import { parsePolicy } from '../../../core/preferences/policy';
import type { Store } from '../../../core/store/types';

export const POLICY = {
	aggregation: {
		types: ['ticket_comment'],
		group_by: ['recipient', 'channel', 'content.team'],
		group_wait: '30s',
		group_interval: '5m',
	},
};
const policy = parsePolicy(POLICY);
const PEOPLE = 4;
export const BATCH = 10;
const SECOND = 1000;
const HOUR = 3600 * SECOND;
const WINDOW_1 = 30 * SECOND;
const WINDOW_2 = WINDOW_1 + 300 * SECOND;
const START = Date.parse('2027-03-10T08:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();
export const startOf = (round: number): number => START + Math.floor(round / BATCH) * HOUR;

/** The steps of a round: all workers take one together, and none begins the next before all have taken it. */
export const STEPS = ['arrive', 'close', 'end'] as const;
export type Step = (typeof STEPS)[number];

/** A call of the provider: what somebody would have received. */
export interface Sent {
	delivery_id: string;
	team: string;
	at: number;
	event_ids: string[];
}

/** What one worker remembers between the steps. */
export interface Worker {
	store: Store;
	name: string;
	urgent: Delivery[];
}

function delivery(round: number, event: string, type: string, priority: string): Delivery {
	const user = `user${round % PEOPLE}`;
	const id = `r${round}-${event}`;
	return parseDelivery({
		delivery_id: deliveryId(id, user, 'slack'),
		event: {
			event_id: id,
			event_type: type,
			timestamp: iso(startOf(round)),
			source: 'test',
			content: { ticket_id: id, ticket_title: id, priority, team: `team${round}` },
		},
		recipient: { user_id: user },
		channel: 'slack',
		address: { userid: user },
	});
}

const comment = (round: number, event: string): Delivery =>
	delivery(round, event, 'ticket_comment', 'Medium');
const urgent = (round: number): Delivery => delivery(round, 'urgent', 'ticket_created', 'Critical');

/** One step of one worker for the rounds of one batch; returns what it sent. */
export async function step(worker: Worker, batch: readonly number[], name: Step): Promise<Sent[]> {
	const { store } = worker;
	const number = Number(worker.name.slice(1));
	const start = startOf(batch[0]);
	// Workers come from both ends: locks that were taken in the order of the items would meet crosswise.
	const rounds = number % 2 === 0 ? batch : batch.toReversed();
	const gateAt = (now: number, of: (round: number) => Delivery[]): ReturnType<typeof gate> =>
		gate(store, rounds.flatMap(of), { policy, policyId: null, now });
	if (name === 'arrive') {
		// Two comments and an urgent ticket that all workers bring, and one comment of its own.
		const { send } = await gateAt(start, (round) => [
			comment(round, 'a'),
			comment(round, worker.name),
			comment(round, 'b'),
			urgent(round),
		]);
		worker.urgent = send;
		return [];
	}
	if (name === 'close') {
		// The window closes while more comments come in: some workers release first, some gate first.
		const now = start + WINDOW_1;
		const gateLate = (): ReturnType<typeof gate> =>
			gateAt(now, (round) => [comment(round, `${worker.name}-late`), comment(round, 'late')]);
		const sent = await sendAll(worker, worker.urgent, now);
		const releaseFirst = (batch[0] / BATCH + number) % 2 === 0;
		if (!releaseFirst) await gateLate();
		sent.push(...(await release(worker, now)));
		if (releaseFirst) await gateLate();
		return sent;
	}
	return release(worker, start + WINDOW_2);
}

/** What the Release Trigger does: make due, lease, send, until nothing is left. Few at a time, so that workers share. */
async function release(worker: Worker, now: number): Promise<Sent[]> {
	const { store, name } = worker;
	const sent: Sent[] = [];
	await tick(store, { now, knownChannels: ['slack'] });
	for (;;) {
		const rows = await store.deliveries.leaseDue(iso(now), 5, name, iso(now + 60 * SECOND));
		if (rows.length === 0) return sent;
		const items = rows.flatMap((row) => (row.item ? [row.item] : []));
		sent.push(...(await sendAll(worker, items, now)));
	}
}

async function sendAll(worker: Worker, deliveries: Delivery[], now: number): Promise<Sent[]> {
	const sent: Sent[] = [];
	await deliver(worker.store, deliveries, {
		policy,
		now: () => now,
		random: () => 0.5,
		owner: worker.name,
		concurrency: 2,
		leaseMs: 60 * SECOND,
		attempt: async ({ delivery_id, event, digest }) => {
			const event_ids = digest?.event_ids ?? [event.event_id];
			sent.push({ delivery_id, team: String(event.content.team), at: now, event_ids });
			return { attempts: 1, latencyMs: 0, outcome: { ok: true, status: 'sent' } };
		},
	});
	return sent;
}

/** Everything that is wrong with these rounds, in words; [] where each entry went once, in one digest per window. */
export async function faultsOf(
	store: Store,
	sent: readonly Sent[],
	rounds: readonly number[],
	workers: readonly string[],
): Promise<string[]> {
	const faults: string[] = [];
	for (const round of rounds) {
		const team = `team${round}`;
		const start = startOf(round);
		const mine = sent.filter((s) => s.team === team);
		const digests = mine.filter((s) => !s.event_ids.includes(`r${round}-urgent`));
		const first = digests.filter((s) => s.at === start + WINDOW_1).length;
		const second = digests.filter((s) => s.at === start + WINDOW_2).length;
		if (first !== 1) faults.push(`${team}: ${first} digests at the end of its window`);
		if (second > 1) faults.push(`${team}: ${second} digests at the end of its second window`);
		if (first + second !== digests.length) faults.push(`${team}: a digest between windows`);
		const own = workers.flatMap((w) => [w, `${w}-late`]);
		for (const event of ['a', 'b', 'late', 'urgent', ...own]) {
			const times = mine.flatMap((s) => s.event_ids).filter((id) => id === `r${round}-${event}`);
			if (times.length !== 1) faults.push(`${team}: ${event} went ${times.length} times`);
		}
	}
	const ids = sent.map((s) => s.delivery_id);
	if (new Set(ids).size !== ids.length) faults.push('a delivery was sent twice');
	if ((await store.held.count()) > 0) faults.push(`${await store.held.count()} still held`);
	const rows = await store.deliveries.get([...new Set(ids)]);
	const unsure = rows.filter((r) => r.status !== 'sent' || r.possibly_duplicate);
	if (unsure.length > 0) faults.push(`${unsure.length} not plainly sent`);
	return faults;
}

/** Negative control: a store whose `exclusive` locks nothing and begins no transaction. */
export const withoutLock = (store: Store): Store =>
	new Proxy(store, {
		get: (target, key) =>
			key === 'exclusive'
				? (_keys: readonly string[], work: (store: Store) => unknown) => work(withoutLock(store))
				: Reflect.get(target, key, target),
	});

/** Negative control: a ledger that lets every sender have every delivery, inside transactions too. */
export const withoutClaim = (store: Store): Store =>
	new Proxy(store, {
		get(target, key) {
			if (key === 'exclusive')
				return (keys: readonly string[], work: (store: Store) => Promise<unknown>) =>
					target.exclusive(keys, (tx) => work(withoutClaim(tx)));
			return key === 'deliveries'
				? new Proxy(target.deliveries, { get: (t, k) => (k === 'claim' ? claimAll : bound(t, k)) })
				: Reflect.get(target, key, target);
		},
	});

const claimAll = async (rows: ReadonlyArray<{ delivery_id: string }>): Promise<unknown[]> =>
	rows.map(({ delivery_id }) => ({
		delivery_id,
		claimed: true,
		attempts: 0,
		possibly_duplicate: false,
	}));

function bound(target: object, key: string | symbol): unknown {
	const value: unknown = Reflect.get(target, key, target);
	return typeof value === 'function' ? value.bind(target) : value;
}
