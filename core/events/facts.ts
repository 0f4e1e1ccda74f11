import { EVENT_TYPES, type EventType, type TicketStatus } from './model';
import { isDone } from './status';

/** One thing that a delivery says: what kind of news, and which field went from what to what. */
export interface Fact {
	type: EventType;
	field?: string;
	from?: unknown;
	to?: unknown;
}

export interface Change {
	field: string;
	from?: unknown;
	to?: unknown;
	type?: EventType;
	[extra: string]: unknown;
}

/** The kind that names the event: the first of the binding order; without facts it is an update. */
export const leadingType = (facts: readonly Fact[]): EventType =>
	EVENT_TYPES.find((type) => facts.some((fact) => fact.type === type)) ?? 'ticket_updated';

const FIELD_OF: Partial<Record<EventType, string>> = {
	ticket_assigned: 'assignee',
	ticket_comment: 'comment',
	ticket_escalated: 'priority',
	ticket_resolved: 'status',
	ticket_closed: 'status',
	ticket_reopened: 'status',
	status_update: 'status',
	sla_breached: 'sla',
	sla_breaching: 'sla',
	approval_requested: 'approval',
};

/** Every fact that has something to tell beside the leading type, with its own type. */
export function changesOf(facts: readonly Fact[], leading: EventType): Change[] {
	const tells = (fact: Fact) =>
		fact.field !== undefined || (fact.type !== leading && fact.type !== 'ticket_updated');
	return facts
		.filter(tells)
		.slice(0, 100)
		.map((fact) => ({
			field: fact.field ?? FIELD_OF[fact.type] ?? fact.type,
			...(fact.from === undefined ? {} : { from: fact.from }),
			...(fact.to === undefined ? {} : { to: fact.to }),
			type: fact.type,
		}));
}

/**
 * What a change of status means. `from` unknown: only an arrival at resolved or closed is news by itself.
 * Texts may differ while our status is the same (two kinds of pending): that is still a status update.
 */
export function statusFact(
	from: TicketStatus | undefined,
	to: TicketStatus | undefined,
	labels: { from?: unknown; to?: unknown } = {},
): Fact {
	const change = { field: 'status', from: labels.from ?? from, to: labels.to ?? to };
	if (isDone(from) && to !== undefined && !isDone(to))
		return { type: 'ticket_reopened', ...change };
	if (to === 'closed' && from !== 'closed') return { type: 'ticket_closed', ...change };
	if (to === 'resolved' && from !== 'resolved') return { type: 'ticket_resolved', ...change };
	return { type: 'status_update', ...change };
}
