import { randomBytes } from 'node:crypto';

import { createFaults } from '../faults.ts';
import type { Fault } from '../faults.ts';
import { startHttp } from '../http.ts';
import type { Answer, Call, Simulator, StartOptions } from '../http.ts';
import { createCaller } from '../two-way.ts';
import type { Callback, TwoWay } from '../two-way.ts';
import { checkAddress, post } from './calls.ts';
import { obj, refuse, str, WeChatError } from './state.ts';
import type { Json, WeChatConfig } from './state.ts';
import { checkValue } from './values.ts';

export type { WeChatConfig } from './state.ts';

/** A template message has no buttons: its people write. */
export interface WeChatSimulator extends Simulator, TwoWay {
	voidTokens(): void;
	/** What the console asks when the address is saved. */
	check(): Promise<Callback>;
	/** A follower writes to the account. */
	say(openid: string, text: string): Promise<Callback>;
	/** Somebody begins or stops following. */
	follow(openid: string, on: boolean): Promise<Callback>;
	/** What became of a template message: `success`, `failed:user block`, `failed: system failed`. */
	finish(msgid: string, status?: string): Promise<Callback>;
}

/** How long WeChat knows a client_msg_id, and how long it lets an account answer a person. */
const REPEAT_MS = 600_000;
const ANSWER_MS = 48 * 3600_000;

const wrong = (errcode: number, why: string): Answer => ({
	status: 200,
	body: { errcode, errmsg: `${why} rid: ${randomBytes(4).toString('hex')}-0` },
});

const parsed = (call: Call): Json => {
	try {
		return obj(JSON.parse(call.text || '{}'));
	} catch {
		return {};
	}
};

function spell(fault: Fault, call: Call): Answer | undefined {
	if (fault.kind === '429') return wrong(45009, 'reach max api daily quota limit');
	if (fault.kind === '5xx')
		return { status: fault.status ?? 502, body: '<html>502 Bad Gateway</html>' };
	if (fault.kind !== 'reject_auth') return undefined;
	return call.path.endsWith('token')
		? wrong(40125, 'invalid appsecret')
		: wrong(40001, 'invalid credential');
}

