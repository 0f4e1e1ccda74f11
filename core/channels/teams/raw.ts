import { ItsmNotifyError } from '../../errors';
import { bytes, cutMarkup } from '../cut';
import { clean, isObject, mapStrings, textIn, type Json } from '../text';
import { messageOf } from './card';
import { TEAMS } from './limits';

const PARTS = [
	'textFormat',
	'entities',
	'importance',
	'attachmentLayout',
	'suggestedActions',
	'locale',
];

/**
 * A template's own Teams document: a message (`{type: "message", text?, attachments?}`), an Adaptive Card (itself,
 * under `card`, also as JSON text), or plain `{title, text | body | content}`. Throws ItsmNotifyError `empty_message`
 * or `invalid_payload`.
 */
export function raw(document: Json): Json {
	const given = mapStrings(document, clean);
	const card =
		given.card ?? given.adaptive_card ?? (given.type === 'AdaptiveCard' ? given : undefined);
	const summary = textIn(given, 'summary') ?? '';
	if (card !== undefined) return messageOf(filled(objectOf(card)), summary);
	const parts = Object.fromEntries(
		PARTS.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
	);
	const words = textIn(given, 'text', 'body', 'message', 'content', 'markdown', 'description');
	const title = textIn(given, 'title', 'subject');
	const text = [title && words ? `**${title}**` : title, words].filter(Boolean).join('\n\n');
	const attachments = Array.isArray(given.attachments) ? given.attachments : [];
	if (!text && attachments.length === 0) return empty('text');
	return {
		type: 'message',
		...parts,
		...(summary ? { summary } : {}),
		...(text
			? { text: cutMarkup(text, TEAMS.drawn, (part) => bytes(JSON.stringify(part)) - 2) }
			: {}),
		...(attachments.length > 0 ? { attachments } : {}),
	};
}

/** A card without blocks that rendered empty. */
function filled(card: Json): Json {
	const body = Array.isArray(card.body) ? (card.body as unknown[]) : [];
	const kept = body.filter(
		(one) => !isObject(one) || one.type !== 'TextBlock' || textIn(one, 'text'),
	);
	const hasActions = Array.isArray(card.actions) && card.actions.length > 0;
	if (kept.length === 0 && !hasActions) return empty('card.body');
	return { type: 'AdaptiveCard', version: TEAMS.version, ...card, body: kept };
}

function objectOf(value: unknown): Json {
	if (isObject(value)) return value;
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
		'Teams would refuse the message: card is no JSON object.',
		{
			field: 'card',
			fix: 'Give it as the Adaptive Card designer shows it.',
		},
	);
}

function empty(field: string): never {
	throw new ItsmNotifyError('empty_message', 'The Teams message is empty.', { field });
}
