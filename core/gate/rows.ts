import { ticketKey } from '../events/ids';
import type { Delivery } from '../events/delivery';
import type { HeldEntry, LedgerRow } from '../store/types';

/** Urgent before all, first messages before repeats (RD2). */
export function rankOf(delivery: Delivery, urgent: boolean): number {
	if (urgent || delivery.strategy === 'escalation') return 0;
	return delivery.purpose.startsWith('repeat:') ? 2 : 1;
}

/** Purposes that are no news of the ticket. */
const KINDS_APART: readonly string[] = ['update:', 'confirmation:'];

/** `update:` for an edit, `confirmation:` for an answer to a person; `news` for all that tells of a ticket. */
export const kindOf = ({ purpose }: Pick<LedgerRow, 'purpose'>): string =>
	KINDS_APART.find((kind) => purpose.startsWith(kind)) ?? 'news';

/** A ledger row of a delivery as it stands. */
export function ledgerRow(delivery: Delivery, now: string, more: Partial<LedgerRow>): LedgerRow {
	return {
		delivery_id: delivery.delivery_id,
		event_id: delivery.event.event_id,
		ticket_key: ticketKey(delivery.event),
		user_id: delivery.recipient.user_id,
		channel: delivery.channel,
		purpose: delivery.purpose,
		stage: 'decided',
		status: 'pending',
		reason: delivery.decision?.reason ?? null,
		facts: delivery.decision?.facts ?? null,
		attempts: 0,
		provider_message_id: null,
		provider_ref: null,
		error: null,
		// A try before it was held may have gone out after all.
		possibly_duplicate: delivery.may_have_gone === true,
		item: delivery,
		due_at: null,
		lease_owner: null,
		lease_until: null,
		rank: 1,
		latency_ms: null,
		test: delivery.test ?? false,
		created_at: now,
		updated_at: now,
		sent_at: null,
		...more,
	};
}

export function heldEntry(
	delivery: Delivery,
	kind: HeldEntry['kind'],
	due: number | null,
	more: { reason: string; policyId: string | null; groupKey?: string; now: number },
): HeldEntry {
	return {
		delivery_id: delivery.delivery_id,
		kind,
		group_key: more.groupKey ?? null,
		user_id: delivery.recipient.user_id,
		channel: delivery.channel,
		ticket_key: ticketKey(delivery.event),
		event_id: delivery.event.event_id,
		// A group's window has the timer; its entries have one only where something urges them.
		due_at: due === null || kind === 'group' ? null : new Date(due).toISOString(),
		item: delivery,
		reason: more.reason,
		policy_id: more.policyId,
		test: delivery.test ?? false,
		seq: 0,
		created_at: new Date(more.now).toISOString(),
	};
}

/** What has become of something held since it came: the same event again takes none of it away. */
const KEPT = [
	'decision',
	'digest',
	'waited_for_channel',
	'may_have_gone',
	'tried',
	'failed',
] as const satisfies readonly string[];

/** What is held, when the same event comes again: its newer content. */
export function heldAgain(delivery: Delivery, { item }: HeldEntry): Delivery {
	const kept = KEPT.filter((name) => item[name] !== undefined);
	return { ...delivery, ...Object.fromEntries(kept.map((name) => [name, item[name]])) };
}
