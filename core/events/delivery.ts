import { z } from 'zod';

import { eventSchema } from './model';

/** Channel ids, in the order of the Template Render outputs: for ever, n8n binds wires to the index. */
export const CHANNEL_IDS = [
	'slack',
	'email',
	'wecom',
	'teams',
	'wechat',
	'dingtalk',
	'feishu',
	'push',
	'sms',
	'in_app',
] as const;
export type ChannelId = (typeof CHANNEL_IDS)[number];

export const STRATEGIES = ['escalation', 'immediate', 'standard', 'batch'] as const;
export type Strategy = (typeof STRATEGIES)[number];

export const recipientSchema = z.looseObject({
	user_id: z.string().min(1),
	username: z.string().nullish(),
	language: z.string().nullish(),
	timezone: z.string().nullish(),
	role: z.string().nullish(),
});
export type Recipient = z.output<typeof recipientSchema>;

const factorSchema = z.object({ name: z.string(), value: z.number(), because: z.string() });

const prioritySchema = z.object({
	score: z.number(),
	level: z.string(),
	factors: z.array(factorSchema),
});

export const decisionSchema = z.looseObject({
	action: z.enum(['send', 'hold', 'silence']),
	/** Stable reason code; every code is listed in docs/reason-codes.md. */
	reason: z.string(),
	until: z.string().nullish(),
	digest_key: z.string().nullish(),
	/** What the decision rests on, for "why did I (not) get this?". */
	facts: z.record(z.string(), z.unknown()).optional(),
});
export type Decision = z.output<typeof decisionSchema>;

export const deliveryOutcomeSchema = z.looseObject({
	status: z.enum(['sent', 'delivered', 'pending', 'failed']),
	timestamp: z.string(),
	reason: z.string().optional(),
	provider_message_id: z.string().optional(),
	attempts: z.number().optional(),
	latency_ms: z.number().optional(),
	error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
	duplicate: z.boolean().optional(),
	possibly_duplicate: z.boolean().optional(),
});
export type DeliveryOutcome = z.output<typeof deliveryOutcomeSchema>;

/** One ticket line of a digest: its state at release. */
export const digestEntrySchema = z.looseObject({
	ticket_id: z.string(),
	/** The human number, where it differs from the id. */
	number: z.string().nullish(),
	event_id: z.string(),
	status: z.string().nullish(),
	title: z.string(),
	priority: z.string().nullish(),
	url: z.string().nullish(),
	event_type: z.string().nullish(),
	text: z.string().nullish(),
	/** What happened to this ticket, oldest first, where there was more than one event. */
	events: z
		.array(
			z.looseObject({
				event_id: z.string(),
				event_type: z.string(),
				timestamp: z.string(),
				text: z.string().nullish(),
				author: z.string().nullish(),
			}),
		)
		.optional(),
});
export type DigestEntry = z.output<typeof digestEntrySchema>;

/** The channels after this one that have a usable address, in the recipient's order. */
export const fallbackSchema = z.object({
	channel: z.string(),
	address: z.record(z.string(), z.unknown()),
});
export type Fallback = z.output<typeof fallbackSchema>;

export const deliverySchema = z.looseObject({
	delivery_id: z.string().min(1),
	event: eventSchema,
	recipient: recipientSchema,
	channel: z.string().min(1),
	/** The channel's own part of the preference document: `{userid}`, `{address}`, `{openid}`, … */
	address: z.record(z.string(), z.unknown()).default({}),
	/** `first`, `digest:<id>`, `escalation:<step>`, `reminder:<n>`, `repeat:<n>`, `update:<state>`, `confirmation:<interaction>`. */
	purpose: z.string().default('first'),
	strategy: z.enum(STRATEGIES).default('standard'),
	priority: prioritySchema.optional(),
	decision: decisionSchema.optional(),
	/** Set where it stands for more than one event: what it shows, and every ticket and event that it accounts for. */
	digest: z
		.looseObject({
			id: z.string(),
			entries: z.array(digestEntrySchema),
			total: z.number(),
			ticket_ids: z.array(z.string()),
			event_ids: z.array(z.string()),
			/** The deliveries that it was made of. */
			parts: z.array(z.string()).optional(),
		})
		.optional(),
	/** What the event said when it came, where the message shows what was said of its ticket since. */
	first_content: eventSchema.shape.content.optional(),
	/** The channel payload, made by Template Render. */
	message: z.record(z.string(), z.unknown()).optional(),
	/** The neutral card behind the message: the sender adds buttons to it, where the message is still the one drawn from it. */
	card: z.looseObject({}).optional(),
	/** Set on an edit: the message that it changes, as its channel recorded it. */
	update_of: z
		.looseObject({ delivery_id: z.string(), ref: z.record(z.string(), z.unknown()) })
		.optional(),
	/** Set on the answer to an interaction: what it says, and where the channel takes it (the `reply` of the interaction). */
	confirmation: z
		.looseObject({ text: z.string(), reply: z.record(z.string(), z.unknown()).default({}) })
		.optional(),
	/** Who acknowledged the ticket, where somebody did. */
	acknowledged: z.looseObject({ by: z.string(), name: z.string(), at: z.string() }).optional(),
	status: deliveryOutcomeSchema.optional(),
	fallback: z.array(fallbackSchema).default([]),
	/** Set on a repeat: the key of its group. */
	repeat_of: z.string().optional(),
	/** Channels that have failed for this event and person, so that a fallback never comes back to them. */
	tried: z.array(z.string()).optional(),
	/** Why this person gets it (strongest role), from the resolver. */
	why: z.looseObject({}).optional(),
	/** The person's document, where it came by the second input or JSON: the store does not know it. */
	preference: z.record(z.string(), z.unknown()).optional(),
	test: z.boolean().optional(),
});
export type Delivery = z.output<typeof deliverySchema>;
export type DeliveryInput = z.input<typeof deliverySchema>;

/** What a person did: a pressed button, a reply, a signed link. */
export const interactionSchema = z.looseObject({
	interaction_id: z.string().min(1),
	channel: z.string(),
	user: z.looseObject({ user_id: z.string().optional(), channel_user_id: z.string().optional() }),
	action: z.string(),
	ticket_id: z.string().nullish(),
	parameters: z.record(z.string(), z.unknown()).default({}),
	delivery_id: z.string().nullish(),
	received_at: z.string(),
	reply: z.record(z.string(), z.unknown()).default({}),
});
export type Interaction = z.output<typeof interactionSchema>;
