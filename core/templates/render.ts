import type { Channel } from '../channels/types';
import { messageOf } from '../errors/index';
import type { ChannelId, Delivery } from '../events/delivery';
import type { Card } from '../channels/card';
import { fillCard } from './card-template';
import {
	readerClock,
	templateContext,
	type ContextOptions,
	type SystemInfo,
} from './context/index';
import { partFor } from './document';
import { TemplateError } from './engine/errors';
import { newBudget, type MissingPolicy, type RenderState } from './engine/state';
import { labelsFor } from './labels';
import { messageLanguage } from './language';
import { findTemplate, purposeOf, templateIds, type Found } from './lookup';
import { fillRaw } from './raw-template';

export type Channels = Partial<Record<ChannelId, Channel>>;

export interface CardOptions {
	/** Templates of the store or node; each beats the shipped one of its id. A broken one fails what it would serve. */
	overrides?: readonly unknown[];
	/** The node's choice of template; default: by purpose and event type. */
	templateId?: string;
	/** What an unknown variable does; default `error`. */
	missing?: MissingPolicy;
	system?: SystemInfo;
	/** The policy's language, for readers whose own has no template. */
	defaultLanguage?: string;
	/** Zone of readers who have none. */
	defaultTimezone?: string;
	now: Date;
}

export interface RenderOptions extends CardOptions {
	channels: Channels;
}

export type RenderFailureCode =
	| 'template_missing'
	| 'template_failed'
	| 'variable_missing'
	| 'empty_message';

export interface RenderFailure {
	ok: false;
	code: RenderFailureCode;
	template_id: string;
	/** The leaf at fault: `templates.email.subject`. */
	path?: string;
	message: string;
}

export interface CardRendered {
	ok: true;
	template_id: string;
	language: string;
	card: Card;
}

export interface Rendered {
	ok: true;
	template_id: string;
	language: string;
	/** The channel payload. */
	message: Record<string, unknown>;
	/** Set where a card was drawn. */
	card?: Card;
}

/**
 * A delivery as its channel's message. Never throws: a missing or failing template, an unknown
 * variable and an empty result come back with a code, the template, the path and the reason.
 */
export function renderDelivery(
	delivery: Delivery,
	options: RenderOptions,
): Rendered | RenderFailure {
	const id = options.templateId ?? templateIds(delivery, undefined)[0];
	const channel = Object.hasOwn(options.channels, delivery.channel)
		? options.channels[delivery.channel as ChannelId]
		: undefined;
	if (!channel) {
		return missing(id, `there is no channel "${delivery.channel}"`);
	}
	if (delivery.confirmation) return guarded(id, () => answer(delivery, channel, options));
	return guarded(id, () => {
		const found = findTemplate({ overrides: [], ...options, delivery });
		if (!found) return notFound(delivery, options, `for ${channel.name}`);
		const job = prepare(delivery, found, options, channel.limits.digestEntries);
		const part = partFor(found.document, delivery.channel);
		return guarded(job.head.template_id, () => {
			if (part && 'raw' in part) return raw(job, part.raw, channel);
			const card = cardOf(job);
			if ('ok' in card) return card;
			return checked(job, channel.draw(card), channel, card);
		});
	});
}

/** The answer to an interaction needs no template: it is one line that has been worded already. */
function answer(delivery: Delivery, channel: Channel, options: RenderOptions): Rendered {
	const language = messageLanguage(undefined, delivery.recipient.language, options.defaultLanguage);
	const message = channel.draw({
		severity: 'info',
		title: delivery.confirmation?.text ?? '',
		fields: [],
		links: [],
		buttons: [],
		language,
	});
	channel.check(message);
	return { ok: true, template_id: 'confirmation', language, message };
}

