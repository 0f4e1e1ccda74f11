import { createFaults } from '../faults.ts';
import type { Fault } from '../faults.ts';
import { startHttp } from '../http.ts';
import type { Answer, Call, Simulator, StartOptions } from '../http.ts';
import { createRate } from '../rate.ts';
import { createCaller } from '../two-way.ts';
import type { Callback, Pressable } from '../two-way.ts';
import { getToken, sendMessage, updateCard } from './app.ts';
import { hasUnicodeEscape } from './content.ts';
import { MEMBER_RATE, refuse, ROBOT_RATE, WeComError } from './directory.ts';
import type { Json, WeComConfig } from './directory.ts';
import { checkUrl, press, say } from './people.ts';
import { renderWeCom } from './rendered.ts';
import { sendByRobot } from './robot.ts';
import { createCodes, createTokens } from './state.ts';
import type { SentCard, WeComState } from './state.ts';

export type { WeComConfig } from './directory.ts';

export interface WeComSimulator extends Simulator, Pressable {
	/** The check of the callback URL that WeCom does when its settings are saved. */
	checkUrl(): Promise<Callback>;
	/** Makes every access token invalid (40014) from now on. */
	voidTokens(): void;
	/** The code that a button press brings along. */
	responseCode(msgid: string): string;
}

function readBody(call: Call): Json {
	if (call.method !== 'POST') refuse(43002, 'require POST method');
	let body: unknown;
	try {
		body = JSON.parse(call.text);
	} catch {
		refuse(47001, 'data format error');
	}
	if (typeof body !== 'object' || body === null || Array.isArray(body))
		refuse(47001, 'data format error');
	if (hasUnicodeEscape(call.text)) refuse(40033, 'invalid request character: \\uXXXX');
	return body as Json;
}

function route(state: WeComState, call: Call): Json {
	const token = call.query.get('access_token');
	switch (call.path) {
		case '/cgi-bin/gettoken':
			return getToken(state, call.query);
		case '/cgi-bin/message/send':
			return sendMessage(state, token, readBody(call));
		case '/cgi-bin/message/update_template_card':
			return updateCard(state, token, readBody(call));
		case '/cgi-bin/webhook/send':
			return sendByRobot(state, call.query.get('key'), readBody(call));
		default:
			refuse(40078, `no such api: ${call.path}`);
	}
}

const errorText = (errcode: number, why: string): string =>
	`${why}, hint: [sandbox], more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`;

const wrong = (errcode: number, why: string): Answer => ({
	status: 200,
	body: { errcode, errmsg: errorText(errcode, why) },
});

/** WeCom says everything with HTTP 200; only its gateway answers 5xx. */
function spell(fault: Fault, call: Call): Answer | undefined {
	if (fault.kind === '429') return wrong(45009, 'api freq out of limit');
	if (fault.kind === '5xx')
		return { status: fault.status ?? 502, body: '<html>502 Bad Gateway</html>' };
	if (fault.kind !== 'reject_auth') return undefined;
	if (call.path === '/cgi-bin/gettoken') return wrong(40001, 'invalid credential');
	if (call.path === '/cgi-bin/webhook/send') return wrong(93000, 'invalid webhook url');
	return wrong(40014, 'invalid access_token');
}

const parsed = (call: Call): unknown => {
	try {
		return JSON.parse(call.text) as unknown;
	} catch {
		return call.text;
	}
};

/** WeCom's app messages and group robots. */
export async function startWeCom(options: StartOptions<WeComConfig>): Promise<WeComSimulator> {
	const { recorder, config } = options;
	const now = config.now ?? Date.now;
	const robots = createRate(config.robotRate === undefined ? ROBOT_RATE : config.robotRate, now);
	const members = createRate(
		config.memberRate === undefined ? MEMBER_RATE : config.memberRate,
		now,
	);
	const sent = new Map<string, SentCard>();

	function refused(status: number, code: string, why: string, raw: unknown): void {
		const to = (raw as Json | null)?.['touser'];
		const users = typeof to === 'string' ? to.split('|') : undefined;
		recorder.refusal({ channel: 'wecom', status, code, why, to: users, raw });
	}

	const state: WeComState = {
		config,
		now,
		...createTokens(config, now),
		...createCodes(sent, now),
		sent,
		taskIds: new Set(),
		duplicates: new Map(),
		robotWait: (key) => robots.take(key),
		memberWait: (userid) => members.take(userid),
		record(kind, ref, to, body) {
			const rendered = recorder.countOnly ? { text: '' } : renderWeCom(body);
			recorder.message({
				channel: 'wecom',
				kind,
				ref,
				to,
				sender: senderOf(body),
				payload: body,
				rendered,
				raw: body,
			});
		},
		dropped: (to, why, body) =>
			refused(200, 'dropped', `accepted, not delivered: ${why}`, { ...body, touser: to.join('|') }),
	};

	const senderOf = (body: Json): string =>
		body['agentid'] === undefined ? '群机器人' : `应用 ${String(body['agentid'])}`;

	const faults = createFaults();
	const simulator = await startHttp({
		port: options.port,
		host: options.host,
		delayMs: config.delayMs,
		faults,
		handle(call) {
			try {
				return { status: 200, body: route(state, call) };
			} catch (error) {
				if (!(error instanceof WeComError)) throw error;
				refused(200, String(error.errcode), `${call.path}: ${error.message}`, parsed(call));
				return wrong(error.errcode, error.message);
			}
		},
		spell(fault, call) {
			const answer = spell(fault, call);
			const code = (answer?.body as Json | undefined)?.['errcode'] ?? `http_${answer?.status}`;
			if (answer)
				refused(answer.status, String(code), `${call.path}: by a fault switch`, parsed(call));
			return answer;
		},
		lost: (fault, call) =>
			refused(0, fault.kind, `${call.path}: no answer, by a fault switch`, parsed(call)),
	});
	const caller = createCaller({ channel: 'wecom', recorder, faults, now });
	return {
		...simulator,
		callbacks: caller.sent,
		callbackFaults: caller.kinds,
		people: config.users.map(({ userid }) => userid),
		setCallbackUrl: (url) => caller.setUrl(url),
		press: (messageId, button, user) => press(state, caller, messageId, button, user),
		say: (user, text) => say(state, caller, user, text),
		checkUrl: () => checkUrl(state, caller),
		voidTokens: () => state.voidTokens(),
		responseCode: (msgid) => state.responseCode(msgid),
	};
}
