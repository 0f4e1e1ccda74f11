import type { Decision, Delivery } from '../events/delivery';
import { ticketKey } from '../events/ids';
import type { Policy } from '../preferences/policy';
import type { HeldEntry, LedgerRow, Store } from '../store/types';
import { blockedBy } from './blocked';
import { isMandatory, isUrgentNow } from './decide';
import { loadView } from './load';
import { heldEntry } from './rows';
import type { Block, GateView } from './types';

/** Reasons for which a message was decided earlier than it goes. */
export const WAITED: ReadonlySet<string> = new Set(['retry_scheduled', 'waits_for_earlier']);
/** When a digest of several tickets is looked at again whose obstacle names no end. */
const LOOK_AGAIN_MS = 60_000;

type Update = Partial<LedgerRow> & { delivery_id: string };

export interface RetryOptions {
	now: number;
	/** The store's current policy; asked only where something has waited. */
	policy(): Promise<Policy>;
	onDecision?(delivery: Delivery, decision: Decision): void;
}

/** Whether a due row had to wait for its channel. An edit and an answer are no news. */
export const hasWaited = ({ item, reason }: Pick<LedgerRow, 'item' | 'reason'>): boolean =>
	WAITED.has(reason ?? '') && item !== null && !item.update_of && !item.confirmation;

/**
 * What had to wait for its channel is looked at once more before it goes: a silence, a state, quiet hours or a parent that
 * have come since hold it as they hold everything (RS1). Returns the rows that may go.
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
		const items = waited.map(({ item }) => item as Delivery);
		const view = await loadView(tx, items, { policy, now });
		const updates: Update[] = [];
		const held: HeldEntry[] = [];
		for (const row of waited) {
			const block = blockOf(view, row.item as Delivery);
			if (!block) continue;
			const { entry, update } = stop(row, block, now);
			updates.push(update);
			if (entry) held.push(entry);
		}
		if (updates.length > 0) await tx.deliveries.update(updates);
		if (held.length > 0) await tx.held.put(held);
		for (const { item } of held) if (item.decision) options.onDecision?.(item, item.decision);
		return new Set(updates.map(({ delivery_id }) => delivery_id));
	});
	return rows.filter((row) => !stopped.has(row.delivery_id));
}

function blockOf(view: GateView, { event, recipient, channel }: Delivery): Block | undefined {
	const key = ticketKey(event);
	return blockedBy(view, event, key, view.preferenceOf(recipient.user_id, channel), {
		urgent: isUrgentNow(view.policy, event, view.ticketOf(key)),
		mandatory: isMandatory(view.policy, event),
	});
}

/** Held like anything else; a digest of several tickets, which cannot be taken apart, is tried again later instead. */
function stop(row: LedgerRow, block: Block, now: number): { update: Update; entry?: HeldEntry } {
	const until = block.until === null ? null : new Date(block.until).toISOString();
	const nowIso = new Date(now).toISOString();
	const update: Update = {
		delivery_id: row.delivery_id,
		lease_owner: null,
		lease_until: null,
		updated_at: nowIso,
	};
	const item = row.item as Delivery;
	if ((item.digest?.total ?? 1) > 1) {
		const dueAt = until ?? new Date(now + LOOK_AGAIN_MS).toISOString();
		return { update: { ...update, stage: 'due', due_at: dueAt } };
	}
	// The batch that it waited for has passed; its chain, if it has one, runs already.
	const facts = { ...block.facts, batch_passed: true };
	const held: Delivery = {
		...item,
		message: undefined,
		status: undefined,
		first_try_at: undefined,
		waited_for_channel: true,
		...(row.possibly_duplicate ? { may_have_gone: true } : {}),
		decision: { action: 'hold', reason: block.reason, until, facts },
	};
	const more = { reason: block.reason, policyId: null, now };
	return {
		entry: heldEntry(held, block.kind, block.until, more),
		update: {
			...update,
			stage: 'held',
			status: 'pending',
			reason: block.reason,
			facts,
			due_at: null,
			item: held,
		},
	};
}
