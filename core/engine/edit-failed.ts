import { fill, wordsFor } from '../actions/words';
import { deliveryId } from '../events/ids';
import type { Delivery } from '../events/delivery';
import { ledgerRow } from '../gate/rows';
import type { LedgerRow } from '../store/types';

/** The provider has the message no more, or lets it be changed no more; a failing credential or a full queue is neither. */
const CANNOT: readonly string[] = ['recipient', 'payload', 'config'];
const OURS: readonly string[] = ['no_credential', 'circuit_open', 'no_message'];

/**
 * RI6: a card that cannot be changed any more. A new message states that somebody took the ticket; who took it has had an
 * answer, and every other change comes as a notification of its own.
 */
export function statedAnew(failed: Delivery, now: string): LedgerRow[] {
	const { update_of: edited, acknowledged, status, recipient, event } = failed;
	const error = status?.error as { class?: string; code?: string } | undefined;
	const isOver = CANNOT.includes(error?.class ?? '') && !OURS.includes(error?.code ?? '');
	if (!edited || !acknowledged || !isOver || acknowledged.by === recipient.user_id) return [];
	const words = wordsFor(recipient.language);
	const number = event.content.number ?? event.content.ticket_id;
	const who = fill(words.acknowledged_by, { who: acknowledged.name });
	const purpose = `confirmation:${failed.delivery_id}`;
	const message: Delivery = {
		...failed,
		delivery_id: deliveryId(failed.delivery_id, recipient.user_id, failed.channel, purpose),
		purpose,
		message: undefined,
		card: undefined,
		status: undefined,
		update_of: undefined,
		decision: { action: 'send', reason: 'message_not_editable' },
		confirmation: { text: `${number}: ${who}`, reply: {} },
		fallback: [],
	};
	return [ledgerRow(message, now, { stage: 'due', due_at: now, rank: 3 })];
}
