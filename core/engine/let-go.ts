import type { Decision, Delivery } from '../events/delivery';
import { isMandatory, nextBatch } from '../gate/decide';
import { partsOf, type PartRow } from '../gate/parts';
import { heldEntry, ledgerRow } from '../gate/rows';
import type { EffectivePreference } from '../preferences/merge';
import type { Policy } from '../preferences/policy';
import { isAsSeen } from '../store/rules';
import type { HeldEntry, LedgerRow, Store } from '../store/types';
import { isUrgent } from '../strategy/priority';
import type { Delivered } from './deliver-types';
import { entryOn } from './digest-there';
import { turn } from './turn';

export interface PeopleNowOptions {
	now: number;
	policy(): Promise<Policy>;
	onDecision?(delivery: Delivery, decision: Decision): void;
}

/** What waits for somebody who does not take it there any more. */
export interface Unwanted {
	row: LedgerRow;
	/** With the person's further channels of now. */
	item: Delivery;
	person: EffectivePreference;
	reason: 'inactive' | 'channel_off';
}

/** Ends them with the reason, and puts what is for another channel there; what a sender has taken meanwhile stays with it. */
export async function letGo(
	store: Store,
	unwanted: readonly Unwanted[],
	{ now, onDecision }: PeopleNowOptions,
	policy: Policy,
): Promise<void> {
	await store.exclusive([], async (tx) => {
		const left = await endAll(tx, unwanted, now);
		const digests = await partsOf(
			tx,
			left.map(({ item }) => item),
		);
		for (const { item, reason } of left)
			for (const part of digests(item)?.map((row) => row.item) ?? [item])
				onDecision?.(part, { action: 'silence', reason });
		const moved = left
			.filter((one) => isMoved(one, digests(one.item)))
			.map((one) => ({ ...one, result: failed(one, now) }));
		const again = await turn(
			tx,
			moved.map(({ result }) => result),
			iso(now),
		);
		const there = moved.flatMap(({ result: { turned }, item, person, row }) =>
			turned && !again.has(turned.delivery_id)
				? placed(turned, digests(item) ?? [], row, { person, policy, now })
				: [],
		);
		await tx.deliveries.insert(
			there.map(({ row }) => row),
			{ overwrite: true },
		);
		await tx.held.put(there.flatMap(({ held }) => held ?? []));
		for (const { item } of there) onDecision?.(item, item.decision);
	});
}

/** Returns those that nobody has taken since they were read. */
async function endAll(
	store: Store,
	unwanted: readonly Unwanted[],
	now: number,
): Promise<Unwanted[]> {
	const seen = new Map(unwanted.map(({ row }) => [row.delivery_id, row]));
	const ended = {
		stage: 'done' as const,
		status: 'silenced' as const,
		due_at: null,
		lease_owner: null,
		lease_until: null,
		updated_at: iso(now),
	};
	const ours = new Set(
		await store.deliveries.update(
			unwanted.map(({ row, reason }) => ({ delivery_id: row.delivery_id, reason, ...ended })),
			(row) => isAsSeen(row, seen.get(row.delivery_id)),
		),
	);
	return unwanted.filter(({ row }) => ours.has(row.delivery_id));
}

/** A repeat is no news: what it repeats has been told. */
const isMoved = (
	{ reason, row }: Unwanted,
	parts: ReadonlyArray<Pick<LedgerRow, 'purpose'>> = [row],
): boolean =>
	reason === 'channel_off' &&
	!row.purpose.startsWith('repeat:') &&
	!parts.every(({ purpose }) => purpose.startsWith('repeat:'));

const failed = ({ item, reason }: Unwanted, now: number): Delivered['results'][number] => ({
	delivery: { ...item, status: { status: 'failed', timestamp: iso(now), reason } },
	ok: false,
});

interface Placed {
	item: Delivery & { decision: Decision };
	row: LedgerRow;
	held?: HeldEntry;
}

/** On its next channel: at once, in its place among the others, or where that is read in batches at the next batch time. */
function placed(
	turned: Delivery,
	parts: readonly PartRow[],
	{ rank, created_at, due_at }: LedgerRow,
	{ person, policy, now }: { person: EffectivePreference; policy: Policy; now: number },
): Placed[] {
	// A digest waits in its parts, as they would have there.
	const told = turned.purpose.startsWith('digest:')
		? parts
				.filter(({ delivery_id: id }) => turned.digest?.parts?.includes(id))
				.map((part) => entryOn(turned, part.item))
		: [];
	const items = told.length > 0 ? told : [turned];
	const waits = items.every(
		({ purpose, event }) =>
			purpose === 'first' && !isUrgent(event, policy) && !isMandatory(policy, event),
	);
	const until = waits ? nextBatch(turned, person, now) : undefined;
	if (until === undefined) {
		const reason = turned.decision?.reason ?? 'send_now';
		const item = { ...turned, decision: { action: 'send' as const, reason } };
		return [{ item, row: ledgerRow(item, iso(now), { stage: 'due', rank, created_at, due_at }) }];
	}
	const reason = 'batch_scheduled';
	const decision = { action: 'hold' as const, reason, until: iso(until) };
	return items.map((one) => {
		const item = { ...one, recipient: turned.recipient, message: undefined, decision };
		return {
			item,
			row: ledgerRow(item, iso(now), { stage: 'held', created_at }),
			held: heldEntry(item, 'batch', until, { reason, policyId: null, now }),
		};
	});
}

const iso = (ms: number): string => new Date(ms).toISOString();
