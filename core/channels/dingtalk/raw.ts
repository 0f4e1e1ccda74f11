import { ItsmNotifyError } from '../../errors';
import { bytes, cut, cutMarkup } from '../cut';
import { clean, isObject, mapStrings, oneLine, textIn, webUrl, type Json } from '../text';
import { lines } from './escape';
import { robotForm } from './card';
import { without } from './forms';
import { DINGTALK } from './limits';
import { fromNotice, fromSample } from './other-forms';

const TYPES = ['text', 'markdown', 'link', 'actionCard', 'feedCard', 'oa'];

/**
 * A template's own DingTalk document -> the robot's form, from which every way of sending is made: that form itself
 * (`{msgtype: 'link', link: {title, text, messageUrl, picUrl}}`, `markdown`, `text`, `actionCard`, `feedCard`), that of
 * work notices (`action_card`, `oa`) or of the app's robot (`{msgKey, msgParam}`), or plain `{title, text, url}`.
 * Throws ItsmNotifyError `empty_message`, `invalid_payload`.
 */
export function raw(document: Json): Json {
	const given = mapStrings(document, clean);
	const sample = fromSample(given);
	if (sample) return raw(sample);
	const type =
		textIn(given, 'msgtype') ??
		[...TYPES.slice(1), 'action_card'].find((name) => isObject(given[name]));
	const part = type ? given[type] : undefined;
	const at = isObject(given.at) ? { at: given.at } : {};
	if (type === 'action_card') return raw({ ...fromNotice(isObject(part) ? part : {}), ...at });
	if (!type || (part === undefined && !TYPES.includes(type))) return plain(given);
	if (!TYPES.includes(type)) return { ...given, msgtype: type };
	if (type === 'text') return { ...plain({ text: part }), ...at };
	return { msgtype: type, [type]: filled(type, isObject(part) ? part : {}), ...at };
}

/** The part with its texts cut; throws where it shows nothing. */
function filled(type: string, part: Json): Json {
	if (type === 'feedCard') {
		const links = Array.isArray(part.links)
			? part.links.filter((one) => isObject(one) && textIn(one, 'title'))
			: [];
		return links.length > 0
			? { ...part, links: links.slice(0, DINGTALK.feeds) }
			: empty('feedCard.links');
	}
	if (type === 'oa') {
		const body = isObject(part.body) ? part.body : {};
		return textIn(body, 'title', 'content') || Array.isArray(body.form) ? part : empty('oa.body');
	}
	const text = textIn(part, 'text', 'content');
	const title = textIn(part, 'title');
	if (!text && !title) return empty(`${type}.text`);
	const shown = text ?? title ?? '';
	return {
		...without(part, 'content'),
		title: cut(oneLine(title ?? firstLine(shown)), DINGTALK.title, bytes) || '–',
		text:
			type === 'link'
				? cut(shown, DINGTALK.text, bytes)
				: cutMarkup(shown, DINGTALK.robotText, bytes),
	};
}

const firstLine = (text: string): string => text.replace(/[#*>]/g, '').trim().split('\n')[0];

function plain(given: Json): Json {
	const part = isObject(given.text) ? given.text : given;
	const text = textIn(part, 'content', 'text', 'body', 'description', 'message');
	const title = textIn(given, 'title', 'subject');
	const url = webUrl(textIn(given, 'url', 'messageUrl'));
	if (!text && !title) return empty('text');
	const words = [title, text].filter(Boolean).join('\n');
	if (url)
		return robotForm(
			cut(oneLine(title ?? words.split('\n')[0]), DINGTALK.title, bytes),
			cutMarkup(lines(words), DINGTALK.text, bytes),
			[{ title: '查看详情', url }],
		);
	return { msgtype: 'text', text: { content: cut(words, DINGTALK.text, bytes) } };
}

function empty(field: string): never {
	throw new ItsmNotifyError('empty_message', 'The DingTalk message is empty.', { field });
}
