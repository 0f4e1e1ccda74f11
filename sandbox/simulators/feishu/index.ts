import { CALLBACK_FAULT_KINDS, createFaults } from '../faults.ts';
import { startHttp } from '../http.ts';
import type { Call, Simulator, StartOptions } from '../http.ts';
import { createRate } from '../rate.ts';
import { createCaller } from '../two-way.ts';
import type { Callback, Pressable } from '../two-way.ts';
import { APP_RATE, FeishuError, isObject, refuse, ROBOT_RATE, USER_RATE } from './directory.ts';
import type { FeishuConfig, Json } from './directory.ts';
import { spell, wrong } from './faults.ts';
import { patchMessage, replyTo, sendMessage } from './messages.ts';
import type { FeishuState } from './messages.ts';
import { press, read, say, verifyUrl } from './people.ts';
import { renderFeishu } from './rendered.ts';
import { sendByRobot } from './robot.ts';
import { createStream } from './stream.ts';
import type { FeishuStream } from './stream.ts';
import { createTokens } from './tokens.ts';

export type { FeishuConfig } from './directory.ts';

export interface FeishuSimulator extends Simulator, Pressable {
	/** Makes every access token invalid (99991663) from now on. */
	voidTokens(): void;
	/** Its long connections. */
	stream: FeishuStream;
	/** `mentions` as Feishu lists those who are named in the text. */
	say(user: string, text: string, messageId?: string, mentions?: Json[]): Promise<Callback>;
	/** A person has read a message. */
	read(messageId: string, user: string): Promise<Callback>;
	/** The check that Feishu makes when the URL is saved. */
	verifyUrl(challenge?: string): Promise<Callback>;
}

function readBody(call: Call): Json {
	let body: unknown;
	try {
		body = JSON.parse(call.text);
	} catch {
		refuse(9499, 'Bad Request');
	}
	if (!isObject(body)) refuse(9499, 'Bad Request');
	return body;
}

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
};

/** Without an Encrypt Key no time is signed. */
const UNSIGNED = ['repeat', 'forge'] as const;

/** Feishu's app messages, card callbacks and custom bots. */
export async function startFeishu(options: StartOptions<FeishuConfig>): Promise<FeishuSimulator> {
	const { recorder, config } = options;
	const now = config.now ?? Date.now;
	const rate = (given: FeishuConfig['appRate'], standard: typeof APP_RATE) =>
		createRate(given === undefined ? standard : given, now);
	const apps = rate(config.appRate, APP_RATE);
	const people = rate(config.userRate, USER_RATE);
	const robots = rate(config.robotRate, ROBOT_RATE);
	const tokens = createTokens(config, now);

	const state: FeishuState = {
		config,
		now,
		sent: new Map(),
		uuids: new Map(),
		stream: createStream(config, now),
		personWait: (key) => people.take(key),
		record(kind, message) {
			const { id, type, content, to } = message;
			recorder.message({
				channel: 'feishu',
				kind,
				ref: id,
				to: [to],
				sender: id.startsWith('robot-') ? '自定义机器人' : config.appId,
				payload: { msg_type: type, content },
				rendered: recorder.countOnly ? { text: '' } : renderFeishu(type, content),
				raw: { msg_type: type, content },
			});
		},
	};

	function refused(status: number, code: string, why: string, call: Call): void {
		const raw = parsed(call.text);
		const to =
			isObject(raw) && typeof raw['receive_id'] === 'string' ? [raw['receive_id']] : undefined;
		recorder.refusal({ channel: 'feishu', status, code, why: `${call.path}: ${why}`, to, raw });
	}

	function api(call: Call): Json {
		tokens.check(call.headers.authorization);
		const wait = apps.take('app');
		if (wait > 0) {
			const reset = String(Math.ceil(wait / 1000));
			refuse(99991400, 'request trigger frequency limit', 429, { 'x-ogw-ratelimit-reset': reset });
		}
		const [, messageId = '', action] =
			/^\/open-apis\/im\/v1\/messages\/([^/]+)(\/reply)?$/.exec(call.path) ?? [];
		const body = readBody(call);
		if (call.method === 'POST' && call.path === '/open-apis/im/v1/messages')
			return sendMessage(state, call.query.get('receive_id_type'), body);
		if (call.method === 'POST' && action) return replyTo(state, messageId, body);
		if (call.method === 'PATCH' && messageId && !action)
			return patchMessage(state, messageId, body);
		return refuse(99991401, `no such api: ${call.method} ${call.path}`, 404);
	}

	function route(call: Call): Json {
		const hook = /^\/open-apis\/bot\/v2\/hook\/([^/]+)$/.exec(call.path)?.[1];
		if (hook !== undefined) {
			const body = readBody(call);
			return sendByRobot(state, config, hook, { text: call.text, body }, robots.take(hook));
		}
		if (call.path === '/open-apis/auth/v3/tenant_access_token/internal')
			return tokens.issue(readBody(call));
		if (call.path === '/callback/ws/endpoint') {
			const data = state.stream.endpoint(readBody(call), `http://${call.headers.host}`);
			return { code: 0, msg: 'success', data };
		}
		return { code: 0, msg: 'success', data: api(call) };
	}

	const faults = createFaults();
	const caller = createCaller({
		...{ channel: 'feishu', recorder, faults, now },
		kinds: config.callback?.encryptKey ? CALLBACK_FAULT_KINDS : UNSIGNED,
	});
	caller.setUrl(config.callback?.url);
	const simulator = await startHttp({
		port: options.port,
		host: options.host,
		delayMs: config.delayMs,
		faults,
		upgrade: state.stream.upgrade,
		handle(call) {
			try {
				return { status: 200, body: route(call) };
			} catch (error) {
				if (!(error instanceof FeishuError)) throw error;
				refused(error.status, String(error.code), error.message, call);
				return wrong(error.code, error.message, error.status, error.headers);
			}
		},
		spell(fault, call) {
			const answer = spell(fault, call);
			const code = (answer?.body as Json | undefined)?.['code'] ?? `http_${answer?.status}`;
			if (answer) refused(answer.status, String(code), 'by a fault switch', call);
			return answer;
		},
		lost: (fault, call) => refused(0, fault.kind, 'no answer, by a fault switch', call),
	});

	return {
		...simulator,
		stream: state.stream,
		async close() {
			state.stream.drop();
			await simulator.close();
		},
		voidTokens: tokens.void,
		callbacks: caller.sent,
		callbackFaults: caller.kinds,
		people: config.users.map(({ open_id }) => open_id),
		setCallbackUrl: (url) => caller.setUrl(url),
		press: (...given) => press(state, caller, ...given),
		say: (...given) => say(state, caller, ...given),
		read: (...given) => read(state, caller, ...given),
		verifyUrl: (challenge) => verifyUrl(state, caller, challenge),
	};
}