/** The neutral card of a delivery, for simulators and previews: same lookup, but only card templates. Never throws. */
export function renderCard(delivery: Delivery, options: CardOptions): CardRendered | RenderFailure {
	const id = options.templateId ?? templateIds(delivery, undefined)[0];
	return guarded(id, () => {
		const found = findTemplate({ overrides: [], ...options, delivery, channel: null });
		if (!found) return notFound(delivery, options, 'with a card');
		const job = prepare(delivery, found, options, 100);
		const card = cardOf(job);
		return 'ok' in card ? card : { ok: true, ...job.head, card };
	});
}

interface Job {
	delivery: Delivery;
	found: Found;
	head: { template_id: string; language: string };
	context: ReturnType<typeof templateContext>;
	state: RenderState;
}

function prepare(
	delivery: Delivery,
	found: Found,
	options: CardOptions,
	digestEntries: number,
): Job {
	const language = messageLanguage(
		found.document.language,
		delivery.recipient.language,
		options.defaultLanguage,
	);
	const { now, system, defaultTimezone } = options;
	const about: ContextOptions = { now, system, defaultTimezone, language, digestEntries };
	return {
		delivery,
		found,
		head: {
			template_id: found.document.template_id,
			language: found.document.language ?? language,
		},
		context: templateContext(delivery, about),
		state: {
			escape: (text) => text,
			missing: options.missing ?? 'error',
			clock: readerClock(delivery, about),
			absent: '–',
			budget: newBudget(),
		},
	};
}

function cardOf({ delivery, found, head, context, state }: Job): Card | RenderFailure {
	const template = found.document.templates.card;
	if (!template) return missing(head.template_id, 'the template has no card');
	const words = labelsFor(head.language);
	const lines = { escalation: words.escalation_line, reminder: words.reminder_line };
	const purpose = purposeOf(delivery);
	const line =
		found.standsIn && purpose in lines ? lines[purpose as keyof typeof lines] : undefined;
	const about = { delivery, language: head.language, line };
	const card = fillCard(template, context, about, state);
	return card.title ? card : empty(head.template_id, 'the title is empty', 'templates.card.title');
}

function raw(
	job: Job,
	document: Record<string, unknown>,
	channel: Channel,
): Rendered | RenderFailure {
	const { document: filled, filled: hasText } = fillRaw(document, job.context, channel, job.state);
	const path = `templates.${channel.id}`;
	if (!hasText) return empty(job.head.template_id, 'nothing but empty text came out', path);
	return checked(job, channel.raw(filled), channel);
}

function checked(
	job: Job,
	message: Record<string, unknown>,
	channel: Channel,
	card?: Card,
): Rendered | RenderFailure {
	channel.check(message);
	if (!channel.summary(message).trim()) {
		return empty(job.head.template_id, `${channel.name} would show an empty message`);
	}
	return { ok: true, ...job.head, message, ...(card ? { card } : {}) };
}

function guarded<T>(template_id: string, work: () => T | RenderFailure): T | RenderFailure {
	try {
		return work();
	} catch (error) {
		const failure: RenderFailure = {
			ok: false,
			code: 'template_failed',
			template_id,
			message: messageOf(error),
		};
		if (error instanceof TemplateError) {
			failure.code = error.code;
			failure.path = error.path;
		} else if ((error as { code?: unknown } | null)?.code === 'empty_message') {
			failure.code = 'empty_message';
		}
		const where = failure.path ? `, ${failure.path}` : '';
		failure.message = `Template "${template_id}"${where}: ${failure.message}`;
		return failure;
	}
}

const missing = (template_id: string, why: string): RenderFailure => ({
	ok: false,
	code: 'template_missing',
	template_id,
	message: `Template "${template_id}": ${why}`,
});

const empty = (template_id: string, why: string, path?: string): RenderFailure => ({
	ok: false,
	code: 'empty_message',
	template_id,
	path,
	message: `Template "${template_id}": ${why}`,
});

function notFound(delivery: Delivery, options: CardOptions, whereto: string): RenderFailure {
	const ids = templateIds(delivery, options.templateId);
	return missing(
		ids[0],
		`there is no template ${whereto} under ${ids.map((i) => `"${i}"`).join(', ')}`,
	);
}
