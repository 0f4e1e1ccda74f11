import fc from 'fast-check';

import type { InboundRequest, InboundResult } from '../../../core/channels/inbound';
import { wechat } from '../../../core/channels/wechat';
import { plainSignature } from '../../../core/channels/wechat/inbound';
import { wxEncrypt, wxSignature } from '../../../core/channels/wx-crypto';
import { readXml } from '../../../core/channels/xml';
import { vectors } from '../../fixtures/vectors/read';

const V = vectors('dingtalk-wechat.jsonl');
const { token, timestamp, nonce } = V.V16.in;
const NOW = new Date(Number(timestamp) * 1000);
const plain = {
	appId: V.V4.in.receiveid,
	appSecret: 's',
	callbackToken: token,
	baseUrl: 'https://wx.test',
};
const safe = { ...plain, encodingAesKeySecret: V.V4.in.aesKey };
const signed = { signature: V.V16.out.signature, timestamp, nonce };
const receive = (
	request: Partial<InboundRequest>,
	credential: Record<string, unknown> = plain,
	now = NOW,
) =>
	wechat.inbound?.receive(
		{
			method: 'POST',
			headers: {},
			query: signed,
			rawBody: Buffer.from(''),
			url: 'https://n8n.test/wechat',
			...request,
		},
		{ credential, now, random: (count) => Buffer.alloc(count), io: {} as never },
	) as InboundResult;
const xml = (fields: Record<string, string>): Buffer =>
	Buffer.from(
		`<xml>${Object.entries({
			ToUserName: 'gh_1',
			FromUserName: 'o1',
			CreateTime: timestamp,
			...fields,
		})
			.map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
			.join('')}</xml>`,
	);
const text = xml({ MsgType: 'text', Content: ' ack 42 <b>&amp;', MsgId: '1234567890123456789' });
const encrypted = (message: Buffer, receiveId = plain.appId) => {
	const Encrypt = wxEncrypt(
		safe.encodingAesKeySecret,
		message.toString(),
		receiveId,
		Buffer.alloc(16, 1),
	);
	return {
		query: {
			...signed,
			encrypt_type: 'aes',
			msg_signature: wxSignature(token, timestamp, nonce, Encrypt),
		},
		rawBody: Buffer.from(
			`<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${Encrypt}]]></Encrypt></xml>`,
		),
	};
};

it('signs as derived (V16), encrypts as published (V4)', () => {
	expect(plainSignature(token, timestamp, nonce)).toBe(V.V16.out.signature);
	const made = wxEncrypt(
		V.V4.in.aesKey,
		V.V4.in.msg,
		V.V4.in.receiveid,
		Buffer.from(V.V4.in.random),
	);
	expect(made).toBe(V.V4.out.encrypt);
	expect(wxSignature(V.V4.in.token, V.V4.in.timestamp, V.V4.in.nonce, made)).toBe(
		V.V4.out.signature,
	);
});

it('echoes the check of the address, also in the safe mode', () => {
	for (const credential of [plain, safe])
		expect(
			receive({ method: 'GET', query: { ...signed, echostr: 'echo<1>' } }, credential),
		).toMatchObject({
			kind: 'answered',
			answer: {
				status: 200,
				body: 'echo<1>',
				headers: { 'content-type': 'text/plain; charset=utf-8' },
			},
		});
	expect(
		receive({ method: 'GET', query: { ...signed, signature: 'x', echostr: 'e' } }),
	).toMatchObject({ kind: 'refused', status: 401 });
});

it('hears a text, plain and encrypted, and answers by customer service for 48 hours', () => {
	const expected = {
		kind: 'calls',
		answer: { status: 200, body: 'success' },
		calls: [
			{
				type: 'text',
				text: 'ack 42 <b>&amp;',
				replayKey: 'wechat:message:1234567890123456789',
				channelUserId: 'o1',
				reply: { openid: 'o1', at: NOW.getTime() },
			},
		],
	};
	expect(receive({ rawBody: text })).toMatchObject(expected);
	expect(receive(encrypted(text), safe)).toMatchObject(expected);
	const respond = (ms: number, words = 'OK') =>
		wechat.inbound?.respond(
			words,
			{ openid: 'o1', at: NOW.getTime() },
			{ credential: plain, prepared: { token: 't' }, now: new Date(NOW.getTime() + ms) },
		);
	expect(respond(1000)).toMatchObject({
		url: 'https://wx.test/cgi-bin/message/custom/send?access_token=t',
		body: { touser: 'o1', msgtype: 'text', text: { content: 'OK' } },
	});
	expect(Buffer.byteLength(JSON.stringify(respond(0, '级'.repeat(2000))))).toBeLessThan(2500);
	expect(respond(48 * 3_600_000 + 1)).toBeUndefined();
});

