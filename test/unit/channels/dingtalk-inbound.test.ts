import fc from 'fast-check';

import type { InboundRequest, InboundResult } from '../../../core/channels/inbound';
import { dingtalk } from '../../../core/channels/dingtalk';
import { eventAnswer } from '../../../core/channels/dingtalk/inbound-event';
import { cardSign, robotSign } from '../../../core/channels/dingtalk/sign';
import { verifyWxSignature, wxDecrypt } from '../../../core/channels/wx-crypto';
import { vectors } from '../../fixtures/vectors/read';

const V = vectors('dingtalk-wechat.jsonl');
const NOW = new Date(Number(V.V8.in.timestamp));
const credential = {
	mode: 'app',
	sendAs: 'card',
	appKey: 'suite4xxxxxxxxxxxxxxx',
	appSecret: 'this is secret',
	callbackSecret: 'test-secret',
	eventToken: '123456',
	eventAesKeySecret: V.V9.in.aesKey,
	baseUrl: 'https://proxy.test/ding',
};
const receive = (
	request: Partial<InboundRequest>,
	now = NOW,
	given: Record<string, unknown> = credential,
): InboundResult =>
	dingtalk.inbound?.receive(
		{
			method: 'POST',
			headers: {},
			query: {},
			rawBody: Buffer.from(''),
			url: 'https://n8n.test/dingtalk',
			...request,
		},
		{ credential: given, now, random: (count) => Buffer.alloc(count, 7), io: {} as never },
	) as InboundResult;
const bytes = (body: unknown): Uint8Array =>
	Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
const later = (ms: number): Date => new Date(NOW.getTime() + ms);

it('signs as published (V6, V7, V8)', () => {
	for (const one of [V.V6, V.V7]) {
		expect(robotSign(one.in.secret, one.in.timestamp)).toBe(one.out.sign);
		const url = new URL('https://x.test/robot/send?access_token=t');
		url.searchParams.set('sign', one.out.sign);
		expect(url.href).toContain(`sign=${one.out.urlSign}`);
	}
	expect(cardSign(V.V8.in.apiSecret, V.V8.in.timestamp)).toBe(V.V8.out.signature);
});

describe('a pressed card', () => {
	const headers = {
		'x-ddpaas-signature-timestamp': V.V8.in.timestamp,
		'x-ddpaas-signature': V.V8.out.signature,
	};
	const press = (params: unknown = { value: 'signed-1', comment: ' done ' }) =>
		bytes({
			type: 'actionCallback',
			outTrackId: 'd_1',
			corpId: 'ding1',
			userId: 'user-1',
			content: JSON.stringify({ cardPrivateData: { actionIds: ['1'], params } }),
		});

	it('is a press, answered without a change', () => {
		const result = receive({ headers, rawBody: press() });
		expect(result).toMatchObject({
			kind: 'calls',
			calls: [
				{
					type: 'press',
					value: 'signed-1',
					parameters: { comment: 'done' },
					channelUserId: 'user-1',
					providerMessageId: 'd_1',
					reply: { userid: 'user-1', out_track_id: 'd_1' },
				},
			],
			answer: { status: 200 },
		});
		if (result.kind === 'calls')
			expect(JSON.parse(result.answer.body)).toMatchObject({ cardData: { cardParamMap: {} } });
	});

	it('counts one signed timestamp once, whatever stands in the body', () => {
		const keyOf = (result: InboundResult) => result.kind === 'calls' && result.calls[0].replayKey;
		expect(keyOf(receive({ headers, rawBody: press() }))).toBe(
			keyOf(receive({ headers, rawBody: press({ value: 'another' }) })),
		);
	});

	it.each<[string, Partial<InboundRequest>, Date, Record<string, unknown>, string]>([
		[
			'a wrong signature',
			{ headers: { ...headers, 'x-ddpaas-signature': 'AAAA' } },
			NOW,
			credential,
			'signature_wrong',
		],
		[
			'another timestamp',
			{ headers: { ...headers, 'x-ddpaas-signature-timestamp': '1595925864848' } },
			NOW,
			credential,
			'signature_wrong',
		],
		[
			'no signature',
			{ headers: { ...headers, 'x-ddpaas-signature': '' } },
			NOW,
			credential,
			'signature_missing',
		],
		['an old one', { headers }, later(301_000), credential, 'signature_stale'],
		['one of the future', { headers }, later(-301_000), credential, 'signature_stale'],
		['a blank secret', { headers }, NOW, { ...credential, callbackSecret: ' ' }, 'no_secret'],
	])('is refused with %s', (_name, request, now, given, code) => {
		expect(receive({ rawBody: press(), ...request }, now, given)).toEqual({
			kind: 'refused',
			status: 401,
			code,
		});
	});

	it('is only answered where no value of ours comes back', () => {
		for (const rawBody of [
			press({}),
			press(null),
			bytes({ content: 'x' }),
			bytes({ userId: 'u', content: { a: 1 } }),
		])
			expect(receive({ headers, rawBody })).toMatchObject({ kind: 'answered' });
		expect(receive({ headers, rawBody: bytes('[') })).toMatchObject({
			kind: 'refused',
			status: 400,
		});
	});
});

