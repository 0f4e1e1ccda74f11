import { createHash, createHmac } from 'node:crypto';

import { checkNotice, checkRobot } from './content.ts';
import { bytes, obj, randomId, refuse, str } from './state.ts';
import type { DingTalkState, Json } from './state.ts';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;

export function getToken(state: DingTalkState, query: URLSearchParams): Json {
	if (
		query.get('appkey') !== state.config.appKey ||
		query.get('appsecret') !== state.config.appSecret
	)
		refuse(40096, '不合法的appKey或appSecret');
	const { token, expiresIn } = state.tokens.issue();
	return { errcode: 0, errmsg: 'ok', access_token: token, expires_in: expiresIn };
}

function checkSign(secret: string, query: URLSearchParams, now: number): void {
	const timestamp = query.get('timestamp') ?? '';
	if (!/^\d{13}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > HOUR_MS)
		refuse(310000, 'description:机器人发送签名过期;timestamp is invalid');
	const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
	if (query.get('sign') !== sign) refuse(310000, 'description:机器人发送签名不匹配;sign not match');
}

/** A custom robot of a group: 20 a minute, no id back. */
export function sendByRobot(state: DingTalkState, query: URLSearchParams, body: Json): Json {
	const token = query.get('access_token') ?? '';
	const robot = state.config.robots?.[token];
	if (robot === undefined) refuse(300005, 'token is not exist');
	if (robot.secret !== undefined) checkSign(robot.secret, query, state.now());
	checkRobot(body, bytes(JSON.stringify(body)));
	const words = JSON.stringify(body);
	if (robot.keywords && !robot.keywords.some((word) => words.includes(word)))
		refuse(310000, 'description:机器人发送失败;keywords not in content');
	if (state.robotWait(token) > 0) refuse(130101, 'send too fast, exceed 20 times per minute');
	state.record('post', `robot-${randomId(8)}`, [robot.group], '群机器人', body);
	// The documentation's own example has a text here.
	return { errcode: '0', errmsg: 'ok' };
}

function checkToken(state: DingTalkState, query: URLSearchParams): void {
	if (state.tokens.isValid(query.get('access_token'))) return;
	const inner = { sub_code: '40014', sub_msg: '不合法的access_token' };
	throw Object.assign(new HiddenError(), { inner });
}

/** 88, with the real code inside. */
export class HiddenError extends Error {
	inner: Json = {};
}

/** A work notice: what is over a quota or equal to an earlier one is accepted and dropped. */
export function sendNotice(state: DingTalkState, query: URLSearchParams, body: Json): Json {
	checkToken(state, query);
	if (state.apiWait('asyncsend_v2') > 0) refuse(90018, '您的服务器调用频率过高');
	if (String(body['agent_id']) !== String(state.config.agentId)) refuse(33011, '无效的agent_id');
	const msg = obj(body['msg']);
	checkNotice(msg);
	const users = str(body['userid_list']).split(',').filter(Boolean);
	if (users.length === 0) refuse(40035, '缺少参数 userid_list');
	if (users.length > 100) refuse(40035, 'userid_list exceeds 100');
	const task = String(state.now() * 1000 + state.notices.size);
	for (const userid of users) {
		const isKnown = state.config.users.some((one) => one.userid === userid);
		const content = createHash('sha256')
			.update(`${userid}\n${JSON.stringify(msg)}`)
			.digest('hex');
		const isRepeated = (state.today.get(content) ?? 0) > state.now();
		if (!isKnown) {
			state.notices.set(task, { userid, outcome: 'invalid' });
			state.dropped([userid], 'no such userid', body);
		} else if (isRepeated) {
			state.notices.set(task, { userid, outcome: 'forbidden', code: '143106' });
			state.dropped([userid], 'the same content was sent to this person today', body);
		} else {
			state.today.set(content, state.now() + DAY_MS);
			state.notices.set(task, { userid, outcome: 'unread' });
			state.record('post', task, [userid], '工作通知', body);
		}
	}
	return { errcode: 0, errmsg: 'ok', task_id: Number(task), request_id: randomId(8) };
}

export function sendResult(state: DingTalkState, query: URLSearchParams, body: Json): Json {
	checkToken(state, query);
	const found = state.notices.get(String(body['task_id']));
	if (String(body['agent_id']) !== String(state.config.agentId) || found === undefined)
		refuse(33011, '无效的agent_id或task_id');
	const named = (outcome: string): string[] => (found.outcome === outcome ? [found.userid] : []);
	return {
		errcode: 0,
		errmsg: 'ok',
		send_result: {
			invalid_user_id_list: named('invalid'),
			forbidden_user_id_list: named('forbidden'),
			forbidden_list:
				found.outcome === 'forbidden' ? [{ code: found.code, count: 1, userid: found.userid }] : [],
			failed_user_id_list: [],
			read_user_id_list: [],
			unread_user_id_list: named('unread'),
			invalid_dept_id_list: [],
		},
	};
}

/** The answer webhook of a conversation, while it lives. */
export function sendBySession(state: DingTalkState, query: URLSearchParams, body: Json): Json {
	const session = state.sessions.get(query.get('session') ?? '');
	if (session === undefined || session.until <= state.now())
		refuse(300001, 'session is not exist or expired');
	checkRobot(body, bytes(JSON.stringify(body)));
	state.record('ephemeral', `session-${randomId(8)}`, [session.to], '机器人', body);
	return { errcode: 0, errmsg: 'ok' };
}
