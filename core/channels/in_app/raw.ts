import { ItsmNotifyError } from '../../errors';
import type { Card, Severity } from '../card';
import { clean, isObject, mapStrings, textIn, webUrl, wordsOf, type Json } from '../text';
import { draw } from './card';

const SEVERITIES: readonly string[] = ['critical', 'high', 'normal', 'success', 'info'];

/**
 * A template's own document: `{title, text | body | message | content, severity?, fields?, links?, buttons?, url?, data?}`.
 * `data` is kept as it is for the app that shows the inbox. Throws ItsmNotifyError `empty_message`.
 */
export function raw(document: Json): Json {
	const given = mapStrings(document, clean);
	const title = textIn(given, 'title', 'subject');
	const text = textIn(given, 'text', 'body', 'message', 'content', 'description');
	if (!title && !text) {
		throw new ItsmNotifyError(
			'empty_message',
			'The in-app message is empty: it needs a title or a text.',
			{ field: 'title' },
		);
	}
	const url = webUrl(textIn(given, 'url', 'link'));
	const card: Card = {
		severity: SEVERITIES.includes(wordsOf(given.severity))
			? (given.severity as Severity)
			: 'normal',
		title: title ?? String(text).split('\n')[0],
		...(title && text ? { text } : String(text).includes('\n') ? { text } : {}),
		fields: list(given.fields).map((field) => ({
			label: textIn(field, 'label', 'title', 'name') ?? '',
			value: textIn(field, 'value', 'text') ?? '',
		})),
		links: [
			...(url ? [{ label: textIn(given, 'link_text') ?? url, url }] : []),
			...list(given.links).map(labelled),
		],
		buttons: list(given.buttons).map((one) => ({
			action: textIn(one, 'action') ?? 'open',
			...labelled(one),
		})),
		...(textIn(given, 'footer') ? { footer: textIn(given, 'footer') } : {}),
		language: textIn(given, 'language') ?? 'en',
	};
	return { ...draw(card), ...(isObject(given.data) ? { data: given.data } : {}) };
}

const labelled = (one: Json): { label: string; url: string } => ({
	label: textIn(one, 'label', 'text', 'title') ?? '',
	url: textIn(one, 'url', 'href') ?? '',
});

const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
