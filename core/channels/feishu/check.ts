import { ItsmNotifyError } from '../../errors';
import { bytes } from '../cut';
import { isObject, type Json } from '../text';
import { FEISHU } from './limits';

export const refuse = (field: string, why: string): never => {
	throw new ItsmNotifyError(
		'invalid_payload',
		`Feishu would refuse the message: ${field} ${why}.`,
		{
			field,
		},
	);
};

/** Throws ItsmNotifyError `invalid_payload` naming what Feishu would refuse. */
export function check(payload: Json): void {
	const { msg_type: type, card, content } = payload;
	if (typeof type !== 'string' || !type) return refuse('msg_type', 'is missing');
	if (type === 'interactive') return checkCard(card);
	if (!isObject(content)) return refuse('content', 'is missing');
	if (type === 'text') {
		const { text } = content;
		if (typeof text !== 'string' || !text.trim()) return refuse('content.text', 'is empty');
		return size(content, FEISHU.text, 'content.text');
	}
	if (type === 'post') {
		const { post } = content;
		if (!isObject(post) || Object.keys(post).length === 0)
			return refuse('content.post', 'is missing');
		for (const [language, part] of Object.entries(post)) {
			if (!isObject(part) || !Array.isArray(part.content))
				return refuse(`content.post.${language}.content`, 'is no list');
		}
		size(post, FEISHU.card, 'content.post');
	}
}

const size = (value: unknown, max: number, at: string): void => {
	if (bytes(JSON.stringify(value)) > max) refuse(at, `is over ${max} bytes`);
};

function checkCard(card: unknown): void {
	if (!isObject(card)) return refuse('card', 'is missing');
	size(card, FEISHU.card, 'card');
	if (card.type === 'template') {
		const id = isObject(card.data) ? card.data.template_id : undefined;
		if (typeof id !== 'string' || !id) refuse('card.data.template_id', 'is missing');
		return;
	}
	if (card.schema === '2.0') return checkVersion2(card);
	if (card.body !== undefined) refuse('card.body', 'belongs to a card of schema "2.0"');
	if (!Array.isArray(card.elements) && !isObject(card.i18n_elements) && !isObject(card.header))
		refuse('card.elements', 'is missing');
}

function checkVersion2(card: Json): void {
	const elements = isObject(card.body) ? card.body.elements : undefined;
	if (!Array.isArray(elements)) return refuse('card.body.elements', 'is missing');
	let count = 0;
	const names = new Set<unknown>();
	const visit = (value: unknown, at: string): void => {
		if (Array.isArray(value)) return value.forEach((one, index) => visit(one, `${at}[${index}]`));
		if (!isObject(value)) return;
		const { tag } = value;
		if (typeof tag === 'string') {
			if (tag === 'action' || tag === 'note')
				refuse(at, `is a "${tag}", which version 2.0 has not`);
			if (!TEXT_TAGS.has(tag)) count += 1;
			if (tag === 'button') checkButton(value, at);
			if (NAMED.has(tag) && value.name !== undefined) {
				if (names.has(value.name)) refuse(`${at}.name`, 'is used twice');
				names.add(value.name);
			}
		}
		for (const [key, entry] of Object.entries(value)) {
			if (key !== 'value') visit(entry, `${at}.${key}`);
		}
	};
	visit(elements, 'card.body.elements');
	if (count > FEISHU.elements) refuse('card.body.elements', `are more than ${FEISHU.elements}`);
}

const TEXT_TAGS = new Set(['plain_text', 'lark_md']);
const NAMED = new Set(['form', 'input', 'button', 'select_static', 'date_picker', 'checker']);

function checkButton(button: Json, at: string): void {
	const text = isObject(button.text) ? button.text.content : undefined;
	if (!text && button.icon === undefined) refuse(`${at}.text.content`, 'is empty');
	const list: unknown[] = Array.isArray(button.behaviors) ? button.behaviors : [];
	list.forEach((one, index) => {
		if (!isObject(one) || one.type !== 'open_url') return;
		const { default_url: url } = one;
		if (typeof url !== 'string' || !URL.canParse(url))
			refuse(`${at}.behaviors[${index}].default_url`, 'is no URL');
	});
}