it('tells what became of a message', () => {
	const finish = (Status: string) =>
		receive({
			rawBody: xml({
				MsgType: 'event',
				Event: 'TEMPLATESENDJOBFINISH',
				MsgID: '3000000000000000001',
				Status,
			}),
		});
	expect(finish('success')).toMatchObject({
		calls: [
			{
				type: 'status',
				status: 'delivered',
				providerMessageId: '3000000000000000000',
				recipient: 'o1',
			},
		],
	});
	expect(finish('failed:user block')).toMatchObject({
		calls: [{ status: 'failed', code: 'user_block', deadAddress: true }],
	});
	const failed = finish('failed: system failed');
	expect(failed).toMatchObject({ calls: [{ status: 'failed', code: 'system_failed' }] });
	expect(failed).not.toMatchObject({ calls: [{ deadAddress: true }] });
});

it('keeps who follows, forgets who has left', () => {
	const event = (Event: string) => receive({ rawBody: xml({ MsgType: 'event', Event }) });
	expect(event('subscribe')).toMatchObject({
		calls: [{ type: 'conversation', keys: ['o1'], value: { subscribed_at: NOW.toISOString() } }],
	});
	expect(event('unsubscribe')).toMatchObject({
		calls: [{ type: 'conversation', keys: ['o1'], value: undefined }],
	});
	for (const rawBody of [
		xml({ MsgType: 'event', Event: 'CLICK' }),
		xml({ MsgType: 'image', MsgId: '1' }),
	])
		expect(receive({ rawBody })).toMatchObject({ kind: 'answered', answer: { body: 'success' } });
});

it.each<[string, Partial<InboundRequest>, Record<string, unknown>, number, string]>([
	[
		'another nonce',
		{ rawBody: text, query: { ...signed, nonce: 'y' } },
		plain,
		0,
		'signature_wrong',
	],
	['no signature', { rawBody: text, query: { timestamp, nonce } }, plain, 0, 'signature_missing'],
	['an old one', { rawBody: text }, plain, 601, 'signature_stale'],
	['no token', { rawBody: text }, { ...plain, callbackToken: '' }, 0, 'no_secret'],
	['a plain body in the safe mode', { rawBody: text }, safe, 0, 'signature_missing'],
	[
		'another ciphertext',
		{ ...encrypted(text), rawBody: encrypted(xml({ a: 'b' })).rawBody },
		safe,
		0,
		'signature_wrong',
	],
	['another account', encrypted(text, 'wxother'), safe, 0, 'invalid_ciphertext'],
])('refuses %s', (_name, request, credential, late, code) => {
	expect(receive(request, credential, new Date(NOW.getTime() + late * 1000))).toEqual({
		kind: 'refused',
		status: 401,
		code,
	});
});

it('refuses what is no XML, and every DTD', () => {
	for (const body of [
		'',
		'x',
		'<xml>',
		'{"a":1}',
		'<!DOCTYPE a [<!ENTITY b "c">]><xml><MsgType>&b;</MsgType></xml>',
	])
		expect(receive({ rawBody: Buffer.from(body) })).toMatchObject({ kind: 'refused', status: 400 });
});

it('takes nothing without proof, and never throws', () => {
	fc.assert(
		fc.property(
			fc.dictionary(
				fc.constantFrom('signature', 'timestamp', 'nonce', 'msg_signature', 'echostr'),
				fc.string(),
			),
			fc.oneof(
				fc.uint8Array(),
				fc.string().map((one) => Buffer.from(`<xml>${one}</xml>`)),
			),
			fc.constantFrom('GET' as const, 'POST' as const),
			(query, rawBody, method) => {
				expect(receive({ query, rawBody, method }).kind).toBe('refused');
			},
		),
	);
	fc.assert(
		fc.property(
			fc.string({ unit: fc.constantFrom('<', '>', '/', 'xml', 'a', '&', '![CDATA[', ']]>', '\n') }),
			(body) => {
				receive({ rawBody: Buffer.from(body) });
				receive({ rawBody: Buffer.from(`<xml>${body}</xml>`) });
			},
		),
	);
});

describe('readXml', () => {
	it('reads texts as texts', () => {
		expect(
			readXml(
				'<?xml version="1.0"?><xml a="b"><A><![CDATA[<x>&]]></A><B>01</B><C/><D><E>1</E><E>2</E></D></xml>',
			),
		).toEqual({
			xml: { A: '<x>&', B: '01', C: '', D: { E: ['1', '2'] } },
		});
		expect(readXml('<xml><A><![CDATA[<!DOCTYPE x>]]></A></xml>')).toEqual({
			xml: { A: '<!DOCTYPE x>' },
		});
	});

	it('throws invalid_xml and nothing else', () => {
		for (const bad of [
			'',
			'<a>',
			'<a></b>',
			'<!doctype a><a/>',
			'<!ENTITY x "y"><a/>',
			`${'<a>'.repeat(500)}${'</a>'.repeat(500)}`,
		])
			expect(() => readXml(bad)).toThrow(expect.objectContaining({ code: 'invalid_xml' }));
	});
});
