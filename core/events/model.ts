import { z } from 'zod';

import { inUtc } from './instant';

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
/** `null` says as little as a field that is not there. */
const orElse = <T extends z.ZodType>(schema: T, fallback: z.output<T>) =>
	schema.nullish().transform((value): z.output<T> => value ?? fallback);
/** An instant that names no zone is UTC, whatever the zone of the server (RT4). */
const instantText = z.union([z.string(), z.number()]).transform(inUtc);
const nonEmptyId = idString.pipe(z.string().trim().min(1, 'must not be empty'));

/** Somebody as an ITSM names them: a plain string (login, mail or id) or the parts that it gives. */
export const personSchema = z.union([
	idString,
	z.object({
		id: idString.nullish(),
		login: idString.nullish(),
		email: z.string().nullish(),
		name: z.string().nullish(),
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
	text: z.string(),
	public: z.boolean().optional(),
});

const contentSchema = z.looseObject({
	ticket_id: nonEmptyId,
	ticket_title: orElse(idString, '(no title)'),
	assignee: personSchema.nullish(),
	priority: orElse(idString, 'Medium'),
	priority_inferred: z.boolean().optional(),
	description: z.string().nullish(),
	number: idString.nullish(),
	status: z.string().nullish(),
	previous_status: z.string().nullish(),
	url: z.string().nullish(),
	comment: commentSchema.nullish(),
	group: groupSchema.nullish(),
	requester: personSchema.nullish(),
	watchers: z.array(personSchema).nullish(),
	approvers: z.array(personSchema).nullish(),
});

const contextSchema = z.looseObject({
	related_cis: orElse(z.array(idString), []),
	impacted_services: orElse(z.array(idString), []),
	sla_deadline: instantText.nullish(),
	category: idString.nullish(),
	actor: personSchema.nullish(),
});

export const deliveryStatusSchema = z.object({
	status: z.enum(['sent', 'delivered', 'pending', 'failed']),
	timestamp: z.string().optional(),
	reason: z.string().optional(),
	error: z.string().optional(),
});

/** The seed's event document (snake_case, to the letter) with the additions of docs/contracts.md. */
export const eventSchema = z.looseObject({
	event_id: nonEmptyId,
	event_type: z.string().min(1),
	timestamp: instantText,
	source: orElse(z.string(), 'generic'),
	target_users: z
		.array(idString)
		.nullish()
		.transform((list) => list ?? undefined)
		.optional(),
	content: contentSchema,
	context: orElse(contextSchema, { related_cis: [], impacted_services: [] }),
	changes: z
		.array(
			z.looseObject({
				field: z.string(),
				from: z.unknown().optional(),
				to: z.unknown().optional(),
			}),
		)
		.optional(),
	delivery_status: z.record(z.string(), deliveryStatusSchema).default({}),
	raw: z.unknown().optional(),
});
export type NotificationEvent = z.output<typeof eventSchema>;
export type NotificationEventInput = z.input<typeof eventSchema>;
