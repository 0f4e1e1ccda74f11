import { ItsmNotifyError } from '../../errors';
import { clean, isObject, mapStrings, textIn, webUrl, type Json } from '../text';
import { namesOf } from './mapping';

/**
 * A template's own WeChat document: the seed's `{title, description, url, template_data: {first, keyword1…n, remark}}`, the
 * platform's `{template_id, data: {thing1: {value}}, url, miniprogram}`, or plain `{title, text}`; each may have a
 * `template_id` and a `template_mapping` of its own. Throws ItsmNotifyError `empty_message`.
 */
export function raw(document: Json): Json {
	const given = mapStrings(document, clean);
	const data = [given.template_data, given.data].filter(isObject).map(namesOf);
	const title = textIn(given, 'title', 'subject');
	const text = textIn(given, 'description', 'text', 'body', 'content', 'message');
	const names = {
		...(title ? { title } : {}),
		...(text ? { text, body: text } : {}),
		...Object.assign({}, ...data),
	} as Record<string, string>;
	if (Object.keys(names).length === 0)
		throw new ItsmNotifyError('empty_message', 'The WeChat message is empty.', {
			field: 'template_data',
		});
	const template = textIn(given, 'template_id');
	const url = webUrl(textIn(given, 'url'));
	return {
		...(template ? { template_id: template } : {}),
		...(url ? { url } : {}),
		...(isObject(given.miniprogram) ? { miniprogram: given.miniprogram } : {}),
		...(given.template_mapping === undefined ? {} : { template_mapping: given.template_mapping }),
		template_data: {
			title: title ?? names.first ?? names.keyword1 ?? Object.values(names)[0],
			...names,
		},
	};
}
