import { bytes, list, obj, refuse, refuseNew, str } from './state.ts';
import type { Json } from './state.ts';

type Refuse = (why: string) => never;

const text = (part: Json, name: string, wrong: Refuse): void => {
	if (str(part[name]).trim() === '') wrong(`missing ${name}`);
};
const url = (part: Json, name: string, wrong: Refuse): void => {
	const value = str(part[name]);
	if (!URL.canParse(value) || !/^(https?|dingtalk):$/.test(new URL(value).protocol))
		wrong(`invalid ${name}`);
};

/** The body of a custom robot. */
export function checkRobot(body: Json, size: number): void {
	const type = str(body['msgtype']);
	if (type === '') refuse(40035, '缺少参数 msgtype');
	const part = obj(body[type]);
	const wrong: Refuse = (why) => refuse(40035, `缺少参数 ${type}: ${why}`);
	if (body['notice'] !== undefined || body['card'] !== undefined) wrong('unknown field');
	if (size > 20_000) refuse(460101, 'message too long, exceed 20000 bytes');
	if (type === 'text') text(part, 'content', wrong);
	else if (type === 'markdown') ['title', 'text'].forEach((name) => text(part, name, wrong));
	else if (type === 'link') {
		['title', 'text'].forEach((name) => text(part, name, wrong));
		url(part, 'messageUrl', wrong);
	} else if (type === 'actionCard') actionCard(part, wrong);
	else if (type === 'feedCard') {
		const links = list(part['links']);
		if (links.length === 0) wrong('missing links');
		links.forEach((one) => (text(one, 'title', wrong), url(one, 'messageURL', wrong)));
	} else refuse(400105, `unsupported msgtype: ${type}`);
}

function actionCard(part: Json, wrong: Refuse): void {
	['title', 'text'].forEach((name) => text(part, name, wrong));
	const buttons = list(part['btns']);
	if (buttons.length > 0)
		buttons.forEach((one) => (text(one, 'title', wrong), url(one, 'actionURL', wrong)));
	else {
		text(part, 'singleTitle', wrong);
		url(part, 'singleURL', wrong);
	}
}

/** `msg` of a work notice: at most 2,048 bytes. */
export function checkNotice(msg: Json): void {
	const type = str(msg['msgtype']);
	const part = obj(msg[type]);
	const wrong: Refuse = (why) => refuse(33007, `msg.${type}: ${why}`);
	if (bytes(JSON.stringify(msg)) > 2048) refuse(40035, 'msg exceeds 2048 bytes');
	if (type === 'text') text(part, 'content', wrong);
	else if (type === 'markdown') ['title', 'text'].forEach((name) => text(part, name, wrong));
	else if (type === 'link') {
		['title', 'text', 'picUrl'].forEach((name) => text(part, name, wrong));
		url(part, 'messageUrl', wrong);
	} else if (type === 'action_card') {
		['title', 'markdown'].forEach((name) => text(part, name, wrong));
		const buttons = list(part['btn_json_list']);
		if (buttons.length > 0) {
			text(part, 'btn_orientation', wrong);
			buttons.forEach((one) => (text(one, 'title', wrong), url(one, 'action_url', wrong)));
		} else {
			text(part, 'single_title', wrong);
			url(part, 'single_url', wrong);
		}
	} else if (type === 'oa') {
		url(part, 'message_url', wrong);
		if (Object.keys(obj(part['body'])).length === 0) wrong('missing body');
	} else refuse(33007, `msgtype ${type} is not supported`);
}

const wrongParam: Refuse = (why) => refuseNew(400, 'invalidParameter.msgParam.invalid', why);

/** `msgKey` and `msgParam` of the app's robot. */
export function checkSample(body: Json): Json {
	const key = str(body['msgKey']);
	if (typeof body['msgParam'] !== 'string') wrongParam('msgParam must be a JSON string');
	let param: Json;
	try {
		param = obj(JSON.parse(body['msgParam'] as string));
	} catch {
		return wrongParam('msgParam is no JSON');
	}
	const many = /^sampleActionCard([2-5])$/.exec(key);
	if (key === 'sampleText') text(param, 'content', wrongParam);
	else if (key === 'sampleMarkdown')
		['title', 'text'].forEach((name) => text(param, name, wrongParam));
	else if (key === 'sampleLink') {
		['title', 'text'].forEach((name) => text(param, name, wrongParam));
		url(param, 'messageUrl', wrongParam);
	} else if (key === 'sampleActionCard') {
		['title', 'text', 'singleTitle'].forEach((name) => text(param, name, wrongParam));
		url(param, 'singleURL', wrongParam);
	} else if (many) {
		['title', 'text'].forEach((name) => text(param, name, wrongParam));
		for (let at = 1; at <= Number(many[1]); at += 1) {
			text(param, `actionTitle${at}`, wrongParam);
			url(param, `actionURL${at}`, wrongParam);
		}
	} else refuseNew(400, 'invalidParameter.msgKey.invalid', `unknown msgKey ${key}`);
	return param;
}

/** Card variables are texts, without exception. */
export function checkParams(cardData: unknown): Json {
	const params = obj(cardData)['cardParamMap'];
	if (typeof params !== 'object' || params === null)
		refuseNew(400, 'param.cardData.missing', 'cardData.cardParamMap is missing');
	for (const [name, value] of Object.entries(params as Json))
		if (typeof value !== 'string')
			refuseNew(400, 'param.cardData.invalid', `cardParamMap.${name} is no string`);
	return params as Json;
}
