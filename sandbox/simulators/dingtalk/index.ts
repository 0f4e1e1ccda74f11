import type { Fault } from '../faults.ts';
import { startHttp } from '../http.ts';
import type { Answer, Call, Simulator, StartOptions } from '../http.ts';
import { createRate } from '../rate.ts';
import {
	accessToken,
	batchSend,
	checkCall,
	createCard,
	groupSend,
	readStatus,
	register,
	updateCard,
} from './api.ts';
import { pressCard, sayText, sendEvent } from './calls.ts';
import type { CallbackAnswer } from './calls.ts';
import {
	getToken,
	HiddenError,
	sendByRobot,
	sendBySession,
	sendNotice,
	sendResult,
} from './oapi.ts';
import { createTokens, DingTalkError, obj, randomId, refuse, refuseNew, str } from './state.ts';
import type { DingTalkConfig, DingTalkState, Json } from './state.ts';
import { renderDingTalk } from './view.ts';

export type { DingTalkConfig } from './state.ts';

export interface DingTalkSimulator extends Simulator {
	/** Makes every access token invalid from now on. */
	voidTokens(): void;
	/** Where messages to the robot and events go. */
	setCallbackUrl(url: string): void;
	/** Presses a card's button: its index, its name (`button1`) or its value. */
	press(
		outTrackId: string,
		button: number | string,
		user: string,
		params?: Record<string, string>,
	): Promise<CallbackAnswer>;
	/** Writes to the robot, in a group or alone. */
	say(user: string, text: string, group?: boolean): Promise<CallbackAnswer>;
	/** An event of the subscription; `check_url` is what the console sends first. */
	event(event: Json): Promise<CallbackAnswer>;
	/** Every call to the callback address with its answer, oldest first. */
	calls: CallbackAnswer[];
}

const ROBOT_RATE = { count: 20, perMs: 60_000, burst: 20 };
const API_RATE = { count: 20, perMs: 1_000, burst: 20 };

const parsed = (call: Call): Json => {
	try {
		return obj(JSON.parse(call.text || '{}'));
	} catch {
		return {};
	}
};

/** The two hosts of DingTalk answer in two ways; here they share an address. */
const isNew = (call: Call): boolean => call.path.startsWith('/v1.0/');

function old(state: DingTalkState, call: Call): Json {
	const body = parsed(call);
	if (call.path === '/gettoken') return getToken(state, call.query);
	if (call.method !== 'POST') refuse(43002, 'require POST method');
	switch (call.path) {
		case '/robot/send':
			return sendByRobot(state, call.query, body);
		case '/robot/sendBySession':
			return sendBySession(state, call.query, body);
		case '/topapi/message/corpconversation/asyncsend_v2':
			return sendNotice(state, call.query, body);
		case '/topapi/message/corpconversation/getsendresult':
			return sendResult(state, call.query, body);
		default:
			refuse(22, `no such api: ${call.path}`);
	}
}

const API: Record<string, (state: DingTalkState, body: Json, query: URLSearchParams) => Json> = {
	'POST /v1.0/robot/oToMessages/batchSend': batchSend,
	'POST /v1.0/robot/groupMessages/send': groupSend,
	'GET /v1.0/robot/oToMessages/readStatus': (state, _body, query) => readStatus(state, query),
	'POST /v1.0/card/callbacks/register': register,
	'POST /v1.0/card/instances/createAndDeliver': createCard,
	'PUT /v1.0/card/instances': updateCard,
};

function fresh(state: DingTalkState, call: Call): Json {
	const body = parsed(call);
	const name = `${call.method} ${call.path}`;
	if (name === 'POST /v1.0/oauth2/accessToken') return accessToken(state, body);
	const handle = API[name];
	if (handle === undefined) refuseNew(404, 'InvalidAction.NotFound', `no such api: ${name}`);
	checkCall(state, call.headers['x-acs-dingtalk-access-token'] as string | undefined, name);
	return handle(state, body, call.query);
}

function answerFor(error: unknown): { answer: Answer; code: string; why: string } {
	if (error instanceof HiddenError) {
		const { sub_code, sub_msg } = error.inner;
		return {
			code: str(sub_code),
			why: str(sub_msg),
			answer: {
				status: 200,
				body: {
					errcode: 88,
					sub_code,
					sub_msg,
					errmsg: `ding talk error[subcode=${str(sub_code)},submsg=${str(sub_msg)}]`,
					request_id: randomId(6),
				},
			},
		};
	}
	if (!(error instanceof DingTalkError)) throw error;
	const { code, message, status } = error;
	const body =
		typeof code === 'number'
			? { errcode: code, errmsg: message }
			: { code, message, requestid: randomId(8).toUpperCase() };
	return { code: String(code), why: message, answer: { status, body } };
}

