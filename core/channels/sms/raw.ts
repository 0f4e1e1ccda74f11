import { ItsmNotifyError } from '../../errors';
import { cut } from '../cut';
import { clean, isObject, mapStrings, textIn, type Json } from '../text';
import { SMS } from './limits';

/**
 * A template's own document: `{text | body | message | content}`, and `{params: {name: value}}` for a provider's fixed
 * template, whose names are then the provider's own. Throws ItsmNotifyError `empty_message`.
 */
export function raw(document: Json): Json {
	const given = mapStrings(document, clean);
	const title = textIn(given, 'title', 'subject');
	const words = textIn(given, 'text', 'body', 'message', 'content');
	const params =
		isObject(given.params) && Object.keys(given.params).length > 0 ? given.params : undefined;
	if (!words && !title && !params) {
		throw new ItsmNotifyError('empty_message', 'The SMS is empty: it needs a text.', {
			field: 'text',
		});
	}
	const text = [title, words].filter(Boolean).join(': ');
	return {
		...(text ? { text: cut(text, SMS.twilioBody) } : {}),
		parts: {
			title: title ?? words ?? '',
			text: words ?? '',
			number: textIn(given, 'number') ?? '',
			priority: textIn(given, 'priority') ?? '',
			status: textIn(given, 'status') ?? '',
			url: textIn(given, 'url') ?? '',
		},
		...(params ? { params } : {}),
	};
}
