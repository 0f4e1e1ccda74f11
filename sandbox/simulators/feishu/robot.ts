import { createHmac, randomBytes } from 'node:crypto';

import { checkCard } from './cards.ts';
import { bytes, isObject, refuse } from './directory.ts';
import type { FeishuConfig, FeishuRobot, Json } from './directory.ts';
import { checkPost } from './messages.ts';
import type { FeishuState } from './messages.ts';

/** The webhook answers everything with HTTP 200, but for what is no message at all. */
const wrong = (code: number, msg: string): never => refuse(code, msg, 200);

function checkSign(robot: FeishuRobot, body: Json, now: number): void {
	if (robot.secret === undefined) return;
	const { timestamp, sign } = body;
	const fail = (): never =>
		wrong(19021, 'sign match fail or timestamp is not within one hour from current time');
	if (typeof timestamp !== 'string' || typeof sign !== 'string') return fail();
	const expected = createHmac('sha256', `${timestamp}\n${robot.secret}`)
		.update('')
		.digest('base64');
	if (sign !== expected || Math.abs(now / 1000 - Number(timestamp)) > 3600) fail();
}

function contentOf(body: Json): { type: string; content: Json } {
	const type = body['msg_type'];
	if (typeof type !== 'string') return wrong(19002, 'params error, msg_type need');
	if (type === 'interactive') {
		checkCard(body['card'], { code: 11246, callbacks: false });
		return { type, content: body['card'] as Json };
	}
	const content = body['content'];
	if (!isObject(content)) return wrong(9499, 'Bad Request');
	if (type === 'text') {
		if (typeof content['text'] !== 'string' || content['text'] === '') wrong(9499, 'Bad Request');
		return { type, content };
	}
	if (type === 'post') {
		if (!isObject(content['post'])) return wrong(9499, 'Bad Request');
		checkPost(content['post']);
		return { type, content: content['post'] };
	}
	if (!['image', 'share_chat'].includes(type)) wrong(9499, `unsupported msg_type ${type}`);
	return { type, content };
}

/** A custom bot: no token, no id back, 100 a minute and 5 a second. */
export function sendByRobot(
	state: FeishuState,
	config: FeishuConfig,
	key: string,
	call: { text: string; body: Json },
	wait: number,
): Json {
	const robot = config.robots?.[key];
	if (robot === undefined)
		return wrong(19001, 'param invalid: incoming webhook access token invalid');
	checkSign(robot, call.body, state.now());
	if (bytes(call.text) > 20 * 1024) wrong(9499, 'Bad Request: body is over 20k');
	const made = contentOf(call.body);
	if (robot.keyword && !call.text.includes(robot.keyword)) wrong(19024, 'Key Words Not Found');
	if (wait > 0) wrong(11232, 'frequency limited psm[lark.oapi.app_platform_runtime]');
	const id = `robot-${randomBytes(8).toString('hex')}`;
	state.record('post', { id, ...made, to: robot.group, chatId: robot.group, at: state.now() });
	return { code: 0, msg: 'success', data: {}, StatusCode: 0, StatusMessage: 'success' };
}
