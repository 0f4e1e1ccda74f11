import { ItsmNotifyError } from '../../errors';
import { bytes } from '../cut';
import { isObject, type Json } from '../text';
import { toNotice, toRobot } from './forms';
import { DINGTALK } from './limits';

const refuse = (field: string, why: string): never => {
	throw new ItsmNotifyError(
		'invalid_payload',
		`DingTalk would refuse the message: ${field} ${why}.`,
		{
			field,
		},
	);
};

const filled = (part: Json, name: string, at: string): void => {
	const text = part[name];
	if (typeof text !== 'string' || !text.trim()) refuse(`${at}.${name}`, 'is empty');
};

/** DingTalk's own `dingtalk://` pages count too. */
const page = (value: unknown, at: string): void => {
	if (
		typeof value !== 'string' ||
		!URL.canParse(value) ||
		!/^(?:https?|dingtalk):$/.test(new URL(value).protocol)
	)
		refuse(at, 'is no http(s) URL');
};

const CHECKS: Record<string, (part: Json) => void> = {
	text: (part) => filled(part, 'content', 'text'),
	markdown(part) {
		filled(part, 'title', 'markdown');
		filled(part, 'text', 'markdown');
	},
	link(part) {
		filled(part, 'title', 'link');
		filled(part, 'text', 'link');
		page(part.messageUrl, 'link.messageUrl');
		if (part.picUrl !== undefined && part.picUrl !== '' && typeof part.picUrl !== 'string')
			refuse('link.picUrl', 'is no text');
	},
	actionCard(part) {
		filled(part, 'title', 'actionCard');
		filled(part, 'text', 'actionCard');
		const buttons = part.btns === undefined ? [] : list(part.btns, 'actionCard.btns');
		buttons.forEach((one, at) => {
			filled(one, 'title', `actionCard.btns[${at}]`);
			page(one.actionURL, `actionCard.btns[${at}].actionURL`);
		});
		if (buttons.length > 0) return;
		filled(part, 'singleTitle', 'actionCard');
		page(part.singleURL, 'actionCard.singleURL');
	},
	feedCard(part) {
		const links = list(part.links, 'feedCard.links');
		if (links.length === 0) refuse('feedCard.links', 'is empty');
		links.forEach((one, at) => {
			filled(one, 'title', `feedCard.links[${at}]`);
			page(one.messageURL, `feedCard.links[${at}].messageURL`);
		});
	},
	oa(part) {
		page(part.message_url, 'oa.message_url');
		if (!isObject(part.body)) refuse('oa.body', 'is missing');
	},
};

/** Throws ItsmNotifyError `invalid_payload` naming what DingTalk would refuse in one of its ways of sending. */
export function check(payload: Json): void {
	const type = payload.msgtype;
	if (typeof type !== 'string' || !Object.hasOwn(CHECKS, type))
		return refuse('msgtype', `must be one of ${Object.keys(CHECKS).join(', ')}`);
	const part = payload[type];
	if (!isObject(part)) return refuse(type, 'is missing');
	CHECKS[type](part);
	if (bytes(JSON.stringify(toRobot(payload))) > DINGTALK.robotBody)
		refuse(type, `is over ${DINGTALK.robotBody} bytes`);
	if (bytes(JSON.stringify(toNotice(payload))) > DINGTALK.notice)
		refuse('notice', `is over ${DINGTALK.notice} bytes`);
	for (const [name, value] of Object.entries(isObject(payload.card) ? payload.card : {}))
		if (typeof value !== 'string') refuse(`card.${name}`, 'is no text');
}

function list(value: unknown, at: string): Json[] {
	if (!Array.isArray(value) || !value.every(isObject)) return refuse(at, 'is no list');
	return value;
}