/** A fault in DingTalk's own words. */
function spell(fault: Fault, call: Call): Answer | undefined {
	if (fault.kind === '5xx')
		return { status: fault.status ?? 502, body: '<html>502 Bad Gateway</html>' };
	const spelled = (error: DingTalkError): Answer => answerFor(error).answer;
	if (fault.kind === '429') {
		if (isNew(call))
			return spelled(
				new DingTalkError('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', 'too fast', 403),
			);
		if (call.path === '/robot/send')
			return spelled(new DingTalkError(130101, 'send too fast, exceed 20 times per minute'));
		return spelled(new DingTalkError(90018, '您的服务器调用频率过高'));
	}
	if (fault.kind !== 'reject_auth') return undefined;
	if (call.path.endsWith('/accessToken'))
		return spelled(
			new DingTalkError('invalidClientIdOrSecret', '无效的clientId或者clientSecret', 400),
		);
	if (isNew(call))
		return spelled(new DingTalkError('InvalidAuthentication', '不合法的access_token', 401));
	if (call.path === '/gettoken')
		return spelled(new DingTalkError(40096, '不合法的appKey或appSecret'));
	return spelled(
		new DingTalkError(call.path === '/robot/send' ? 300005 : 40014, 'token is not exist'),
	);
}

function receivers(body: Json): string[] | undefined {
	if (Array.isArray(body['userIds'])) return (body['userIds'] as unknown[]).map(String);
	const userid = str(body['userid_list']);
	return userid ? userid.split(',') : undefined;
}

/** DingTalk: custom robots, work notices, robot messages of an app, interactive cards. */
export async function startDingTalk(
	options: StartOptions<DingTalkConfig>,
): Promise<DingTalkSimulator> {
	const { recorder, config } = options;
	const now = config.now ?? Date.now;
	const robots = createRate(config.robotRate === undefined ? ROBOT_RATE : config.robotRate, now);
	const apis = createRate(config.apiRate === undefined ? API_RATE : config.apiRate, now);
	let callbackUrl = config.callbackUrl;
	const { cardRoute } = config;
	const calls: CallbackAnswer[] = [];

	const refused = (status: number, code: string, why: string, raw: Json): void => {
		recorder.refusal({ channel: 'dingtalk', status, code, why, to: receivers(raw), raw });
	};
	const state: DingTalkState = {
		config,
		now,
		robotWait: (token) => robots.take(token),
		apiWait: (api) => apis.take(api),
		tokens: createTokens(config, now),
		cards: new Map(),
		routes: new Map(cardRoute ? [[cardRoute.routeKey, { apiSecret: cardRoute.apiSecret }]] : []),
		callbackUrl() {
			if (callbackUrl === undefined) throw new Error('no callback URL is set');
			return callbackUrl;
		},
		notices: new Map(),
		today: new Map(),
		sessions: new Map(),
		record(kind, ref, to, sender, body) {
			const rendered = recorder.countOnly ? { text: '' } : renderDingTalk(body);
			recorder.message({
				channel: 'dingtalk',
				kind,
				ref,
				to,
				sender,
				payload: body,
				rendered,
				raw: body,
			});
		},
		dropped: (to, why, body) =>
			refused(200, 'dropped', `accepted, not delivered: ${why}`, { ...body, userIds: to }),
	};

	const simulator = await startHttp({
		port: options.port,
		host: options.host,
		delayMs: config.delayMs,
		handle(call) {
			try {
				return { status: 200, body: isNew(call) ? fresh(state, call) : old(state, call) };
			} catch (error) {
				const { answer, code, why } = answerFor(error);
				refused(answer.status, code, `${call.path}: ${why}`, parsed(call));
				return answer;
			}
		},
		spell(fault, call) {
			const answer = spell(fault, call);
			const body = obj(answer?.body);
			if (answer)
				refused(
					answer.status,
					String(body['code'] ?? body['errcode'] ?? `http_${answer.status}`),
					`${call.path}: by a fault switch`,
					parsed(call),
				);
			return answer;
		},
		lost: (fault, call) =>
			refused(0, fault.kind, `${call.path}: no answer, by a fault switch`, parsed(call)),
	});
	const kept = async (pending: Promise<CallbackAnswer>): Promise<CallbackAnswer> => {
		const answer = await pending;
		calls.push(answer);
		return answer;
	};
	return {
		...simulator,
		voidTokens: () => state.tokens.voidAll(),
		setCallbackUrl(url) {
			callbackUrl = url;
		},
		press: (outTrackId, button, user, params) =>
			kept(pressCard(state, outTrackId, button, user, params)),
		say: (user, text, group) =>
			kept(sayText(state, state.callbackUrl(), simulator.url, user, text, group)),
		event: (event) => kept(sendEvent(state, state.callbackUrl(), event)),
		calls,
	};
}
