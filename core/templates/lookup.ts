import type { Delivery } from '../events/delivery';
import { templateSchema, partFor, type TemplateDocument } from './document';
import { TemplateError } from './engine/errors';
import { baseOf, normalTag } from './language';
import { pathText } from './leaves';
import { shippedFor } from './shipped/index';

/** Why the message is made, from the delivery's purpose. */
export type Purpose = 'event' | 'digest' | 'escalation' | 'reminder';

export function purposeOf(delivery: Delivery): Purpose {
	const kind = delivery.purpose.split(':')[0];
	if (kind === 'escalation' || kind === 'reminder') return kind;
	return kind === 'digest' || delivery.digest ? 'digest' : 'event';
}

export interface Found {
	document: TemplateDocument;
	source: 'override' | 'shipped';
	/** True where an event's template stands in for an escalation or reminder. */
	standsIn: boolean;
}

export interface Query {
	delivery: Delivery;
	overrides: readonly unknown[];
	/** The node's choice. */
	templateId?: string;
	defaultLanguage?: string;
	/** Default: the delivery's channel; null = a card, whatever the channel. */
	channel?: string | null;
}

/** The template ids to try, in order: the node's choice, the purpose's own, the event type's. */
export function templateIds(delivery: Delivery, chosen: string | undefined): string[] {
	const purpose = purposeOf(delivery);
	if (chosen && purpose !== 'digest') return [chosen];
	if (purpose === 'digest') return chosen ? [chosen, 'digest'] : ['digest'];
	const own = purpose === 'event' ? [] : [purpose];
	// An unknown kind of event is an update of its ticket (RN1).
	return [...new Set([...own, delivery.event.event_type, 'ticket_updated'])];
}

/** A chosen template that knows nothing of digests would drop all tickets but one. */
const showsDigest = (document: TemplateDocument): boolean =>
	JSON.stringify(document.templates).includes('digest');

const serves = (document: TemplateDocument, channel: string | null): boolean =>
	channel === null
		? document.templates.card !== undefined
		: partFor(document, channel) !== undefined;

type Match = (language: string | undefined) => boolean;

/** The language steps: exact, base (`zh-TW` -> `zh` -> any `zh-*`), policy default likewise, any. */
function languageSteps(reader: string | null | undefined, fallback: string | undefined): Match[] {
	const steps: Match[] = [];
	for (const wanted of [reader, fallback]) {
		const tag = normalTag(wanted);
		if (!tag) continue;
		const base = baseOf(tag);
		steps.push(
			(language) => normalTag(language) === tag,
			(language) => normalTag(language) === base,
			(language) => language !== undefined && baseOf(language) === base,
		);
	}
	return [...steps, () => true];
}

/** The first document by language step; at each step the store's or node's beats the shipped one. */
function pick(
	overrides: TemplateDocument[],
	shipped: readonly TemplateDocument[],
	steps: Match[],
): Omit<Found, 'standsIn'> | undefined {
	// A document without a language serves every reader, so it stands in front of all shipped ones.
	const neutral = overrides.find((document) => !document.language);
	const spoken = overrides.filter((document) => document.language);
	for (const matches of neutral ? steps.slice(0, 3) : steps) {
		const own = spoken.find((document) => matches(document.language));
		if (own) return { document: own, source: 'override' };
		const ours = neutral ? undefined : shipped.find((document) => matches(document.language));
		if (ours) return { document: ours, source: 'shipped' };
	}
	return neutral && { document: neutral, source: 'override' };
}

/** Parsed once per document object: the store hands out the same ones again and again. */
const parsed = new WeakMap<object, TemplateDocument | TemplateError>();

function parseOnce(value: object): TemplateDocument | TemplateError {
	let document = parsed.get(value);
	if (document === undefined) {
		const result = templateSchema.safeParse(value);
		document = result.success ? result.data : broken(result.error.issues[0]);
		parsed.set(value, document);
	}
	return document;
}

function broken(issue: { path: PropertyKey[]; message: string }): TemplateError {
	const error = new TemplateError('template_failed', issue.message);
	error.path = pathText(issue.path as Array<string | number>);
	return error;
}

const hasId = (value: unknown, id: string): value is object =>
	typeof value === 'object' &&
	value !== null &&
	(value as { template_id?: unknown }).template_id === id;

/**
 * The template of a delivery; undefined where none serves its channel. Throws TemplateError where
 * the store or node has a broken document and no sound one: a shipped one must not hide it.
 */
export function findTemplate(query: Query): Found | undefined {
	const { delivery, overrides, templateId } = query;
	const channel = query.channel === undefined ? delivery.channel : query.channel;
	const purpose = purposeOf(delivery);
	const steps = languageSteps(delivery.recipient.language, query.defaultLanguage);
	for (const id of templateIds(delivery, templateId)) {
		const fits = (document: TemplateDocument): boolean =>
			serves(document, channel) &&
			(purpose !== 'digest' || id === 'digest' || showsDigest(document));
		const own = overrides.filter((value) => hasId(value, id)).map(parseOnce);
		const sound = own
			.flatMap((document) => (document instanceof TemplateError ? [] : [document]))
			.filter(fits);
		const found = pick(sound, shippedFor(id).filter(fits), steps);
		const fault = own.find((document) => document instanceof TemplateError);
		if (fault && found?.source !== 'override') throw fault;
		if (found)
			return { ...found, standsIn: purpose !== 'event' && purpose !== 'digest' && id !== purpose };
	}
	return undefined;
}
