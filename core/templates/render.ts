import type { Channel } from '../channels/types';
import { messageOf } from '../errors/index';
import type { ChannelId, Delivery } from '../events/delivery';
import { fillCard } from './card-template';
import type { Card } from '../channels/card';
import { readerClock, templateContext, type ContextOptions } from './context/index';
import { partFor } from './document';
import { TemplateError } from './engine/errors';
import { newBudget, type RenderState } from './engine/state';
import { labelsFor } from './labels';
import { messageLanguage } from './language';
import { findTemplate, purposeOf, templateIds, type Found } from './lookup';
import { fillRaw } from './raw-template';
import type { CardOptions, CardRendered, Rendered, RenderFailure, RenderOptions } from './rendered';
import { SharedCards } from './shared-cards';

/**
 * A delivery as its channel's message. Never throws: a missing or failing template, an unknown
 * variable and an empty result come back with a code, the template, the path and the reason.
 */
export const renderDelivery = (
	delivery: Delivery,
	options: RenderOptions,
): Rendered | RenderFailure => renderer(options)(delivery);

/** renderDelivery for many: what the channels of one reader have in common is worked out once. */
export function renderer(
	options: RenderOptions,
): (delivery: Delivery, templateId?: string) => Rendered | RenderFailure {
	const shared = new SharedCards();
	return (delivery, templateId = options.templateId) =>
		renderOne(delivery, { ...options, templateId }, shared);
}

function renderOne(
	delivery: Delivery,
	options: RenderOptions,
	shared: SharedCards,
): Rendered | RenderFailure {
	const id = options.templateId ?? templateIds(delivery, undefined)[0];
	const channel = Object.hasOwn(options.channels, delivery.channel)
		? options.channels[delivery.channel as ChannelId]
		: undefined;
	if (!channel) {
		return missing(id, `there is no channel "${delivery.channel}"`);
	}
	if (delivery.confirmation) return guarded(id, () => answer(delivery, channel, options));
	const { standalone, message } = delivery;
	if (standalone === true && message)
		return guarded(id, () => written(message, delivery, channel, options));
	return guarded(id, () => {
		const found = findTemplate({ overrides: [], ...options, delivery });
		if (!found) return notFound(delivery, options, `for ${channel.name}`);
		const part = partFor(found.document, delivery.channel);
		const job = (): Job => prepare(delivery, found, options, channel.limits.digestEntries);
		return guarded(found.document.template_id, () => {
			if (part && 'raw' in part) return raw(job(), part.raw, channel);
			const made = shared.get(delivery, found) ?? shared.set(delivery, found, carded(job()));
			if (!made.ok) return made;
			return checked(made, channel.draw(made.card), channel, made.card);
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

/** What was written in a sender and comes back for another try is sent as it was written. */
function written(
	message: Record<string, unknown>,
	{ recipient }: Delivery,
	channel: Channel,
	options: RenderOptions,
): Rendered {
	const language = messageLanguage(undefined, recipient.language, options.defaultLanguage);
	channel.check(message);
	return { ok: true, template_id: 'define_below', language, message };
}

/** The neutral card of a delivery, for simulators and previews: same lookup, but only card templates. Never throws. */
export function renderCard(delivery: Delivery, options: CardOptions): CardRendered | RenderFailure {
	const id = options.templateId ?? templateIds(delivery, undefined)[0];
	return guarded(id, () => {
		const found = findTemplate({ overrides: [], ...options, delivery, channel: null });
		if (!found) return notFound(delivery, options, 'with a card');
		return carded(prepare(delivery, found, options, 100));
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

function carded({ delivery, found, head, context, state }: Job): CardRendered | RenderFailure {
	const template = found.document.templates.card;
	if (!template) return missing(head.template_id, 'the template has no card');
	const words = labelsFor(head.language);
	const lines = { escalation: words.escalation_line, reminder: words.reminder_line };
	const purpose = purposeOf(delivery);
	const line =
		found.standsIn && purpose in lines ? lines[purpose as keyof typeof lines] : undefined;
	const about = { delivery, language: head.language, line };
	const card = fillCard(template, context, about, state);
	if (!card.title) return empty(head.template_id, 'the title is empty', 'templates.card.title');
	return { ok: true, ...head, card };
}

function raw(
	job: Job,
	document: Record<string, unknown>,
	channel: Channel,
): Rendered | RenderFailure {
	const { document: filled, filled: hasText } = fillRaw(document, job.context, channel, job.state);
	const path = `templates.${channel.id}`;
	if (!hasText) return empty(job.head.template_id, 'nothing but empty text came out', path);
	return checked(job.head, channel.raw(filled), channel);
}

function checked(
	{ template_id, language }: Job['head'],
	message: Record<string, unknown>,
	channel: Channel,
	card?: Card,
): Rendered | RenderFailure {
	channel.check(message);
	if (!channel.summary(message).trim()) {
		return empty(template_id, `${channel.name} would show an empty message`);
	}
	return { ok: true, template_id, language, message, ...(card ? { card } : {}) };
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
