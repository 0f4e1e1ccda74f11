import type { Delivery } from '../events/delivery';
import { ticketKey } from '../events/ids';
import { WAITED } from '../gate/retry';
import { kindOf } from '../gate/rows';
import type { LedgerRow, LineRow, Store } from '../store/types';
import { isWatched } from './watchdog';

/** Nobody fetches what is overdue by so much (no Release Trigger runs): it holds nobody up. */
const ABANDONED_MS = 10 * 60_000;
/** The next look where the one in front names no instant; where it is being sent; and the shortest pause before any. */
const LOOK_AGAIN_MS = 60_000;
const SENDING_MS = 5_000;
const LEAST_MS = 1_000;

/** Facts that an attempt settles. */
const SETTLED: readonly string[] = ['waits_for', 'resumed_at'];

type Update = Partial<LedgerRow> & { delivery_id: string };
type Placed = Pick<LineRow, 'rank' | 'purpose'>;
type Rows = ReadonlyMap<string, LineRow>;

const keyOf = (row: Pick<LedgerRow, 'ticket_key' | 'user_id' | 'channel'>): string =>
	`${row.ticket_key}\n${row.user_id}\n${row.channel}`;

const pairOf = (d: Delivery): { ticket_key: string; user_id: string; channel: string } => ({
	ticket_key: ticketKey(d.event),
	user_id: d.recipient.user_id,
	channel: d.channel,
});

/** A digest of several tickets has its own order; a test run waits for nothing. */
const queues = (row: { purpose: string; test?: boolean }): boolean =>
	!row.purpose.startsWith('digest:') && row.test !== true;

/** The lines in which these stand, to be locked while one of them is begun. */
export const linesOf = (deliveries: readonly Delivery[]): string[] =>
	deliveries.filter(queues).map((delivery) => `line:${keyOf(pairOf(delivery))}`);

/**
 * Order per ticket, person and channel behind a message that another run is sending or that waits for its next try:
 * what comes later waits for it, urgent passes, a repeat holds up no first message (RD2). Nothing waits in a circle:
 * only for what was decided earlier, and of equally early ones for the one that was there first.
 */
export class Line {
	private readonly rows = new Map<string, LineRow>();
	private readonly before = new Map<string, LineRow[]>();

	/** Reads the lines of deliveries that this run has just claimed, in the transaction that knows what it sent before. */
	async read(store: Store, claimed: readonly Delivery[], now: number): Promise<void> {
		const live = claimed.filter(queues);
		if (live.length === 0) return;
		const mine = new Set(live.map((d) => d.delivery_id));
		const rows = await store.deliveries.line(live.map(pairOf));
		for (const row of rows) this.rows.set(row.delivery_id, row);
		const others = rows.filter((row) => queues(row) && holdsUp(row, now));
		// Nobody would fetch what waits for a run that ends in a moment: better out of order than never.
		const isBehindBegun = others.some((row) => isBegun(row) && !mine.has(row.delivery_id));
		const isFetched = !isBehindBegun || (await isWatched(store, now));
		for (const row of rows.filter(({ delivery_id }) => mine.has(delivery_id))) {
			const key = keyOf(row);
			this.before.set(
				row.delivery_id,
				others.filter(
					(other) =>
						keyOf(other) === key &&
						(isFetched || !isBegun(other)) &&
						isEarlier(other, row, this.rows),
				),
			);
		}
	}

	/** What puts a delivery behind the one in front of it; undefined where its turn has come. */
	wait(delivery: Delivery, rank: number, now: number): Update | undefined {
		if (!queues(delivery)) return undefined;
		const { delivery_id: id, purpose } = delivery;
		// What its ticket has made urgent was handed out as urgent.
		const place = { purpose, rank: Math.min(rank, this.rows.get(id)?.rank ?? rank) };
		const ahead = (this.before.get(id) ?? []).filter((other) => standsBehind(place, other));
		if (ahead.length === 0) return undefined;
		const followed = new Set(ahead.map(({ facts }) => facts?.waits_for));
		// Rows come by creation: of several ends of lines the latest.
		const last = ahead.findLast((row) => !followed.has(row.delivery_id)) ?? ahead[0];
		return {
			delivery_id: id,
			stage: 'due',
			status: 'pending',
			reason: 'waits_for_earlier',
			facts: { ...this.rows.get(id)?.facts, waits_for: last.delivery_id },
			// Behind it by a moment, so that both are handed out in their order.
			due_at: new Date(Math.max(...ahead.map((row) => nextLook(row, now))) + 1).toISOString(),
			item: delivery,
			lease_owner: null,
			lease_until: null,
			updated_at: new Date(now).toISOString(),
		};
	}

