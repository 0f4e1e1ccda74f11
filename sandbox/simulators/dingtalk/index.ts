import { createFaults } from '../faults.ts';
import { startHttp } from '../http.ts';
import type { Call, Simulator, StartOptions } from '../http.ts';
import { createRate } from '../rate.ts';
import { createCaller } from '../two-way.ts';
import type { Callback, Pressable } from '../two-way.ts';
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
import { answerFor, isNew, spell } from './faults.ts';
import { getToken, sendByRobot, sendBySession, sendNotice, sendResult } from './oapi.ts';
import { createStream } from './stream.ts';
import type { DingTalkStream } from './stream.ts';
import { createTokens, obj, refuse, refuseNew, str } from './state.ts';
import type { DingTalkConfig, DingTalkState, Json } from './state.ts';
import { renderDingTalk } from './view.ts';

export type { DingTalkConfig } from './state.ts';

export interface DingTalkSimulator extends Simulator, Pressable {
	/** Makes every access token invalid from now on. */
	voidTokens(): void;
	/** Writes to the robot, alone or in a group. */
	say(user: string, text: string, messageId?: string, group?: boolean): Promise<Callback>;
	/** Its Stream mode. */
	stream: DingTalkStream;
	/** An event of the subscription; `check_url` is what the console sends first. */
	event(event: Json): Promise<Callback>;
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
	if (name === 'POST /v1.0/gateway/connections/open')
		return state.stream.open(body, `http://${call.headers.host}`);
	const handle = API[name];
	if (handle === undefined) refuseNew(404, 'InvalidAction.NotFound', `no such api: ${name}`);
	checkCall(state, call.headers['x-acs-dingtalk-access-token'] as string | undefined, name);
	return handle(state, body, call.query);
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
	const { cardRoute } = config;
	let stamped = 0;

	const refused = (status: number, code: string, why: string, raw: Json): void => {
		recorder.refusal({ channel: 'dingtalk', status, code, why, to: receivers(raw), raw });
	};
	const state: DingTalkState = {
		config,
		now,
		stamp(at) {
			// Put back by a fault switch: it is refused for its age.
			if (at < now() - 60_000) return String(at);
			stamped = Math.max(stamped + 1, at);
			return String(stamped);
		},
		robotWait: (token) => robots.take(token),
		apiWait: (api) => apis.take(api),
		tokens: createTokens(config, now),
		stream: createStream(config, now),
		cards: new Map(),
		routes: new Map(cardRoute ? [[cardRoute.routeKey, { apiSecret: cardRoute.apiSecret }]] : []),
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

	const faults = createFaults();
	const caller = createCaller({ channel: 'dingtalk', recorder, faults, now });
	const simulator = await startHttp({
		port: options.port,
		host: options.host,
		delayMs: config.delayMs,
		faults,
		upgrade: state.stream.upgrade,
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
	return {
		...simulator,
		stream: state.stream,
		async close() {
			state.stream.drop();
			await simulator.close();
		},
		voidTokens: () => state.tokens.voidAll(),
		callbacks: caller.sent,
		callbackFaults: caller.kinds,
		people: config.users.map(({ userid }) => userid),
		setCallbackUrl: (url) => caller.setUrl(url),
		press: (...given) => pressCard(state, caller, ...given),
		say: (user, text, _messageId, group) =>
			sayText(state, caller, simulator.url, user, text, group),
		event: (event) => sendEvent(state, caller, event),
	};
}
