import fc from 'fast-check';

import type { InboundRequest, InboundResult } from '../../../core/channels/inbound';
import { createTokenCache } from '../../../core/channels/tokens';
import type { HttpRequest } from '../../../core/channels/types';
import { wecom } from '../../../core/channels/wecom';
import { wecomEncrypt, wecomSignature } from '../../../core/channels/wecom/crypto';
import { readXml } from '../../../core/channels/xml';
import { contextFor, digest, incident } from './cards';

/** Token and key of the published samples (V2, V3). */
const credential = {
	mode: 'app',
	corpId: 'wx5823bf96d3bd56c7',
	corpSecret: 's',
	agentId: '218',
	callbackToken: 'QDG6eK',
	encodingAesKeySecret: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
};
const at = (seconds: number) => new Date(seconds * 1000);
const receive = (
	given: Partial<InboundRequest>,
	now: Date,
	own: Record<string, unknown> = credential,
) =>
	wecom.inbound?.receive(
		{
			method: 'POST',
			headers: {},
			query: {},
			rawBody: new Uint8Array(),
			url: 'https://n8n.test/w',
			...given,
		},
		{
			credential: own,
			now,
			random: (count) => new Uint8Array(count),
			io: {
				http: () => Promise.reject(new Error('no')),
				now: () => now,
				tokens: createTokenCache(() => 0),
			},
		},
	) as InboundResult;