	/** Facts of a delivery that was tried: it waits for nobody any more, and its sender is there. */
	factsAfterTurn(delivery: Delivery): Pick<LedgerRow, 'facts'> | undefined {
		const facts = this.rows.get(delivery.delivery_id)?.facts;
		if (!facts || !SETTLED.some((name) => name in facts)) return undefined;
		const rest = Object.entries(facts).filter(([name]) => !SETTLED.includes(name));
		return { facts: Object.fromEntries(rest) };
	}

	/** Lets those go that waited for deliveries that have ended now. Returns how many. */
	async wake(store: Store, ended: readonly Delivery[], now: number): Promise<number> {
		const live = ended.filter(queues);
		if (live.length === 0) return 0;
		const rows = await store.deliveries.line(live.map(pairOf));
		const byId = new Map(rows.map((row) => [row.delivery_id, row]));
		const nowIso = new Date(now).toISOString();
		const free = rows.filter(
			(row) =>
				row.stage === 'due' &&
				row.reason === 'waits_for_earlier' &&
				row.due_at !== null &&
				row.due_at > nowIso &&
				!rows.some(
					(other) =>
						keyOf(other) === keyOf(row) &&
						standsBehind(row, other) &&
						holdsUp(other, now) &&
						isEarlier(other, row, byId),
				),
		);
		await store.deliveries.update(
			free.map(({ delivery_id }) => ({ delivery_id, due_at: nowIso, updated_at: nowIso })),
		);
		return free.length;
	}
}

/**
 * News in the order of their ranks: urgent stands behind nobody, a first message behind no repeat. Edits keep their order
 * whatever their rank, for the last one stays, and so do answers; neither waits for news or holds it up.
 */
const standsBehind = (row: Placed, other: Placed): boolean =>
	kindOf(row) === kindOf(other) &&
	(kindOf(row) !== 'news' || (row.rank > 0 && other.rank <= row.rank));

/** Whether others wait for it: it is being sent, waits for its next try, or the watchdog took it up. */
function holdsUp(row: LineRow, now: number): boolean {
	const until = Date.parse((row.stage === 'due' ? row.due_at : row.lease_until) ?? '');
	if (!Number.isNaN(until) && until + ABANDONED_MS < now) return false;
	return row.stage === 'sending' || WAITED.has(row.reason ?? '') || wasResumed(row.facts);
}

/** Being sent for the first time. */
const isBegun = (row: LineRow): boolean => row.stage === 'sending' && isUntried(row);

/** Of two of one instant the one that is being sent is in front, then the one that the other waits for. */
function isEarlier(other: LineRow, row: LineRow, rows: Rows): boolean {
	if (other.delivery_id === row.delivery_id) return false;
	if (other.created_at !== row.created_at) return other.created_at < row.created_at;
	if (other.stage === 'sending') return true;
	const isBehind = waitsFor(other, row, rows);
	if (isBehind !== waitsFor(row, other, rows)) return !isBehind;
	return isUntried(row);
}

/** Whether it waits for that one, by way of others too. */
function waitsFor(row: LineRow, wanted: LineRow, rows: Rows): boolean {
	const seen = new Set<LineRow>();
	for (let at: LineRow | undefined = row; at && !seen.has(at); at = before(at, rows)) {
		seen.add(at);
		if (at.facts?.waits_for === wanted.delivery_id) return true;
	}
	return false;
}

const before = ({ facts }: LineRow, rows: Rows): LineRow | undefined =>
	rows.get(String(facts?.waits_for));

/** It comes for the first time: what has waited, or was begun by a sender that died, has its place already. */
const isUntried = ({ reason, facts }: LineRow): boolean =>
	!WAITED.has(reason ?? '') && !wasResumed(facts);

const wasResumed = (facts: LineRow['facts']): boolean =>
	facts?.resumed_at !== undefined || facts?.senders_died !== undefined;

/** When one in front is looked at next, epoch ms; later than `now`. */
function nextLook({ stage, due_at, lease_until }: LineRow, now: number): number {
	// Its end wakes those behind it; an early look only mends that they began to wait in the same moment.
	if (stage === 'sending') return now + SENDING_MS;
	const at = Date.parse((stage === 'due' ? due_at : lease_until) ?? '');
	return Math.max(Number.isNaN(at) ? now + LOOK_AGAIN_MS : at, now + LEAST_MS);
}