/** A WeChat official account: tokens, template messages, customer service texts, calls to the server address. */
export async function startWeChat(options: StartOptions<WeChatConfig>): Promise<WeChatSimulator> {
	const { recorder, config } = options;
	const now = config.now ?? Date.now;
	const followers = new Set(config.followers.map((one) => one.openid));
	const gone = new Set(config.gone ?? []);
	const sent = new Map<string, string>();
	const repeats = new Map<string, number>();
	const wrote = new Map<string, number>();
	const faults = createFaults();
	const caller = createCaller({ channel: 'wechat', recorder, faults, now });
	caller.setUrl(config.callback?.url);
	let token: { value: string; until: number } | undefined;
	let next = 3_000_000_000_000_000_001n;

	function stableToken(body: Json): Json {
		if (body['grant_type'] !== 'client_credential') refuse(40002, 'invalid grant_type');
		if (body['appid'] !== config.appId) refuse(40013, 'invalid appid');
		if (body['secret'] !== config.appSecret) refuse(40125, 'invalid appsecret');
		if (token === undefined || token.until <= now() || body['force_refresh'] === true)
			token = {
				value: randomBytes(24).toString('base64url'),
				until: now() + (config.tokenTtlSeconds ?? 7200) * 1000,
			};
		return { access_token: token.value, expires_in: Math.round((token.until - now()) / 1000) };
	}

	function checkToken(given: string | null): void {
		if (!given) refuse(41001, 'access_token missing');
		if (token === undefined || given !== token.value)
			refuse(40001, 'invalid credential, access_token is invalid or not latest');
		if (token.until <= now()) refuse(42001, 'access_token expired');
	}

	function checkFollower(openid: string): void {
		if (gone.has(openid)) refuse(43004, 'require subscribe');
		if (!followers.has(openid)) refuse(40003, 'invalid openid');
	}

	/** Ids have nineteen digits, more than a JSON number holds in JavaScript: the answer is written by hand. */
	function sendTemplate(body: Json): Answer {
		const template = config.templates[str(body['template_id'])];
		if (template === undefined) refuse(40037, 'invalid template_id');
		const openid = str(body['touser']);
		checkFollower(openid);
		const data = obj(body['data']);
		for (const { key } of template.keys) checkValue(key, obj(data[key])['value']);
		if (body['url'] !== undefined && !/^https?:\/\//.test(str(body['url'])))
			refuse(40066, 'invalid url');
		const repeat = `${openid}\n${str(body['client_msg_id'])}`;
		if (body['client_msg_id'] !== undefined) {
			if ((repeats.get(repeat) ?? 0) > now()) refuse(45065, 'clientmsgid exist');
			repeats.set(repeat, now() + REPEAT_MS);
		}
		const msgid = String(next);
		next += 257n;
		sent.set(msgid, openid);
		// What is not in the template, `first` and `remark` too, is not shown.
		const fields = template.keys.map(({ key, label }) => ({
			label,
			value: str(obj(data[key])['value']),
		}));
		const payload = { template: template.title, fields, ...body };
		recorder.message({
			channel: 'wechat',
			kind: 'post',
			ref: msgid,
			to: [openid],
			sender: config.name ?? '公众号',
			payload,
			rendered: {
				title: template.title,
				text: '',
				fields,
				buttons: body['url'] ? [{ label: '详情', url: str(body['url']) }] : [],
			},
			raw: body,
		});
		// Before an address is set, WeChat has nobody to tell.
		if (config.finishes) setTimeout(() => void finish(msgid).catch(() => undefined), 0);
		return {
			status: 200,
			headers: { 'content-type': 'application/json; charset=utf-8' },
			body: `{"errcode":0,"errmsg":"ok","msgid":${msgid}}`,
		};
	}

	function sendCustom(body: Json): Json {
		const openid = str(body['touser']);
		checkFollower(openid);
		const content = str(obj(body['text'])['content']);
		if (body['msgtype'] !== 'text') refuse(40008, 'invalid message type');
		if (content.trim() === '') refuse(44004, 'empty content');
		if (Buffer.byteLength(content) > 2048) refuse(45002, 'content size out of limit');
		if ((wrote.get(openid) ?? 0) + ANSWER_MS < now())
			refuse(45015, 'response out of time limit or subscription is canceled');
		recorder.message({
			channel: 'wechat',
			kind: 'ephemeral',
			ref: `custom-${randomBytes(6).toString('hex')}`,
			to: [openid],
			sender: config.name ?? '公众号',
			payload: body,
			rendered: { text: content },
			raw: body,
		});
		return { errcode: 0, errmsg: 'ok' };
	}

	function route(call: Call): Answer {
		const body = parsed(call);
		if (call.method !== 'POST') refuse(43002, 'require POST method');
		if (Object.keys(body).length === 0) refuse(47001, 'data format error');
		if (call.path === '/cgi-bin/stable_token') return { status: 200, body: stableToken(body) };
		checkToken(call.query.get('access_token'));
		if (call.path === '/cgi-bin/message/template/send') return sendTemplate(body);
		if (call.path === '/cgi-bin/message/custom/send')
			return { status: 200, body: sendCustom(body) };
		return refuse(40066, `invalid url: ${call.path}`);
	}

	function refused(status: number, code: string, why: string, raw: Json): void {
		const to = str(raw['touser']);
		recorder.refusal({ channel: 'wechat', status, code, why, to: to ? [to] : undefined, raw });
	}

	const finish = (msgid: string, status = 'success'): Promise<Callback> =>
		post(config, caller, {
			FromUserName: sent.get(msgid) ?? 'unknown',
			MsgType: 'event',
			Event: 'TEMPLATESENDJOBFINISH',
			MsgID: msgid,
			Status: status,
		});

	const simulator = await startHttp({
		port: options.port,
		host: options.host,
		delayMs: config.delayMs,
		faults,
		handle(call) {
			try {
				return route(call);
			} catch (error) {
				if (!(error instanceof WeChatError)) throw error;
				refused(200, String(error.errcode), `${call.path}: ${error.message}`, parsed(call));
				return wrong(error.errcode, error.message);
			}
		},
		spell(fault, call) {
			const answer = spell(fault, call);
			const code = String(obj(answer?.body)['errcode'] ?? `http_${answer?.status}`);
			if (answer) refused(answer.status, code, `${call.path}: by a fault switch`, parsed(call));
			return answer;
		},
		lost: (fault, call) =>
			refused(0, fault.kind, `${call.path}: no answer, by a fault switch`, parsed(call)),
	});
	return {
		...simulator,
		voidTokens() {
			token = undefined;
		},
		callbacks: caller.sent,
		callbackFaults: caller.kinds,
		people: config.followers.map(({ openid }) => openid),
		setCallbackUrl: (url) => caller.setUrl(url),
		check: () => checkAddress(config, caller),
		async say(openid, text) {
			if (!followers.has(openid)) throw new Error(`no such follower: ${openid}`);
			wrote.set(openid, now());
			const MsgId = String(next);
			next += 257n;
			const fields = { FromUserName: openid, MsgType: 'text', Content: text, MsgId };
			return await post(config, caller, fields, { user: openid, said: text });
		},
		async follow(openid, on) {
			followers[on ? 'add' : 'delete'](openid);
			gone[on ? 'delete' : 'add'](openid);
			const Event = on ? 'subscribe' : 'unsubscribe';
			const fields = { FromUserName: openid, MsgType: 'event', Event, EventKey: '' };
			return await post(config, caller, fields);
		},
		finish: (msgid, status) => finish(msgid, status),
	};
}