const V2 = {
	msg_signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
	timestamp: '1409659589',
	nonce: '263014780',
	echostr:
		'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
};
const V3 = {
	query: {
		msg_signature: '477715d11cdb4164915debcba66cb864d751f3e6',
		timestamp: '1409659813',
		nonce: '1372623149',
	},
	encrypt:
		'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
};
const envelope = (encrypted: string) =>
	Buffer.from(
		`<xml><ToUserName><![CDATA[wx]]></ToUserName><AgentID>218</AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
	);

const SECONDS = 1_800_000_000;
/** A message as WeCom sends it. */
function sent(
	xml: string,
	{ receiveId = credential.corpId, seconds = SECONDS, token = credential.callbackToken } = {},
) {
	const encrypted = wecomEncrypt(
		credential.encodingAesKeySecret,
		xml,
		receiveId,
		Buffer.from('aaaabbbbccccdddd'),
	);
	const timestamp = String(seconds);
	return {
		query: {
			msg_signature: wecomSignature(token, timestamp, 'n1', encrypted),
			timestamp,
			nonce: 'n1',
		},
		rawBody: envelope(encrypted),
	};
}
const refusal = (code: string, status = 401) => ({ kind: 'refused', status, code });
const NOTHING = { kind: 'answered', answer: { status: 200, body: '' } };
const pressed = (extra = '', event = 'template_card_event') =>
	`<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName><FromUserName><![CDATA[ZhangWei]]></FromUserName><CreateTime>1800000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${event}]]></Event><EventKey><![CDATA[token.a-b_c]]></EventKey><TaskId><![CDATA[d_1]]></TaskId><CardType><![CDATA[button_interaction]]></CardType><ResponseCode><![CDATA[code-2]]></ResponseCode><AgentID>218</AgentID>${extra}</xml>`;

describe('the URL check', () => {
	it('answers the plain text, whether + was encoded or not (V2)', () => {
		const answered = {
			kind: 'answered',
			answer: {
				status: 200,
				headers: { 'content-type': 'text/plain; charset=utf-8' },
				body: '1616140317555161061',
			},
		};
		const now = at(1409659589);
		expect(receive({ method: 'GET', query: V2 }, now)).toEqual(answered);
		const spaced = { ...V2, echostr: V2.echostr.replaceAll('+', ' ') };
		expect(receive({ method: 'GET', query: spaced }, now)).toEqual(answered);
	});

	it.each<[string, Record<string, string>, Record<string, unknown>, number, object]>([
		[
			'a wrong signature',
			{ msg_signature: V2.msg_signature.replace('5', '6') },
			{},
			0,
			refusal('bad_signature'),
		],
		['no signature', { msg_signature: '' }, {}, 0, refusal('missing_signature')],
		['no text', { echostr: '' }, {}, 0, refusal('missing_signature')],
		['no time', { timestamp: '' }, {}, 0, refusal('missing_timestamp')],
		['no number as time', { timestamp: 'x' }, {}, 0, refusal('malformed_timestamp')],
		['an old one', {}, {}, 601, refusal('stale_timestamp')],
		['one of the future', {}, {}, -601, refusal('stale_timestamp')],
		['another corporation', {}, { corpId: 'wx1' }, 0, refusal('invalid_ciphertext')],
		['no settings', {}, { callbackToken: '' }, 0, refusal('no_secret')],
		['a robot', {}, { mode: 'robot' }, 0, refusal('no_secret')],
		['half a key', {}, { encodingAesKeySecret: 'short' }, 0, refusal('invalid_credential')],
	])('refuses %s', (_name, query, own, later, expected) => {
		const given = { method: 'GET' as const, query: { ...V2, ...query } };
		expect(receive(given, at(1409659589 + later), { ...credential, ...own })).toEqual(expected);
	});
});

it('reads the published message (V3)', () => {
	expect(receive({ query: V3.query, rawBody: envelope(V3.encrypt) }, at(1409659813))).toEqual({
		kind: 'calls',
		answer: { status: 200, body: '' },
		calls: [
			{
				type: 'text',
				replayKey: 'wecom:text:4561255354251345929',
				channelUserId: 'mycreate',
				conversationId: 'mycreate',
				text: 'hello',
				reply: { userid: 'mycreate' },
			},
		],
	});
});

it('reads a pressed card and keeps the fresh code', () => {
	for (const event of ['template_card_event', 'template_card_menu_event'])
		expect(receive(sent(pressed('', event)), at(SECONDS))).toMatchObject({
			calls: [
				{
					type: 'press',
					value: 'token.a-b_c',
					replayKey: 'wecom:press:ZhangWei:1800000000:token.a-b_c:d_1',
					channelUserId: 'ZhangWei',
					reply: { userid: 'ZhangWei', response_code: 'code-2', task_id: 'd_1' },
				},
			],
		});
	const chosen =
		'<SelectedItems><SelectedItem><QuestionKey>q1</QuestionKey><OptionIds><OptionId>a</OptionId><OptionId>b</OptionId></OptionIds></SelectedItem></SelectedItems>';
	expect(receive(sent(pressed(chosen)), at(SECONDS))).toMatchObject({
		calls: [{ parameters: { q1: 'a,b' } }],
	});
});

it.each([
	[
		'who opened the app',
		'<xml><FromUserName>Z</FromUserName><MsgType>event</MsgType><Event>enter_agent</Event></xml>',
	],
	[
		'a picture',
		'<xml><FromUserName>Z</FromUserName><MsgType>image</MsgType><MsgId>1</MsgId></xml>',
	],
	['another app', pressed().replace('<AgentID>218', '<AgentID>219')],
	['nobody', '<xml><MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>'],
])('lets %s be', (_name, xml) => {
	expect(receive(sent(xml), at(SECONDS))).toEqual(NOTHING);
});

it('refuses what is not from WeCom', () => {
	const good = sent(pressed());
	const now = at(SECONDS);
	expect(receive({ ...good, rawBody: envelope('AAAA') }, now)).toEqual(refusal('bad_signature'));
	expect(receive({ ...good, rawBody: Buffer.from('{}') }, now)).toEqual(
		refusal('missing_signature'),
	);
	expect(receive(sent(pressed(), { receiveId: 'other' }), now)).toEqual(
		refusal('invalid_ciphertext'),
	);
	expect(receive(sent(pressed(), { token: 'other' }), now)).toEqual(refusal('bad_signature'));
	expect(receive(sent(pressed(), { seconds: SECONDS - 601 }), now)).toEqual(
		refusal('stale_timestamp'),
	);
	expect(receive(sent('no xml'), now)).toEqual(refusal('invalid_xml', 400));
});

it('accepts nothing without proof and never throws', () => {
	const query = fc.dictionary(
		fc.constantFrom('msg_signature', 'timestamp', 'nonce', 'echostr'),
		fc.oneof(fc.string(), fc.constantFrom(...Object.values(V2))),
	);
	const body = fc.oneof(
		fc.string(),
		fc.string().map((text) => envelope(text).toString()),
	);
	fc.assert(
		fc.property(
			fc.constantFrom('GET' as const, 'POST' as const),
			query,
			body,
			(method, given, text) => {
				const result = receive({ method, query: given, rawBody: Buffer.from(text) }, at(SECONDS));
				expect(result.kind).toBe('refused');
			},
		),
	);
	const tag = fc.constantFrom(
		'FromUserName',
		'MsgType',
		'Event',
		'EventKey',
		'Content',
		'MsgId',
		'SelectedItems',
		'__proto__',
	);
	const inner = fc.array(
		fc.tuple(
			tag,
			fc.oneof(fc.string(), fc.constantFrom('event', 'text', 'template_card_event', '<a><b/></a>')),
		),
	);
	fc.assert(
		fc.property(inner, (parts) => {
			const xml = `<xml>${parts.map(([name, value]) => `<${name}>${value}</${name}>`).join('')}</xml>`;
			expect(['calls', 'answered', 'refused']).toContain(receive(sent(xml), at(SECONDS)).kind);
		}),
	);
});

describe('XML', () => {
	it('is read as text, without entities', () => {
		expect(readXml('<xml><a><![CDATA[<b>&amp;]]></a><n>007</n><e>&lt;</e><c/></xml>')).toEqual({
			xml: { a: '<b>&amp;', n: '007', e: '&lt;', c: '' },
		});
	});

	it.each([
		['a DTD', '<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>'],
		['an open tag', '<xml><a></xml>'],
		['words', 'hello'],
		['nothing', ''],
	])('is refused with %s', (_name, text) => {
		expect(() => readXml(text)).toThrow(expect.objectContaining({ code: 'invalid_xml' }));
	});
});

describe('answers', () => {
	it('are called back to an app whose callback is set up', () => {
		expect(wecom.answers?.(credential)).toBe('callback');
		expect(wecom.answers?.({ ...credential, encodingAesKeySecret: '' })).toBe('link');
		expect(wecom.answers?.({ ...credential, mode: 'robot' })).toBe('link');
	});

	it('go to the person as a text that cannot link', () => {
		const respond = (own: Record<string, unknown>) =>
			wecom.inbound?.respond(
				'ok <a href="x">',
				{ userid: 'Z' },
				{ credential: own, prepared: { token: 't' }, now: at(0) },
			);
		expect((respond(credential) as HttpRequest).body).toMatchObject({
			touser: 'Z',
			agentid: 218,
			text: { content: 'ok ＜a href="x">' },
		});
		expect(respond({ ...credential, mode: 'robot' })).toBeUndefined();
	});

	it('put a card in the place of one whose news would be sent as markdown', () => {
		const long = wecom.draw({ ...incident, body: '很长的说明'.repeat(80) });
		wecom.check(long);
		expect(long.msgtype).toBe('markdown');
		const context = contextFor('wecom', { userid: 'Z' }, credential);
		expect((wecom.request(long, context, {}) as HttpRequest).body).not.toHaveProperty('card');
		const ref = { response_code: 'code-2' };
		expect((wecom.update?.(long, ref, context, {}) as HttpRequest).body).toMatchObject({
			template_card: { card_type: 'text_notice', card_action: { type: 1 } },
		});
		expect(() => wecom.update?.(wecom.draw(digest), ref, context, {})).toThrow(
			expect.objectContaining({ code: 'not_updatable' }),
		);
	});

	it('let the card be changed with the code of the press', () => {
		const context = contextFor('wecom', { userid: 'Z' }, credential);
		const card = { template_card: { card_type: 'button_interaction', button_list: [] } };
		const update = (code: string) =>
			(
				wecom.update?.(
					card,
					{ msgid: 'm', response_code: code, userid: 'LiNa' },
					context,
					{},
				) as HttpRequest
			).body as Record<string, Record<string, unknown>>;
		expect(update('code-2')).toMatchObject({ userids: ['LiNa'], response_code: 'code-2' });
		// An app takes a task_id once.
		expect(update('code-2').template_card.task_id).not.toBe(update('code-3').template_card.task_id);
	});
});
