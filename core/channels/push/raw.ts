import { ItsmNotifyError } from '../../errors';
import { bytes, cut } from '../cut';
import { clean, isObject, mapStrings, textIn, webUrl, type Json } from '../text';
import { collapseOf, fitted } from './card';
import { PUSH } from './limits';

/** Firebase keeps these names for itself, Apple one. */
export const isReserved = (name: string): boolean =>
	/^(?:from|message_type|aps)$|^(?:google|gcm)\.?/i.test(name);

/**
 * A template's own document: `{title, body | text | message | content, data?, url?, severity?, collapse?}`. Values of
 * `data` become text. Throws ItsmNotifyError `empty_message`.
 */
export function raw(document: Json): Json {
	const given = mapStrings(document, clean);
	const title = textIn(given, 'title', 'subject');
	const body = textIn(given, 'body', 'text', 'message', 'content');
	if (!title && !body) {
		throw new ItsmNotifyError(
			'empty_message',
			'The push notification is empty: it needs a title or a body.',
			{ field: 'title' },
		);
	}
	const url = webUrl(textIn(given, 'url'));
	const data = Object.entries(isObject(given.data) ? given.data : {})
		.filter(([name, value]) => !isReserved(name) && value !== null && value !== undefined)
		.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
	const collapse = textIn(given, 'collapse');
	return fitted({
		title: cut(title ?? String(body), PUSH.title, bytes),
		body: title ? cut(body ?? '', PUSH.body, bytes) : '',
		severity: textIn(given, 'severity') ?? 'normal',
		...(collapse ? { collapse: collapseOf(collapse) } : {}),
		data: { ...Object.fromEntries(data), ...(url ? { url } : {}) },
	});
}