describe('a message to the robot', () => {
	const timestamp = V.V6.in.timestamp;
	const now = new Date(Number(timestamp));
	const headers = { timestamp, sign: V.V6.out.sign };
	const body = {
		msgId: 'msg1',
		conversationId: 'cid1',
		conversationType: '1',
		senderStaffId: 'user-1',
		senderId: '$:LWCP_v1:$x',
		sessionWebhook: 'https://oapi.dingtalk.com/robot/sendBySession?session=s',
		sessionWebhookExpiredTime: now.getTime() + 5_400_000,
		msgtype: 'text',
		text: { content: ' ack 42 ' },
	};

	it('is a text, which the session answers while it lives', () => {
		const result = receive({ headers, rawBody: bytes(body) }, now);
		expect(result).toMatchObject({
			kind: 'calls',
			answer: { status: 200, body: '{"msgtype":"empty"}' },
			calls: [
				{
					type: 'text',
					text: 'ack 42',
					replayKey: 'dingtalk:message:msg1',
					channelUserId: 'user-1',
					channelUserIds: ['$:LWCP_v1:$x'],
					conversationId: 'cid1',
				},
			],
		});
		if (result.kind !== 'calls') return;
		const { reply } = result.calls[0] as { reply: Record<string, unknown> };
		const respond = (
			at: Date,
			more: Record<string, unknown> = {},
			given: Record<string, unknown> = credential,
		) =>
			dingtalk.inbound?.respond(
				'OK',
				{ ...reply, ...more },
				{ credential: given, prepared: { token: 't' }, now: at },
			);
		expect(respond(now)).toMatchObject({
			url: body.sessionWebhook,
			body: { msgtype: 'text', text: { content: 'OK' } },
		});
		const direct = {
			url: 'https://proxy.test/ding/v1.0/robot/oToMessages/batchSend',
			body: { userIds: ['user-1'], msgKey: 'sampleText', msgParam: '{"content":"OK"}' },
		};
		expect(respond(new Date(now.getTime() + 5_400_000))).toMatchObject(direct);
		// In a group the answer goes to the person alone.
		expect(respond(now, { group: true })).toMatchObject(direct);
		expect(respond(now, { userid: undefined, session_webhook: undefined })).toBeUndefined();
		const webhook = (url: string) => respond(now, { userid: undefined, session_webhook: url });
		for (const url of [
			'https://evil.test/x',
			'https://dingtalk.com.evil.test/',
			'http://oapi.dingtalk.com/',
			'https://u@oapi.dingtalk.com/',
			'https://evildingtalk.com/',
			'nothing',
		])
			expect(webhook(url)).toBeUndefined();
		expect(webhook('https://proxy.test/robot/x')).toMatchObject({
			url: 'https://proxy.test/robot/x',
		});
	});

	it('reads rich text and leaves the rest', () => {
		const rich = {
			...body,
			msgtype: 'richText',
			text: undefined,
			content: { richText: [{ text: 'resolve' }, { text: '42' }] },
		};
		expect(receive({ headers, rawBody: bytes(rich) }, now)).toMatchObject({
			calls: [{ text: 'resolve 42' }],
		});
		const picture = { ...body, msgtype: 'picture', text: undefined };
		expect(receive({ headers, rawBody: bytes(picture) }, now)).toMatchObject({ kind: 'answered' });
	});

	it.each<[string, Record<string, string>, number, Record<string, unknown>, string]>([
		['a wrong sign', { timestamp, sign: V.V7.out.sign }, 0, credential, 'signature_wrong'],
		['no timestamp', { sign: V.V6.out.sign }, 0, credential, 'signature_missing'],
		['an hour too old', headers, 3_601_000, credential, 'signature_stale'],
		['no secret', headers, 0, { ...credential, appSecret: '' }, 'no_secret'],
		['a custom robot', headers, 0, { ...credential, mode: 'robot' }, 'no_secret'],
	])('is refused with %s', (_name, given, ms, secrets, code) => {
		const at = new Date(now.getTime() + ms);
		expect(receive({ headers: given, rawBody: bytes(body) }, at, secrets)).toEqual({
			kind: 'refused',
			status: 401,
			code,
		});
	});
});

