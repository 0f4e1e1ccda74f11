import { ItsmNotifyError } from '../../errors';
import { bytes, cutMarkup } from '../cut';
import { clean, isObject, mapStrings, textIn, type Json } from '../text';
import { FEISHU } from './limits';

const CARD_KEYS = ['schema', 'elements', 'i18n_elements', 'header', 'body'];

/**
 * A template's own Feishu document: a custom bot's body (`{msg_type, content | card}`), a card (`{card}`, or the
 * card's own JSON, also as text; `{type: "template", data}` too), `{post}`, `{title, text}` or plain
 * `{text | body | content}`. Throws ItsmNotifyError `empty_message` or `invalid_payload`.
 */
export function raw(document: Json): Json {
	const given = mapStrings(document, clean);
	const type = textIn(given, 'msg_type');
	const card = given.card ?? (type === 'interactive' ? given.content : undefined);
	if (card !== undefined) return { msg_type: 'interactive', card: cardOf(card) };
	if (isCard(given)) return { msg_type: 'interactive', card: cardOf(given) };
	if (type === 'post' || given.post !== undefined) return post(given);
	if (type && type !== 'text') return other(type, given.content);
	return text(given);
}

const isCard = (given: Json): boolean =>
	(given.type === 'template' && isObject(given.data)) ||
	Array.isArray(given.elements) ||
	isObject(given.i18n_elements) ||
	given.schema === '2.0' ||
	(isObject(given.body) && Array.isArray(given.body.elements));

function cardOf(value: unknown): Json {
	const card = parsed(value, 'card');
	const { type } = card;
	if (type === 'template') return card;
	if (!CARD_KEYS.some((key) => card[key] !== undefined)) return empty('card');
	const filled = mapElements(card);
	if (!hasWords(filled)) return empty('card');
	return filled;
}

/** Elements whose text rendered empty are left out: Feishu refuses some of them, and they show nothing. */
function mapElements(value: Json): Json {
	const entries = Object.entries(value).map(([key, entry]) => {
		if (Array.isArray(entry)) {
			const kept: unknown[] = entry.filter((one: unknown) => !isObject(one) || !isHollow(one));
			return [key, kept.map((one) => (isObject(one) ? mapElements(one) : one))] as const;
		}
		return [key, isObject(entry) ? mapElements(entry) : entry] as const;
	});
	return Object.fromEntries(entries);
}

const blank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';

const isHollow = (element: Json): boolean =>
	(element.tag === 'markdown' && blank(element.content)) ||
	(element.tag === 'div' &&
		element.fields === undefined &&
		isObject(element.text) &&
		blank(element.text.content));

/** Whether anything in the card can be read. */
function hasWords(value: unknown): boolean {
	if (Array.isArray(value)) return value.some(hasWords);
	if (!isObject(value)) return false;
	if (typeof value.content === 'string' && value.content.trim()) return true;
	if (value.tag === 'img' || typeof value.text === 'string') return true;
	return Object.values(value).some(hasWords);
}

function post(given: Json): Json {
	const content = parsed(given.post ?? given.content, 'post');
	const inner = content.post === undefined ? content : parsed(content.post, 'post');
	if (
		!hasWords(inner) &&
		!Object.values(inner).some((one) => isObject(one) && textIn(one, 'title'))
	)
		return empty('post');
	return { msg_type: 'post', content: { post: inner } };
}

/** Images, shared contacts and the like, as they are. */
const other = (type: string, content: unknown): Json => ({
	msg_type: type,
	content: parsed(content, 'content'),
});

function text(given: Json): Json {
	const part = isObject(given.content) ? given.content : given;
	const words = textIn(part, 'text', 'body', 'message', 'content', 'markdown', 'description');
	const title = textIn(given, 'title', 'subject');
	if (!words && !title) return empty('text');
	const whole = [title, words].filter(Boolean).join('\n');
	return { msg_type: 'text', content: { text: cutMarkup(whole, FEISHU.drawn, inJson) } };
}

/** A text's bytes inside JSON inside JSON, as an app's content is sent. */
const inJson = (value: string): number => bytes(JSON.stringify(value)) - 2;

/** An object, or the JSON text of one. */
function parsed(value: unknown, field: string): Json {
	if (isObject(value)) return value;
	if (value === undefined || value === null || blank(value)) return empty(field);
	if (typeof value === 'string') {
		try {
			const read: unknown = JSON.parse(value);
			if (isObject(read)) return read;
		} catch {
			// Told below.
		}
	}
	throw new ItsmNotifyError(
		'invalid_payload',
		`Feishu would refuse the message: ${field} is no JSON object.`,
		{ field, fix: 'Give it as the card builder of Feishu shows it.' },
	);
}

function empty(field: string): never {
	throw new ItsmNotifyError('empty_message', 'The Feishu message is empty.', { field });
}
