import { leadingType, statusFact, type Fact } from './facts';
import {
	EVENT_TYPES,
	PRIORITIES,
	TICKET_STATUSES,
	type NotificationEvent,
	type TicketStatus,
} from './model';
import { isDone } from './status';

/** What the store knows of a ticket from the event before. */
export interface StoredTicket {
	status?: string | null;
	/** The instant of that event, ISO. */
	updated_at?: string | null;
}

const asStatus = (value: unknown): TicketStatus | undefined =>
	TICKET_STATUSES.find((status) => status === value);

/**
 * The event read again with the ticket's stored state, for senders that do not tell the state before (GLPI,
 * Zammad, Freshservice): reopened is derived, and a ticket that was already resolved is not resolved again.
 * An event older than the stored one is returned as it is: it must not undo what is newer.
 */
export function withStoredState(
	event: NotificationEvent,
	stored: StoredTicket | undefined,
): NotificationEvent {
	const [from, to] = [asStatus(stored?.status), asStatus(event.content.status)];
	const isOlder =
		stored?.updated_at != null && Date.parse(event.timestamp) < Date.parse(stored.updated_at);
	if (from === undefined || to === undefined || isOlder || event.content.previous_status)
		return event;
	const type = EVENT_TYPES.find((known) => known === event.event_type);
	const isAboutState =
		type !== undefined &&
		['ticket_updated', 'status_update', 'ticket_resolved', 'ticket_closed'].includes(type);
	const content = { ...event.content, previous_status: from };
	if (from === to) {
		const isRepeated = isDone(to) && (type === 'ticket_resolved' || type === 'ticket_closed');
		return isRepeated ? { ...event, content, event_type: 'ticket_updated' } : { ...event, content };
	}
	const fact: Fact = statusFact(from, to);
	const facts = type === undefined || isAboutState ? [fact] : [fact, { type }];
	const isNews = isAboutState || fact.type === 'ticket_reopened';
	if (!isNews || type === 'security_alert' || type === 'system_failure')
		return { ...event, content };
	const change = { field: 'status', from, to, type: fact.type };
	const rest = (event.changes ?? []).filter((known) => known.field !== 'status');
	return { ...event, content, event_type: leadingType(facts), changes: [change, ...rest] };
}

/**
 * An update of the priority whose sender does not say from what (PagerDuty, Opsgenie): escalated where it is above
 * the one that the ticket had before. An assumed priority proves nothing.
 */
export function withStoredPriority(
	event: NotificationEvent,
	before: NotificationEvent | undefined,
): NotificationEvent {
	const asked = event.changes?.find((known) => known.field === 'priority' && known.from == null);
	if (event.event_type !== 'ticket_updated' || asked === undefined || before === undefined)
		return event;
	const [from, to] = [before.content, event.content];
	const isKnown = !from.priority_inferred && !to.priority_inferred;
	const rank = (priority: string) => PRIORITIES.findIndex((known) => known === priority);
	const isOlder = Date.parse(event.timestamp) < Date.parse(before.timestamp);
	if (!isKnown || isOlder || rank(to.priority) < 0 || rank(to.priority) >= rank(from.priority))
		return event;
	const change = { ...asked, from: from.priority, to: to.priority, type: 'ticket_escalated' };
	const changes = event.changes?.map((known) => (known === asked ? change : known));
	return { ...event, event_type: 'ticket_escalated', changes };
}
