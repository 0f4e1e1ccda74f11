import fc from 'fast-check';

import { dingtalk } from '../../../core/channels/dingtalk';
import { feishu } from '../../../core/channels/feishu';
import { readFrame, writeFrame } from '../../../core/channels/feishu/stream/frame';
import { createParts } from '../../../core/channels/feishu/stream/parts';
import { reconnectPause } from '../../../core/channels/stream/pause';
import type { HttpRequest } from '../../../core/channels/types';

const ENDPOINT: HttpRequest = { kind: 'http', method: 'POST', url: 'https://open.feishu.cn/x' };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

const feishuSession = () => {
	const body = {
		code: 0,
		data: {
			URL: 'wss://msg-frontier.feishu.cn/ws/v2?service_id=33554678',
			ClientConfig: { PingInterval: 90, ReconnectInterval: 60, ReconnectNonce: 10 },
		},
	};
	const opened = feishu.stream!.opened({ status: 200, headers: {}, body }, ENDPOINT, {});
	if (!opened.ok) throw new Error(opened.message);
	return opened.session;
};
const dingtalkSession = () => {
	const body = { endpoint: 'wss://wss-open-connection.dingtalk.com:443/connect', ticket: 'a b&c' };
	const request = dingtalk.stream!.open({ mode: 'app', appKey: 'k', appSecret: 's' });
	const opened = dingtalk.stream!.opened({ status: 200, headers: {}, body }, request, {});
	if (!opened.ok) throw new Error(opened.message);
	return opened;
};

describe("Feishu's frames", () => {
	// Written by the generated codec of @larksuiteoapi/node-sdk 1.73.
	const PING = '0800100018f681801020002a0c0a0474797065120470696e67';
	const EVENT =
		'080710ffffffffffffff0f18f681801020012a0d0a047479706512056576656e742a110a0a6d6573736167655f696412036d2d312a080a0373756d1201312a080a037365711201302a0f0a0874726163655f69641203742d313204757466383a046a736f6e42147b22736368656d61223a22322e30227d20e5a5bd4a056c6f672d31';

	it('are written as the SDK writes them', () => {
		const { data, everyMs } = feishuSession().ping();
		expect(hex(data as Uint8Array)).toBe(PING);
		expect(everyMs).toBe(90_000);
	});

	it('are read as the SDK writes them, and go back byte for byte', () => {
		const frame = readFrame(bytes(EVENT));
		expect(frame).toMatchObject({
			...{ seqId: 7n, logId: 9007199254740991n, service: 33554678, method: 1 },
			...{ payloadEncoding: 'utf8', payloadType: 'json', logIdNew: 'log-1' },
		});
		expect(frame.headers).toEqual([
			...[
				['type', 'event'],
				['message_id', 'm-1'],
				['sum', '1'],
				['seq', '0'],
			],
			['trace_id', 't-1'],
		]);
		expect(Buffer.from(frame.payload!).toString('utf8')).toBe('{"schema":"2.0"} 好');
		expect(hex(writeFrame(frame))).toBe(EVENT);
	});

	it('keep numbers that a double cannot hold', () => {
		const frame = { ...readFrame(bytes(PING)), logId: 18_000_000_000_000_000_001n };
		expect(readFrame(writeFrame(frame)).logId).toBe(18_000_000_000_000_000_001n);
	});

	it('a pong says how to go on', () => {
		const session = feishuSession();
		expect(session.reconnect()).toMatchObject({ spreadMs: 10_000, pauseMs: 60_000 });
		const news = { PingInterval: 30, ReconnectInterval: 7, ReconnectNonce: 0 };
		const pong = writeFrame({
			...{ seqId: 0n, logId: 0n, service: 1, method: 0, headers: [['type', 'pong']] },
			payload: Buffer.from(JSON.stringify(news)),
		});
		expect(session.read(pong, 0)).toBeUndefined();
		expect(session.ping().everyMs).toBe(30_000);
		expect(session.reconnect()).toMatchObject({ spreadMs: 0, pauseMs: 7_000 });
	});
});

describe('a call in pieces', () => {
	const part = (text: string) => Buffer.from(text);
	it('is whole when the last piece is there, in their own order', () => {
		const parts = createParts();
		expect(parts.add({ id: 'a', sum: 2, seq: 1 }, part('world'), 0)).toBeUndefined();
		expect(String(parts.add({ id: 'a', sum: 2, seq: 0 }, part('hello '), 1))).toBe('hello world');
	});
	it('is given up after ten seconds', () => {
		const parts = createParts();
		parts.add({ id: 'a', sum: 2, seq: 0 }, part('x'), 0);
		expect(parts.add({ id: 'a', sum: 2, seq: 1 }, part('y'), 10_001)).toBeUndefined();
	});
	it.each([
		[1e9, 0],
		[2, 2],
		[2, -1],
		[2, 0.5],
		[2, Number.NaN],
	])('%d pieces, number %d: refused', (sum, seq) => {
		expect(createParts().add({ id: 'a', sum, seq }, part('x'), 0)).toBeUndefined();
	});
});

