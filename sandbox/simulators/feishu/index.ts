import { randomBytes } from 'node:crypto';

import type { Fault } from '../faults.ts';
import { startHttp } from '../http.ts';
import type { Answer, Call, Simulator, StartOptions } from '../http.ts';
import { createRate } from '../rate.ts';
import { eventOf, idsOf, postCall, signedCall } from './callback.ts';
import type { Called } from './callback.ts';
import { APP_RATE, FeishuError, isObject, refuse, ROBOT_RATE, USER_RATE } from './directory.ts';
import type { FeishuConfig, FeishuUser, Json } from './directory.ts';
import { patchMessage, received, replyTo, sendMessage } from './messages.ts';
import type { FeishuState } from './messages.ts';
import { elementsOf, renderFeishu, valueOf } from './rendered.ts';
import { sendByRobot } from './robot.ts';
import { createTokens } from './tokens.ts';

export type { FeishuConfig } from './directory.ts';

export interface FeishuSimulator extends Simulator {
	/** Makes every access token invalid (99991663) from now on. */
	voidTokens(): void;
	/** Where presses and messages are sent. */
	setCallback(url: string): void;
	/** Presses a button of a sent card, by its place or value; `form` are texts typed in. */
	press(
		messageId: string,
		button: number | string,
		user: string,
		form?: Record<string, string>,
	): Promise<Called>;
	/** A person writes to the bot, perhaps below one of its messages. */
	say(
		user: string,
		text: string,
		options?: { replyTo?: string; mentions?: Json[] },
	): Promise<Called>;
	/** A person has read a message. */
	read(messageId: string, user: string): Promise<Called>;
	/** The check that Feishu makes when the URL is saved. */
	verifyUrl(challenge?: string): Promise<Called>;
	/** All calls that were made, with their answers. */
	calls: Called[];
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

const wrong = (code: number, msg: string, status: number, headers = {}): Answer => ({
	status,
	headers: { ...headers, 'x-tt-logid': randomBytes(8).toString('hex') },
	body: { code, msg },
});

/** What a fault looks like in Feishu's words. */
function spell(fault: Fault, call: Call): Answer | undefined {
	const isRobot = call.path.includes('/bot/v2/hook/');
	const isToken = call.path.includes('/tenant_access_token/');
	if (fault.kind === '429') {
		if (isRobot) return wrong(11232, 'frequency limited', 200);
		const wait = String(fault.wait ?? 1);
		return wrong(99991400, 'request trigger frequency limit', 429, {
			'x-ogw-ratelimit-reset': wait,
		});
	}
	if (fault.kind === '5xx')
		return { status: fault.status ?? 502, body: '<html>502 Bad Gateway</html>' };
	if (fault.kind !== 'reject_auth') return undefined;
	if (isRobot)
		return wrong(
			19021,
			'sign match fail or timestamp is not within one hour from current time',
			200,
		);
	if (isToken) return wrong(10014, 'app secret invalid', 200);
	return wrong(
		99991663,
		'Invalid access token for authorization. Please make a request with token attached.',
		400,
	);
}

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
};

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
	const calls: Called[] = [];
	let callbackUrl = config.callback?.url;

	const state: FeishuState = {
		config,
		now,
		sent: new Map(),
		uuids: new Map(),
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
		return { code: 0, msg: 'success', data: api(call) };
	}

	const simulator = await startHttp({
		port: options.port,
		host: options.host,
		delayMs: config.delayMs,
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

	const userOf = (id: string): FeishuUser => {
		const found = config.users.find(({ open_id, email }) => open_id === id || email === id);
		if (!found) throw new Error(`Feishu knows no user ${id}`);
		return found;
	};

	async function tell(event: Json): Promise<Called> {
		if (!config.callback || !callbackUrl) throw new Error('no callback URL is set');
		const called = await postCall(callbackUrl, event, signedCall(event, config.callback, now()));
		calls.push(called);
		return called;
	}

	return {
		...simulator,
		calls,
		voidTokens: tokens.void,
		setCallback(url) {
			callbackUrl = url;
		},
		async press(messageId, which, who, form) {
			const message = state.sent.get(messageId);
			const user = userOf(who);
			if (message?.type !== 'interactive') throw new Error(`no card ${messageId}`);
			const buttons = [...elementsOf(message.content)].filter((one) => one['tag'] === 'button');
			const button =
				typeof which === 'number'
					? buttons[which]
					: buttons.find((one) => {
							const value = valueOf(one);
							return value === which || (isObject(value) && value['token'] === which);
						});
			const value = button && valueOf(button);
			if (!button || value === undefined) throw new Error('no such button, or it opens a page');
			const isForm = button['form_action_type'] === 'submit';
			return await tell(
				eventOf(
					config,
					'card.action.trigger',
					{
						operator: { tenant_key: 'sandbox_tenant', ...idsOf(user) },
						token: `c-${randomBytes(20).toString('hex')}`,
						action: {
							tag: 'button',
							value,
							timezone: 'Asia/Shanghai',
							...(button['name'] ? { name: button['name'] } : {}),
							...(isForm ? { form_value: form ?? {} } : {}),
						},
						host: 'im_message',
						context: { open_message_id: message.id, open_chat_id: message.chatId },
					},
					now(),
				),
			);
		},
		async say(who, text, { replyTo: answered, mentions = [] } = {}) {
			const user = userOf(who);
			const message = received(state, user, text, answered ? state.sent.get(answered) : undefined);
			const event = {
				sender: { sender_id: idsOf(user), sender_type: 'user', tenant_key: 'sandbox_tenant' },
				message: {
					message_id: message.id,
					...(message.replyTo ? { root_id: message.replyTo, parent_id: message.replyTo } : {}),
					create_time: String(message.at),
					chat_id: message.chatId,
					chat_type: 'p2p',
					message_type: 'text',
					content: JSON.stringify({ text }),
					...(mentions.length > 0 ? { mentions } : {}),
				},
			};
			return await tell(eventOf(config, 'im.message.receive_v1', event, now()));
		},
		async read(messageId, who) {
			const event = {
				reader: {
					reader_id: idsOf(userOf(who)),
					read_time: String(now()),
					tenant_key: 'sandbox_tenant',
				},
				message_id_list: [messageId],
			};
			return await tell(eventOf(config, 'im.message.message_read_v1', event, now()));
		},
		verifyUrl: (challenge = randomBytes(12).toString('hex')) =>
			tell({
				challenge,
				token: config.callback?.verificationToken ?? '',
				type: 'url_verification',
			}),
	};
}
