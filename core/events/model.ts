import { z } from 'zod';

import { inUtc } from './instant';
import { listOf, orAbsent, orElse } from './nullable';

/** The fifteen event types (`facts`: one delivery holds several facts, the first of this order names it). */
export const EVENT_TYPES = [
	'security_alert',
	'system_failure',
	'ticket_created',
	'ticket_reopened',
	'ticket_closed',
	'ticket_resolved',
	'sla_breached',
	'sla_breaching',
	'ticket_escalated',
	'approval_requested',
	'change_scheduled',
	'ticket_assigned',
	'ticket_comment',
	'status_update',
	'ticket_updated',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The types whose rules hold for an event, most specific first: an unknown kind is an update of its ticket (RN1). */
export const typesOf = ({ event_type: type }: { event_type: string }): readonly string[] =>
	EVENT_TYPES.some((known) => known === type) ? [type] : [type, 'ticket_updated'];

/** Whether a list of types in a policy names an event. */
export const isOfType = (event: { event_type: string }, types: readonly string[]): boolean =>
	typesOf(event).some((type) => types.includes(type));

export const TICKET_STATUSES = [
	'new',
	'assigned',
	'in_progress',
	'pending',
	'resolved',
	'closed',
] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];

export const PRIORITIES = ['Critical', 'High', 'Medium', 'Low'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** A number where a string is meant becomes that string: `42` and `"42"` are one ticket. */
const idString = z.union([z.string(), z.number(), z.bigint()]).transform(String);
/** An instant that names no zone is UTC, whatever the zone of the server (RT4). */
const instantText = z.union([z.string(), z.number()]).transform(inUtc);
const nonEmptyId = idString.pipe(z.string().trim().min(1, 'must not be empty'));

/** Somebody as an ITSM names them: a plain string (login, mail or id) or the parts that it gives. */
export const personSchema = z.union([
	idString,
	z.object({
		id: idString.nullish(),
		login: idString.nullish(),
		email: idString.nullish(),
		name: idString.nullish(),
	}),
]);
export type PersonRef = z.output<typeof personSchema>;

const groupSchema = z.union([
	idString,
	z.object({ id: idString.nullish(), name: idString.nullish() }),
]);
export type GroupRef = z.output<typeof groupSchema>;

const commentSchema = z.object({
	author: personSchema.nullish(),
	text: orElse(idString, ''),
	public: orAbsent(z.boolean()),
});

const contentSchema = z.looseObject({
	ticket_id: nonEmptyId,
	ticket_title: orElse(idString, '(no title)'),
	assignee: personSchema.nullish(),
	priority: orElse(idString, 'Medium'),
	priority_inferred: orAbsent(z.boolean()),
	description: idString.nullish(),
	number: idString.nullish(),
	status: idString.nullish(),
	previous_status: idString.nullish(),
	url: idString.nullish(),
	comment: commentSchema.nullish(),
	group: groupSchema.nullish(),
	requester: personSchema.nullish(),
	watchers: listOf(personSchema).nullish(),
	approvers: listOf(personSchema).nullish(),
});

const contextSchema = z.looseObject({
	related_cis: orElse(listOf(idString), []),
	impacted_services: orElse(listOf(idString), []),
	sla_deadline: instantText.nullish(),
	category: idString.nullish(),
	actor: personSchema.nullish(),
});

export const deliveryStatusSchema = z.object({
	status: z.enum(['sent', 'delivered', 'pending', 'failed']),
	timestamp: orAbsent(instantText),
	reason: orAbsent(idString),
	error: orAbsent(idString),
});

/** The seed's event document (snake_case, to the letter) with the additions of docs/contracts.md. */
export const eventSchema = z.looseObject({
	event_id: nonEmptyId,
	event_type: z.string().min(1),
	timestamp: instantText,
	source: orElse(idString, 'generic'),
	target_users: orAbsent(listOf(idString)),
	content: contentSchema,
	context: orElse(contextSchema, { related_cis: [], impacted_services: [] }),
	changes: orAbsent(
		z.array(
			z.looseObject({
				field: z.string(),
				from: z.unknown().optional(),
				to: z.unknown().optional(),
			}),
		),
	),
	delivery_status: orElse(z.record(z.string(), deliveryStatusSchema), {}),
	raw: z.unknown().optional(),
});
export type NotificationEvent = z.output<typeof eventSchema>;
export type NotificationEventInput = z.input<typeof eventSchema>;
