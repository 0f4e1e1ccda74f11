import { idOnChannel, turnToFallback } from '../channels/fallback';
import type { Delivery } from '../events/delivery';
import { addressMark, ticketKey } from '../events/ids';
import { collapse } from '../gate/collapse';
import { partsOf } from '../gate/parts';
import { ledgerRow } from '../gate/rows';
import { isAsSeen } from '../store/rules';
import type { LedgerRow, Store } from '../store/types';
import type { Delivered } from './deliver-types';

type Result = Delivered['results'][number];

/**
 * Turns what failed to its next channel that does not carry the event to this person anyway (RP3). Notes in the ledger
 * what a digest that was turned tells on its new channel. Returns the ids of those that a run before had turned and that
 * are under way or told.
 */
export async function turn(
	store: Store,
	results: readonly Result[],
	now: string,
): Promise<ReadonlySet<string>> {
	const failed = results.filter((r) => !r.ok && r.delivery.fallback.length > 0);
	if (failed.length === 0) return new Set();
	// What fails for one person in two processes at once: the second sees where the first has gone.
	const people = new Set(failed.map(({ delivery }) => `turn:${delivery.recipient.user_id}`));
	return store.exclusive([...people], (tx) => turnAll(tx, failed, now));
}

async function turnAll(
	store: Store,
	failed: readonly Result[],
	now: string,
): Promise<ReadonlySet<string>> {
	const again = new Set<string>();
	const digests = await partsOf(
		store,
		failed.map(({ delivery }) => delivery),
	);
	const made = (delivery: Delivery): Delivery[] =>
		digests(delivery)?.map(({ item }) => item) ?? [delivery];
	const ids = failed.flatMap(({ delivery }) =>
		delivery.fallback.flatMap(({ channel }) => idsOn(channel, made(delivery))),
	);
	const read = await withTellers(store, ids);
	const known = new Map(read);
	const inside: LedgerRow[] = [];
	for (const result of failed) {
		const { delivery } = result;
		const parts = made(delivery);
		const leftOn = (channel: string): Delivery[] =>
			parts.filter((part) => !carries(known, idOnChannel(part, channel), delivery.channel));
		const taken = delivery.fallback.map((f) => f.channel).filter((c) => leftOn(c).length === 0);
		const before = taken
			.flatMap((channel) => idsOn(channel, parts).flatMap((id) => tellerIn(known, id) ?? []))
			.find(({ item }) => item?.tried?.includes(delivery.channel));
		if (before?.item) {
			result.turned = { ...before.item, message: undefined, status: undefined };
			again.add(before.delivery_id);
			continue;
		}
		const turned = turnToFallback(delivery, new Set(taken));
		if (!turned) continue;
		const left = leftOn(turned.channel);
		result.turned =
			left.length === parts.length
				? turned
				: turnToFallback(await onlyWith(store, left, delivery), new Set(taken));
		if (!result.turned) continue;
		const rows = rowsInside(result.turned, left, now);
		inside.push(...rows);
		for (const row of [...rows, ledgerRow(result.turned, now, {})]) known.set(row.delivery_id, row);
	}
	const fresh = new Set(await store.deliveries.insert(inside));
	await store.deliveries.update(
		inside
			.filter((row) => !fresh.has(row.delivery_id))
			.map(({ delivery_id, stage, status, reason, facts }) => {
				return { delivery_id, stage, status, reason, facts, due_at: null, updated_at: now };
			}),
		(row) => isAsSeen(row, read.get(row.delivery_id)),
	);
	return again;
}

/** Rows of the ledger with those of the messages inside which they went. */
async function withTellers(store: Store, ids: readonly string[]): Promise<Map<string, LedgerRow>> {
	const known = new Map<string, LedgerRow>();
	const asked = new Set<string>();
	for (let wanted = [...new Set(ids)]; wanted.length > 0; ) {
		const rows = await store.deliveries.get(wanted);
		for (const id of wanted) asked.add(id);
		for (const row of rows) known.set(row.delivery_id, row);
		wanted = [...new Set(rows.flatMap((row) => tellerOf(row) ?? []))].filter(
			(id) => !asked.has(id),
		);
	}
	return known;
}

/** The message inside which it went. */
const tellerOf = ({ status, facts }: LedgerRow): string | undefined =>
	status === 'superseded' && typeof facts?.by === 'string' ? facts.by : undefined;

/** The entries of a digest, on the channel that it was turned to: another channel's need not go there too. */
function rowsInside(turned: Delivery, parts: readonly Delivery[], now: string): LedgerRow[] {
	const { delivery_id: by } = turned;
	if (turned.digest === undefined) return [];
	return parts
		.map((part) => entryOn(turned, part))
		.filter((part) => part.delivery_id !== by)
		.map((part) =>
			ledgerRow(part, now, {
				stage: 'done',
				status: 'superseded',
				reason: 'in_digest',
				facts: { by },
			}),
		);
}

/** An entry of a digest as a delivery of its own on the channel that this was turned to: it goes on from there. */
export function entryOn(turned: Delivery, part: Delivery): Delivery {
	const { channel, address, fallback, tried, failed } = turned;
	const why = part.why ? { why: { ...part.why, address: addressMark(address) } } : {};
	const delivery_id = idOnChannel(part, channel);
	return { ...part, delivery_id, channel, address, ...why, fallback, tried, failed };
}

const idsOn = (channel: string, parts: readonly Delivery[]): string[] =>
	parts.map((part) => idOnChannel(part, channel));

/** The row that tells it: its own, or that of the message inside which it went. */
function tellerIn(known: ReadonlyMap<string, LedgerRow>, id: string): LedgerRow | undefined {
	const seen = new Set<string>();
	let row = known.get(id);
	for (let by = row && tellerOf(row); row && by && !seen.has(by); by = row && tellerOf(row)) {
		seen.add(by);
		row = known.get(by) ?? row;
	}
	return row;
}

/** Whether the next channel tells it: it was sent there, waits, or went inside a message of which that is true. */
function carries(known: ReadonlyMap<string, LedgerRow>, id: string, failing: string): boolean {
	const row = tellerIn(known, id);
	return (
		row !== undefined &&
		// A run before this one failed here too and died on its way to the next channel.
		!(row.stage === 'decided' && row.item?.tried?.includes(failing)) &&
		['sent', 'delivered', 'pending', 'superseded'].includes(row.status)
	);
}

/** The rest of a digest: what its next channel has not told. */
async function onlyWith(store: Store, left: Delivery[], failed: Delivery): Promise<Delivery> {
	const keys = [...new Set(left.map(({ event }) => ticketKey(event)))];
	const states = new Map((await store.tickets.get(keys)).map((state) => [state.ticket_key, state]));
	const { delivery } = collapse(left, (key) => states.get(key), failed.delivery_id);
	const { recipient, decision, fallback, tried, status, failed: story } = failed;
	return { ...delivery, recipient, decision, fallback, tried, status, failed: story };
}
