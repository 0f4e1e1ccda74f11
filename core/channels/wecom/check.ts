import { ItsmNotifyError } from '../../errors';
import { bytes } from '../cut';
import { isObject, type Json } from '../text';
import { WECOM } from './limits';

const refuse = (field: string, why: string): never => {
	throw new ItsmNotifyError('invalid_payload', `WeCom would refuse the message: ${field} ${why}.`, {
		field,
	});
};

const APP_TYPES = [
	'text',
	'markdown',
	'textcard',
	'news',
	'template_card',
	'image',
	'file',
	'voice',
	'video',
	'mpnews',
	'miniprogram_notice',
];
const ROBOT_TYPES = [
	'text',
	'markdown',
	'markdown_v2',
	'news',
	'template_card',
	'image',
	'file',
	'voice',
];

/** Throws ItsmNotifyError `invalid_payload` naming what WeCom would refuse. */
export function check(payload: Json): void {
	const { robot, card, ...app } = payload;
	if (card !== undefined)
		templateCard(isObject(card) ? card : refuse('card', 'is no object'), 'card');
	if (app.msgtype !== undefined || robot === undefined) form(app, '', APP_TYPES, WECOM.appText);
	if (robot !== undefined)
		form(
			isObject(robot) ? robot : refuse('robot', 'is no object'),
			'robot.',
			ROBOT_TYPES,
			WECOM.robotText,
		);
}

function form(message: Json, at: string, types: string[], markdownBytes: number): void {
	const type = message.msgtype;
	// markdown_v2 is the robot's, but a raw document does not know by which way it goes.
	if (typeof type !== 'string' || ![...types, 'markdown_v2'].includes(type))
		return refuse(`${at}msgtype`, `must be one of ${types.join(', ')}`);
	const part = message[type];
	if (!isObject(part)) return refuse(`${at}${type}`, 'is missing');
	const where = `${at}${type}`;
	if (type === 'text') content(part, where, WECOM.robotPlain);
	if (type === 'markdown') content(part, where, markdownBytes);
	if (type === 'markdown_v2') content(part, where, WECOM.robotText);
	if (type === 'textcard') textcard(part, where);
	if (type === 'template_card') templateCard(part, where);
}

function content(part: Json, at: string, max: number): void {
	const text = part.content;
	if (typeof text !== 'string' || !text.trim()) return refuse(`${at}.content`, 'is empty');
	if (bytes(text) > max) refuse(`${at}.content`, `is over ${max} bytes`);
}

function limited(part: Json, name: string, max: number, at: string): void {
	const text = part[name];
	if (typeof text !== 'string' || !text.trim()) return refuse(`${at}.${name}`, 'is empty');
	if (bytes(text) > max) refuse(`${at}.${name}`, `is over ${max} bytes`);
}

function web(value: unknown, at: string): void {
	if (
		typeof value !== 'string' ||
		!URL.canParse(value) ||
		!/^https?:$/.test(new URL(value).protocol)
	)
		refuse(at, 'is no http(s) URL');
}

function textcard(part: Json, at: string): void {
	limited(part, 'title', WECOM.textcardTitle, at);
	limited(part, 'description', WECOM.textcardDescription, at);
	web(part.url, `${at}.url`);
}

function templateCard(card: Json, at: string): void {
	const type = card.card_type;
	const title = isObject(card.main_title) ? card.main_title.title : undefined;
	if (typeof type !== 'string') refuse(`${at}.card_type`, 'is missing');
	if (!title && !card.sub_title_text)
		refuse(`${at}.main_title.title`, 'and sub_title_text are empty');
	if ((type === 'text_notice' || type === 'news_notice') && !isObject(card.card_action))
		refuse(`${at}.card_action`, 'is missing');
	if (isObject(card.card_action) && card.card_action.type === 1)
		web(card.card_action.url, `${at}.card_action.url`);
	count(card.horizontal_content_list, WECOM.rows, `${at}.horizontal_content_list`).forEach(
		(row, index) => {
			if (!row.keyname) refuse(`${at}.horizontal_content_list[${index}].keyname`, 'is empty');
		},
	);
	count(card.jump_list, WECOM.jumps, `${at}.jump_list`);
	if (type === 'button_interaction') buttons(card, at);
}

function buttons(card: Json, at: string): void {
	const list = count(card.button_list, WECOM.buttons, `${at}.button_list`);
	if (list.length === 0) refuse(`${at}.button_list`, 'is empty');
	const keys = new Set<unknown>();
	list.forEach(({ type, key, url, text }, index) => {
		const where = `${at}.button_list[${index}]`;
		if (!text) refuse(`${where}.text`, 'is empty');
		if (type === 1) return web(url, `${where}.url`);
		if (typeof key !== 'string' || !key) return refuse(`${where}.key`, 'is empty');
		if (bytes(key) > WECOM.buttonKey) refuse(`${where}.key`, `is over ${WECOM.buttonKey} bytes`);
		if (keys.has(key)) refuse(`${where}.key`, 'is used twice');
		keys.add(key);
	});
}

function count(value: unknown, max: number, at: string): Json[] {
	if (value === undefined) return [];
	if (!Array.isArray(value) || !value.every(isObject)) return refuse(at, 'is no list');
	if (value.length > max) refuse(at, `has more than ${max}`);
	return value;
}