describe('an event', () => {
	const { in: given, out } = V.V9;
	const now = new Date(Number(given.timestamp));
	const query = { signature: out.signature, timestamp: given.timestamp, nonce: given.nonce };
	const rawBody = bytes({ encrypt: given.encrypt });

	it('is answered with an encrypted success (V9, V10)', () => {
		const made = eventAnswer(
			{ token: V.V10.in.token, aesKey: V.V10.in.aesKey, receiveId: V.V10.in.receiveid },
			V.V10.in.timestamp,
			V.V10.in.nonce,
			Buffer.from(V.V10.in.random),
		);
		expect(made).toEqual({
			msg_signature: V.V10.out.signature,
			timeStamp: V.V10.in.timestamp,
			nonce: V.V10.in.nonce,
			encrypt: V.V10.out.encrypt,
		});
		const result = receive({ query, rawBody }, now);
		expect(result.kind).toBe('answered');
		if (result.kind !== 'answered') return;
		const answer = JSON.parse(result.answer.body) as Record<string, string>;
		expect(wxDecrypt(given.aesKey, answer.encrypt, out.receiveid).message).toBe('success');
		const { msg_signature: signature, timeStamp: timestamp, nonce, encrypt: encrypted } = answer;
		expect(verifyWxSignature({ signature, timestamp, nonce, encrypted }, given.token)).toBe(true);
	});

	it.each<[string, Partial<InboundRequest>, number, Record<string, unknown>, string]>([
		['another nonce', { query: { ...query, nonce: 'x' } }, 0, credential, 'signature_wrong'],
		[
			'another body',
			{ rawBody: bytes({ encrypt: V.V10.out.encrypt }) },
			0,
			credential,
			'signature_wrong',
		],
		['no JSON', { rawBody: bytes('<xml/>') }, 0, credential, 'signature_wrong'],
		['an old one', {}, 3_601_000, credential, 'signature_stale'],
		['another app', {}, 0, { ...credential, appKey: 'other' }, 'invalid_ciphertext'],
		['no token', {}, 0, { ...credential, eventToken: '' }, 'no_secret'],
		['no key', {}, 0, { ...credential, eventAesKeySecret: '' }, 'no_secret'],
		['a broken key', {}, 0, { ...credential, eventAesKeySecret: 'short' }, 'invalid_ciphertext'],
	])('is refused with %s', (_name, request, ms, secrets, code) => {
		const at = new Date(now.getTime() + ms);
		expect(receive({ query, rawBody, ...request }, at, secrets)).toEqual({
			kind: 'refused',
			status: 401,
			code,
		});
	});
});

it('takes nothing without proof, and never throws', () => {
	const text = fc.string({ maxLength: 60 });
	const names = fc.constantFrom(
		'x-ddpaas-signature',
		'x-ddpaas-signature-timestamp',
		'timestamp',
		'sign',
		'other',
	);
	const keys = fc.constantFrom('signature', 'msg_signature', 'timestamp', 'nonce');
	fc.assert(
		fc.property(
			fc.dictionary(names, fc.oneof(text, fc.constant(V.V8.in.timestamp))),
			fc.dictionary(keys, text),
			fc.oneof(
				fc.uint8Array(),
				fc.json().map((one) => bytes(one)),
			),
			(headers, query, rawBody) => {
				expect(receive({ headers, query, rawBody }).kind).toBe('refused');
			},
		),
		{ numRuns: 300 },
	);
	expect(receive({ method: 'GET' })).toMatchObject({ kind: 'refused' });
	expect(receive({})).toMatchObject({ kind: 'refused', status: 401 });
});

it('reads whatever a proven call holds without throwing', () => {
	const headers = {
		'x-ddpaas-signature-timestamp': V.V8.in.timestamp,
		'x-ddpaas-signature': V.V8.out.signature,
	};
	fc.assert(
		fc.property(fc.oneof(fc.json(), fc.string()), fc.json(), (body, content) => {
			receive({ headers, rawBody: bytes(body) });
			receive({ headers, rawBody: bytes({ userId: 'u', content }) });
		}),
	);
});
