import type { Decision, Delivery } from '../events/delivery';
import { ticketKey } from '../events/ids';
import type { Policy } from '../preferences/policy';
import { isAsSeen } from '../store/rules';
import type { HeldEntry, LedgerRow, Store } from '../store/types';
import { blockedBy } from './blocked';
import { isMandatory, isUrgentNow } from './decide';
import { loadView } from './load';
import { partsOf } from './parts';
import { heldEntry } from './rows';
import type { Block, GateView } from './types';

/** Reasons for which a message was decided earlier than it goes. */
export const WAITED: ReadonlySet<string> = new Set(['retry_scheduled', 'waits_for_earlier']);
/** When a digest that cannot be taken apart is looked at again, where its obstacle names no end. */
const LOOK_AGAIN_MS = 60_000;

type Update = Partial<LedgerRow> & { delivery_id: string };

export interface RetryOptions {
	now: number;
	/** The store's current policy; asked only where something has waited. */
	policy(): Promise<Policy>;
	onDecision?(delivery: Delivery, decision: Decision): void;
}

/** What was written in a sender has no event and no template to be made anew from; everything else is rendered anew (RA6). */
export const ownMessage = ({ standalone, message }: Delivery): Delivery['message'] =>
	standalone === true ? message : undefined;

/** Whether a due row had to wait for its channel. An edit and an answer are no news. */
export const hasWaited = ({ item, reason }: Pick<LedgerRow, 'item' | 'reason'>): boolean =>
	WAITED.has(reason ?? '') && item !== null && !item.update_of && !item.confirmation;

/**
 * What had to wait for its channel is looked at once more before it goes: a silence, a state, quiet hours or a parent that
 * have come since hold it as they hold everything (RS1), or the part of a digest that they are about (RS5). Returns the
 * rows that may go.
 */
export async function stillFree(
	store: Store,
	rows: readonly LedgerRow[],
	options: RetryOptions,
): Promise<LedgerRow[]> {
	const waited = rows.filter((row) => hasWaited(row) && !row.test);
	if (waited.length === 0) return [...rows];
	const policy = await options.policy();
	const { now } = options;
	const locks = [...new Set(waited.map((row) => `user:${row.user_id}`))];
	const stopped = await store.exclusive(locks, async (tx) => {
		const digests = await partsOf(
			tx,
			waited.map(({ item }) => item as Delivery),
		);
		const parts = new Map<LedgerRow, LedgerRow[]>(
			// What several events of one ticket were made into is one piece.
			waited.map((row) => [row, (isDigest(row) && digests(row.item as Delivery)) || [row]]),
		);
		const items = [...parts.values()].flat().map(({ item }) => item as Delivery);
		const view = await loadView(tx, items, { policy, now });
		const stops = [...parts]
			.map(([row, list]) => stop(row, list, view))
			.filter(({ updates }) => updates.length > 0);
		const held = await write(tx, stops, waited);
		for (const { item } of held)
			if (item.decision?.action === 'hold') options.onDecision?.(item, item.decision);
		return new Set(stops.flatMap(({ updates }) => updates.map((one) => one.delivery_id)));
	});
	return rows.filter((row) => !stopped.has(row.delivery_id));
}

/** Writes what is stopped, and gives what is held of it; what a sender has taken since it was read stays with that sender. */
async function write(
	store: Store,
	stops: readonly Stop[],
	rows: readonly LedgerRow[],
): Promise<HeldEntry[]> {
	const seen = new Map(rows.map((row) => [row.delivery_id, row]));
	const isOut = ({ delivery_id: id }: Update): boolean => seen.has(id);
	const ours = new Set(
		await store.deliveries.update(
			stops.flatMap(({ updates }) => updates.filter(isOut)),
			(now) => isAsSeen(now, seen.get(now.delivery_id)),
		),
	);
	const kept = stops.filter(({ updates }) => updates.some((one) => ours.has(one.delivery_id)));
	const held = kept.flatMap(({ entries }) => entries);
	await store.deliveries.update(
		kept.flatMap(({ updates }) => updates.filter((one) => !isOut(one))),
	);
	if (held.length > 0) await store.held.put(held);
	return held;
}

function blockOf(view: GateView, { event, recipient, channel }: Delivery): Block | undefined {
	const key = ticketKey(event);
	return blockedBy(view, event, key, view.preferenceOf(recipient.user_id, channel), {
		urgent: isUrgentNow(view.policy, event, view.ticketOf(key)),
		mandatory: isMandatory(view.policy, event),
	});
}

interface Stop {
	updates: Update[];
	entries: HeldEntry[];
}

/** Nothing where all may go; else what is stopped is held, and the rest of its digest is due once more, without it. */
function stop(row: LedgerRow, parts: readonly LedgerRow[], view: GateView): Stop {
	const blocks = parts.map((part) => blockOf(view, part.item as Delivery));
	if (blocks.every((block) => block === undefined)) return { updates: [], entries: [] };
	const nowIso = iso(view.now);
	const free = { lease_owner: null, lease_until: null, updated_at: nowIso };
	const whole: Update = { delivery_id: row.delivery_id, ...free };
	if (parts[0] === row && isDigest(row)) {
		const until = blocks[0]?.until ?? view.now + LOOK_AGAIN_MS;
		return { updates: [{ ...whole, stage: 'due', due_at: iso(until) }], entries: [] };
	}
	const out: Stop = { updates: [], entries: [] };
	if (parts[0] !== row)
		out.updates.push({ ...whole, stage: 'done', status: 'superseded', reason: 'superseded' });
	parts.forEach((part, index) => {
		const block = blocks[index];
		const item = asHeld(part, row, block);
		const reason = item.decision?.reason ?? null;
		const more = { reason: reason ?? '', policyId: null, now: view.now };
		const until = block ? block.until : view.now;
		out.entries.push(heldEntry(item, block?.kind ?? 'state', until, more));
		out.updates.push({
			...free,
			delivery_id: part.delivery_id,
			stage: 'held',
			status: 'pending',
			reason,
			facts: item.decision?.facts ?? null,
			due_at: null,
			item,
		});
	});
	return out;
}

/** The item as it is held: the batch that it waited for has passed, and its chain, if it has one, runs already. */
function asHeld(part: LedgerRow, row: LedgerRow, block: Block | undefined): Delivery {
	const item = part.item as Delivery;
	const facts = { ...block?.facts, batch_passed: true };
	const until = block && block.until !== null ? iso(block.until) : null;
	return {
		...item,
		message: ownMessage(item),
		status: undefined,
		first_try_at: undefined,
		waited_for_channel: true,
		...(row.possibly_duplicate ? { may_have_gone: true } : {}),
		decision: block
			? { action: 'hold', reason: block.reason, until, facts }
			: { action: 'send', reason: row.item?.decision?.reason ?? 'send_now', facts },
	};
}

const isDigest = ({ item }: LedgerRow): boolean => (item?.digest?.total ?? 1) > 1;
const iso = (ms: number): string => new Date(ms).toISOString();
