import { ItsmNotifyError } from '../../errors';
import { bytes, cut, cutMarkup } from '../cut';
import { clean, isObject, mapStrings, oneLine, textIn, webUrl, type Json } from '../text';
import { WECOM } from './limits';

/**
 * A template's own WeCom document: WeCom's form (`{msgtype, <msgtype>: {…}}`), a part of it (`{markdown}`,
 * `{template_card}`, `{text}`), `{title, description, url}` for a text card, or plain `{content | body}`.
 * Throws ItsmNotifyError `empty_message`.
 */
export function raw(document: Json): Json {
	const given = mapStrings(document, clean);
	const type =
		textIn(given, 'msgtype') ??
		['template_card', 'markdown', 'markdown_v2', 'textcard', 'news'].find(
			(name) => given[name] !== undefined,
		);
	if (type && type !== 'text' && given[type] !== undefined) return typed(type, given[type]);
	return plain(given);
}

function typed(type: string, value: unknown): Json {
	if (typeof value !== 'string' && !isObject(value)) return empty(type);
	const part: Json = typeof value === 'string' ? { content: value } : value;
	// Texts cut, and a form for robots, which have no text cards.
	if (type === 'textcard') return plain(part);
	if (type === 'template_card') return { msgtype: type, [type]: filledCard(part) };
	if (type !== 'markdown' && type !== 'markdown_v2') return { msgtype: type, [type]: part };
	const content = textIn(part, 'content') ?? empty(`${type}.content`);
	const long = cutMarkup(content, WECOM.robotText, bytes);
	// Only a robot knows markdown_v2.
	return {
		msgtype: 'markdown',
		markdown: { content: cutMarkup(content, WECOM.appText, bytes) },
		robot: { msgtype: type, [type]: { ...part, content: long } },
	};
}

/** A card without rows that rendered empty, which WeCom refuses. */
function filledCard(card: Json): Json {
	const { horizontal_content_list: rows, main_title: title } = card;
	const shown = isObject(title) ? textIn(title, 'title', 'desc') : undefined;
	const kept = Array.isArray(rows)
		? rows.filter(
				(row: unknown) => !isObject(row) || (textIn(row, 'keyname') && textIn(row, 'value')),
			)
		: rows;
	const hasRows = Array.isArray(kept) && kept.length > 0;
	if (!shown && !textIn(card, 'sub_title_text') && !hasRows)
		return empty('template_card.main_title');
	return rows === undefined ? card : { ...card, horizontal_content_list: kept };
}

function plain(given: Json): Json {
	const part = isObject(given.text) ? given.text : given;
	const text = textIn(part, 'content', 'text', 'body', 'description', 'message');
	const title = textIn(given, 'title', 'subject');
	const url = webUrl(textIn(given, 'url'));
	if (!text && !title) return empty('content');
	const content = cutMarkup([title, text].filter(Boolean).join('\n'), WECOM.appText, bytes);
	const words = { msgtype: 'text', text: { ...(isObject(given.text) ? given.text : {}), content } };
	if (!title || !url) return words;
	const button = textIn(given, 'btntxt');
	return {
		msgtype: 'textcard',
		textcard: {
			title: cut(oneLine(title), WECOM.textcardTitle, bytes),
			description: cutMarkup(text ?? title, WECOM.textcardDescription, bytes),
			url,
			...(button ? { btntxt: cut(button, 4) } : {}),
		},
		// A robot has no text cards.
		robot: {
			msgtype: 'text',
			text: {
				content: cutMarkup(
					`${[title, text].filter(Boolean).join('\n')}\n${url}`,
					WECOM.robotPlain,
					bytes,
				),
			},
		},
	};
}

function empty(field: string): never {
	throw new ItsmNotifyError('empty_message', 'The WeCom message is empty.', { field });
}