it('whatever a server sends, nothing is thrown', () => {
	const sessions = [feishuSession(), dingtalkSession().session];
	fc.assert(
		fc.property(
			fc.oneof(
				fc.uint8Array(),
				fc.json().map((text) => Buffer.from(text)),
			),
			(data) => {
				for (const session of sessions) session.read(new Uint8Array(data), 0);
			},
		),
	);
});

describe('DingTalk', () => {
	const frame = (message: object): Uint8Array => Buffer.from(JSON.stringify(message));

	it('asks for messages and presses only, and puts the ticket into the address', () => {
		const request = dingtalk.stream!.open({ mode: 'app', appKey: 'k', appSecret: 's' });
		expect(request).toMatchObject({
			url: 'https://api.dingtalk.com/v1.0/gateway/connections/open',
			headers: { accept: 'application/json' },
			body: {
				...{ clientId: 'k', clientSecret: 's' },
				subscriptions: [
					{ type: 'CALLBACK', topic: '/v1.0/im/bot/messages/get' },
					{ type: 'CALLBACK', topic: '/v1.0/card/instances/callback' },
				],
			},
		});
		expect(new URL(dingtalkSession().url).searchParams.get('ticket')).toBe('a b&c');
	});

	it('answers a ping with what was in it', () => {
		const data = '{"opaque":"123-dsfs"}';
		const headers = { topic: 'ping', messageId: 'm1', contentType: 'application/json' };
		const event = dingtalkSession().session.read(frame({ type: 'SYSTEM', headers, data }), 0);
		expect(event).toMatchObject({ kind: 'answer' });
		expect(JSON.parse((event as { data: string }).data)).toEqual({
			...{ code: 200, message: 'OK', data },
			headers: { contentType: 'application/json', messageId: 'm1' },
		});
	});

	it('knows no other topic', () => {
		const headers = { topic: '/v1.0/graph/api/invoke', messageId: 'm1' };
		const event = dingtalkSession().session.read(
			frame({ type: 'CALLBACK', headers, data: '{}' }),
			0,
		);
		expect(JSON.parse((event as { data: string }).data)).toMatchObject({ code: 404 });
	});

	it.each([
		[true, { callbackType: 'STREAM' }],
		[undefined, { callbackType: 'HTTP', callbackRouteKey: 'itsm' }],
	])('a card says where presses go (streamed: %s)', (streamed, expected) => {
		const credential = {
			...{ mode: 'app', sendAs: 'card', appKey: 'k', appSecret: 's' },
			...{ cardTemplateId: 't', callbackRouteKey: 'itsm' },
		};
		const delivery = { delivery_id: 'd', address: { userid: 'u' } } as never;
		const context = { delivery, credential, now: new Date(0), streamed };
		const { body } = dingtalk.request({ msgtype: 'x' }, context, {}) as HttpRequest;
		expect(body).toMatchObject(expected);
		expect('callbackRouteKey' in (body as object)).toBe(streamed !== true);
	});
});

it('Feishu buttons need neither key nor token over a connection', () => {
	const app = { mode: 'app', appId: 'cli_1', appSecret: 's' };
	expect(feishu.answers!(app)).toBe('link');
	expect(feishu.answers!(app, { streamed: true })).toBe('callback');
	expect(feishu.answers!({ ...app, mode: 'robot' }, { streamed: true })).toBe('link');
});

it.each([
	[
		{ status: 400, headers: { 'handshake-status': '514', 'handshake-autherrcode': '1000040350' } },
		'config',
	],
	[{ status: 400, headers: { 'handshake-status': '403' } }, 'config'],
	[{ status: 400, headers: { 'handshake-status': '514' } }, 'retry'],
	[{ status: 502, headers: {} }, 'retry'],
])('a handshake that Feishu refuses: %j is %s', (handshake, kind) => {
	expect(feishu.stream!.refused!(handshake)).toMatchObject({ class: kind });
});

describe('the wait before connecting again', () => {
	const failure = (kind: string, more = {}) =>
		({ ok: false, class: kind, code: 'x', message: '', ...more }) as never;
	it.each([
		['an ordinary end', { failures: 0 }, [0, 1_000]],
		[
			'an ordinary end, the provider spreads',
			{ failures: 0, rule: { spreadMs: 30_000 } },
			[0, 30_000],
		],
		['the first failure', { failures: 1, failure: failure('retry') }, [1_000, 2_000]],
		['many', { failures: 50, failure: failure('retry') }, [30_000, 60_000]],
		[
			'the provider has a pause',
			{ failures: 9, rule: { spreadMs: 0, pauseMs: 120_000 } },
			[60_000, 120_000],
		],
		[
			'the provider names a wait',
			{ failures: 1, failure: failure('rate', { retryAfterMs: 9e5 }) },
			[9e5, 9e5],
		],
		['somebody has to act', { failures: 1, failure: failure('config') }, [150_000, 300_000]],
	])('%s', (_name, state, [least, most]) => {
		expect([reconnectPause(state, 0), reconnectPause(state, 1)]).toEqual([least, most]);
	});
});
