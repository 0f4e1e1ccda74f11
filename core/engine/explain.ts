import { GATE_CODES } from '../gate/codes';
import type { LedgerRow } from '../store/types';

/** Reason codes outside the gate, in words; docs/reason-codes.md holds them all. */
const OTHER_CODES: Record<string, string> = {
	no_user: 'The event names nobody who could be told.',
	unknown_person: 'Nobody with this name has a preference document.',
	invalid_preferences: 'The preference document of the person cannot be read.',
	no_channel: 'The person lists no channel.',
	category_off: 'The person does not want this category on any channel.',
	no_address: 'No channel of the person has a usable address.',
	actor_not_notified: 'The person made the change and is not told of it.',
	unsupported_channel: 'There is no such channel.',
	no_credential: 'The sender has no credential.',
	retry_scheduled: 'The channel did not take it; it is tried again.',
	answer: 'It answers what the person did from a message.',
	message_updated: 'An earlier message is changed to how the ticket is now.',
	message_not_editable:
		'An earlier message could not be changed any more: this one states what happened.',
	not_delivered: 'The provider took it and said later that it did not arrive.',
	waits_for_earlier:
		'An earlier message of the same ticket is still on its way on this channel: it is being sent or waits for its next try.',
	no_outcome: 'It was rendered and no sender took it: is one disabled or not wired?',
	circuit_open: 'The channel kept failing and was left alone for a while.',
	wrong_channel: 'It was wired to the sender of another channel.',
	gave_up: 'The channel did not take it within the time of the retry policy.',
	template_missing: 'There is no template for it.',
	template_failed: 'Its template failed.',
	variable_missing: 'Its template names something that the event does not have.',
	empty_message: 'Its message would have been empty.',
	auth: 'The provider refused the credential.',
	config: 'The provider refused the set-up of the app or bot.',
	recipient: 'The provider does not reach this person.',
	payload: 'The provider refused the message itself.',
};

export interface Explanation {
	delivery_id: string;
	event_id: string;
	user_id: string;
	channel: string;
	status: LedgerRow['status'];
	reason: string | null;
	because: string;
	facts: Record<string, unknown> | null;
	at: string;
}

/** "Why did this person get, or not get, it?" One line per delivery, newest first. */
export function explain(rows: readonly LedgerRow[]): Explanation[] {
	return rows.map((row) => ({
		delivery_id: row.delivery_id,
		event_id: row.event_id,
		user_id: row.user_id,
		channel: row.channel,
		status: row.status,
		reason: reasonOf(row),
		because: inWords(row),
		facts: row.facts ?? row.error,
		at: row.sent_at ?? row.updated_at,
	}));
}

const isSent = ({ status }: LedgerRow): boolean => status === 'sent' || status === 'delivered';

/** What was sent has no reason of its own any more: the gate's is why. */
const reasonOf = (row: LedgerRow): string | null =>
	row.reason ?? (isSent(row) ? (row.item?.decision?.reason ?? null) : null);

function inWords(row: LedgerRow): string {
	const reason = reasonOf(row);
	const words =
		reason === null
			? undefined
			: ((GATE_CODES as Record<string, string>)[reason] ?? OTHER_CODES[reason] ?? reason);
	if (!isSent(row)) return words ?? 'On its way.';
	const sent = `Sent at ${row.sent_at ?? row.updated_at}.`;
	return words === undefined ? sent : `${sent} ${words}`;
}
