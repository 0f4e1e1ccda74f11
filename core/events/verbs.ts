import type { Fact } from './facts';
import { statusFact } from './facts';
import type { EventType, TicketStatus } from './model';
import { str } from './read/paths';
import { lookupWords, wordTable } from './read/words';

/** The words that admins write into the `event` member of a template, over all sources. */
const VERBS = wordTable<EventType>([
	['security_alert', 'security_alert'],
	['system_failure', 'system_failure'],
	['ticket_created', 'created create new insert inserted ticket_created opened'],
	['ticket_reopened', 'reopened reopen ticket_reopened'],
	['ticket_closed', 'closed close canceled cancelled ticket_closed'],
	['ticket_resolved', 'resolved resolve solved solve ticket_resolved'],
	['sla_breached', 'sla_breached sla_violated sla_violation breached violated overdue sla_overdue'],
	['sla_breaching', 'sla_warning sla_breaching warning threshold reached_warning'],
	['ticket_escalated', 'escalated escalate escalation ticket_escalated priority_raised'],
	['approval_requested', 'approval approval_requested approval_asked'],
	['change_scheduled', 'change_scheduled scheduled'],
	['ticket_assigned', 'assigned assign reassigned assignment ticket_assigned owner_changed'],
	[
		'ticket_comment',
		'comment commented comment_added note note_added reply replied log worklog ticket_comment',
	],
	['status_update', 'status status_changed status_update state pending approved rejected'],
	['ticket_updated', 'updated update edited edit modified delete deleted ticket_updated'],
]);

/** The event type of a word such as `created`, `sla_warning`, `Ticket Assigned`; undefined if unknown. */
export const verbType = (value: unknown): EventType | undefined => {
	const label = str(value)?.slice(0, 200);
	return label === undefined
		? undefined
		: lookupWords(VERBS, label.replace(/([a-z])([A-Z])/g, '$1 $2'));
};

export interface VerbReading {
	verb: unknown;
	status?: TicketStatus;
	previous?: TicketStatus;
	/** The sender's own words for the two states. */
	labels?: { from?: unknown; to?: unknown };
}

/**
 * The facts of a template body: its verb, and the status where the verb only says "changed".
 * Without a previous state only an arrival at resolved or closed is read from the status.
 */
export function verbFacts({ verb, status, previous, labels = {} }: VerbReading): Fact[] {
	const type = verbType(verb) ?? 'ticket_updated';
	if (type !== 'status_update' && type !== 'ticket_updated') {
		const isState = ['ticket_resolved', 'ticket_closed', 'ticket_reopened'].includes(type);
		const facts: Fact[] = [
			{ type, ...(isState && { field: 'status', from: previous, to: status }) },
		];
		if (!isState && previous !== undefined && status !== previous)
			facts.push(statusFact(previous, status, labels));
		return facts;
	}
	const moved = previous !== undefined && status !== undefined && previous !== status;
	const arrived = previous === undefined && (status === 'resolved' || status === 'closed');
	if (type === 'status_update') return [statusFact(previous, status, labels)];
	return moved || arrived ? [statusFact(previous, status, labels)] : [{ type }];
}
