import fc from 'fast-check';

import { createTokenCache } from '../../../core/channels/tokens';
import { TransportError } from '../../../core/channels/types';
import type { ChannelIo, HttpRequest, HttpResponse } from '../../../core/channels/types';
import { wecom } from '../../../core/channels/wecom';
import {
	verifyWecomSignature,
	wecomDecrypt,
	wecomEncrypt,
	wecomSignature,
} from '../../../core/channels/wecom/crypto';
import { anyCard, contextFor, digest, incident, pressable } from './cards';

type Json = Record<string, unknown>;
const app = {
	mode: 'app',
	corpId: 'ww1',
	corpSecret: 's3cret',
	agentId: '1000002',
	baseUrl: 'https://wc.test/',
};
const robot = { mode: 'robot', webhookUrl: 'https://wc.test/cgi-bin/webhook/send?key=k1' };
const to = (address: Json, credential: Json = app, id = 'd_1') =>
	contextFor('wecom', address, credential, id);
const send = (payload: Json, credential: Json = app, id = 'd_1') =>
	wecom.request(payload, to({ userid: 'ZhangWei' }, credential, id), {
		token: 'tok',
	}) as HttpRequest;
const bodyOf = (payload: Json, credential: Json = app, id = 'd_1') =>
	send(payload, credential, id).body as Json;
const judge = (
	body: unknown,
	status = 200,
	request: HttpRequest = send({ msgtype: 'text', text: { content: 'x' } }),
) => wecom.outcome({ status, headers: {}, body } as HttpResponse, request);
const codeOf = (run: () => unknown): unknown => {
	try {
		run();
	} catch (error) {
		return (error as { code?: unknown }).code;
	}
	return undefined;
};
const bytes = (text: unknown): number => Buffer.byteLength(String(text), 'utf8');
const contentOf = (payload: Json): string => String((payload.markdown as Json).content);

describe('draw', () => {
	it('draws a ticket with a link as a notice card', () => {
		const payload = wecom.draw(incident);
		expect(payload.msgtype).toBe('template_card');
		expect(payload.template_card).toMatchObject({
			card_type: 'text_notice',
			main_title: { title: incident.title, desc: 'Assigned to you' },
			sub_title_text: incident.body,
			horizontal_content_list: [
				{ keyname: 'Priority', value: 'Critical' },
				{ keyname: 'Status', value: 'New' },
			],
			jump_list: [{ type: 1, title: 'Open ticket', url: 'https://itsm.test/INC0010001?a=1&b=2' }],
			card_action: { type: 1, url: 'https://itsm.test/INC0010001?a=1&b=2' },
		});
	});

	it('gives buttons that answer their token as key', () => {
		expect(wecom.draw(pressable).template_card).toMatchObject({
			card_type: 'button_interaction',
			button_list: [
				{ text: 'Acknowledge', style: 1, key: 'signed-1' },
				{ text: 'Resolve', key: 'signed-2' },
			],
		});
	});

	it('shows a title that is too long once more, whole', () => {
		const title =
			'核心交换机故障导致全部办公楼层网络中断，请网络运维值班人员立即处理并在群内反馈进展';
		const card = wecom.draw({ ...incident, title }).template_card as Json;
		expect((card.main_title as Json).title).toMatch(/^核心交换机.{20,30}…$/);
		expect(card.sub_title_text).toContain(title);
	});

	it('writes digests, long texts and tickets without a link as markdown', () => {
		const list = contentOf(wecom.draw(digest));
		expect(list).toContain('[INC0 Printer on floor 0](https://itsm.test/INC0)');
		expect(list).toMatch(/\[\+2 more\]\(https:\/\/itsm\.test\/list\)/);
		const long = contentOf(wecom.draw({ ...incident, body: 'word '.repeat(200) }));
		expect(long).toContain('word '.repeat(150).trim());
		expect(long).toContain('[Open ticket](https://itsm.test/INC0010001?a=1&b=2)');
		expect(contentOf(wecom.draw({ ...incident, links: [], ticket: undefined }))).toContain(
			'Critical',
		);
	});

	it('tells the true number where not all entries fit', () => {
		const entries = Array.from({ length: 60 }, (_, i) => ({ title: `INC${i} ${'x'.repeat(60)}` }));
		const text = contentOf(wecom.draw({ ...digest, entries, more: undefined }));
		const shown = entries.filter(({ title }) => text.includes(title)).length;
		expect(shown).toBeGreaterThan(5);
		expect(text).toContain(`+${60 - shown} more`);
	});

	it('is taken by an app and by a robot, whatever the card', () => {
		fc.assert(
			fc.property(anyCard, (card) => {
				const payload = wecom.draw(card);
				wecom.check(payload);
				for (const [credential, max] of [
					[app, 2048],
					[robot, 4096],
				] as const) {
					const body = bodyOf(payload, credential);
					// WeCom refuses JSON with \uXXXX in it.
					expect(JSON.stringify(body)).not.toMatch(/(?<!\\)(?:\\\\)*\\u[0-9a-f]{4}/);
					if (body.msgtype !== 'markdown') continue;
					expect(bytes(contentOf(body))).toBeLessThanOrEqual(max);
					const rest = contentOf(body)
						.replace(/<\/?font(?: color="(?:info|comment|warning)")?>/g, '')
						.replace(/^>/gm, '');
					expect(rest).not.toMatch(/[<>]|&#?\w{1,31};/);
				}
			}),
			{ numRuns: 150 },
		);
	});
});

describe('request', () => {
	it('sends by the app, once per delivery', () => {
		const request = send(wecom.draw(incident));
		expect(request.url).toBe('https://wc.test/cgi-bin/message/send?access_token=tok');
		expect(request.body).toMatchObject({
			touser: 'ZhangWei',
			agentid: 1000002,
			msgtype: 'template_card',
			safe: 0,
			enable_duplicate_check: 1,
			duplicate_check_interval: 1800,
		});
		expect(request.body).not.toHaveProperty('robot');
	});

	it('differs between deliveries that say the same, and not between retries', () => {
		const long = { ...incident, body: 'word '.repeat(800) };
		for (const card of [incident, pressable, digest, long]) {
			const payload = wecom.draw(card);
			expect(bodyOf(payload, app, 'd_1')).toEqual(bodyOf(payload, app, 'd_1'));
			expect(bodyOf(payload, app, 'd_1')).not.toEqual(bodyOf(payload, app, 'd_2'));
		}
		expect(bytes(contentOf(bodyOf(wecom.draw(long))))).toBeLessThanOrEqual(2048);
	});

	it('posts to a robot without receiver, app or buttons that answer', () => {
		const request = send(wecom.draw(pressable), robot);
		expect(request.url).toBe(robot.webhookUrl);
		const body = request.body as Json;
		expect(Object.keys(body).sort()).toEqual(['markdown', 'msgtype']);
		const byKey = send(wecom.draw(incident), {
			mode: 'robot',
			key: 'k 2',
			baseUrl: 'https://p.test',
		});
		expect(byKey.url).toMatch(/^https:\/\/p\.test\/cgi-bin\/webhook\/send\?key=k(?:%20|\+)2$/);
	});

	it('needs a recipient and a whole credential', () => {
		const payload = wecom.draw(incident);
		expect(codeOf(() => wecom.request(payload, to({}), { token: 't' }))).toBe('no_address');
		expect(codeOf(() => send(payload, { ...app, agentId: '' }))).toBe('invalid_credential');
		expect(codeOf(() => send(payload, { mode: 'robot' }))).toBe('invalid_credential');
	});

	it('updates a card with its response code', () => {
		const context = to({ userid: 'ZhangWei' });
		const request = wecom.update?.(wecom.draw(pressable), { response_code: 'rc' }, context, {
			token: 't',
		});
		expect(request).toMatchObject({
			url: 'https://wc.test/cgi-bin/message/update_template_card?access_token=t',
			body: { userids: ['ZhangWei'], agentid: 1000002, response_code: 'rc' },
		});
		expect(() => wecom.update?.(wecom.draw(pressable), {}, context, {})).toThrow();
	});
});

describe('outcome', () => {
	it('keeps what an update needs', () => {
		expect(
			judge({ errcode: 0, errmsg: 'ok', invaliduser: '', msgid: 'm1', response_code: 'rc' }),
		).toEqual({
			ok: true,
			status: 'sent',
			providerMessageId: 'm1',
			ref: { msgid: 'm1', response_code: 'rc' },
		});
		expect(judge({ errcode: 0, errmsg: 'ok' })).toEqual({ ok: true, status: 'sent' });
	});

	it('sees the invalid receiver inside a success', () => {
		expect(judge({ errcode: 0, invaliduser: 'zhangwei', msgid: 'm' })).toMatchObject({
			ok: false,
			class: 'recipient',
			code: 'invaliduser',
		});
		expect(judge({ errcode: 0, invaliduser: 'Other', msgid: 'm' })).toMatchObject({ ok: true });
	});

	it.each<[string, number[]]>([
		['retry', [-1]],
		['rate', [45009, 45033, 45011]],
		['auth', [40014, 42001, 40001, 41001]],
		[
			'config',
			[40013, 40056, 60020, 50001, 50002, 50003, 48002, 48004, 301002, 60011, 93000, 99999],
		],
		['recipient', [81013, 40003, 46004, 60111, 82001]],
		['payload', [40008, 40033, 40058, 44004, 45002, 82002, 82003]],
	])('is %s for %j', (kind, codes) => {
		for (const errcode of codes) {
			const result = judge({ errcode, errmsg: 'why' });
			expect(result).toMatchObject({ ok: false, class: kind, code: String(errcode) });
			if (result.ok) continue;
			if (kind === 'rate') expect(result.retryAfterMs).toBeGreaterThanOrEqual(60_000);
			if ([40014, 42001, 40001].includes(errcode)) expect(result.tokenInvalid).toBe(true);
		}
	});

	it('is a matter of the set-up where the secret itself is refused', () => {
		const request = wecom.probe?.(app, {}) as HttpRequest;
		const result = judge({ errcode: 40001, errmsg: 'invalid credential' }, 200, request);
		expect(result).toMatchObject({ class: 'config', code: '40001' });
		expect(result).not.toHaveProperty('tokenInvalid');
		expect(judge({ errcode: 0, access_token: 'x', expires_in: 7200 }, 200, request)).toEqual({
			ok: true,
			status: 'sent',
		});
	});

	it('retries a broken gateway and doubts a foreign answer', () => {
		expect(judge('<html>', 502)).toMatchObject({ class: 'retry', code: 'http_502' });
		expect(judge('<html>')).toMatchObject({ class: 'config', code: 'unexpected_answer' });
	});
});

describe('prepare', () => {
	const ioFor = (answer: () => Promise<HttpResponse>): { io: ChannelIo; asked: string[] } => {
		const asked: string[] = [];
		const http = async (request: HttpRequest) => {
			asked.push(request.url);
			return await answer();
		};
		const io = {
			http,
			now: () => new Date(0),
			tokens: createTokenCache(() => 0),
		} as unknown as ChannelIo;
		return { io, asked };
	};
	const json = (body: unknown) => async () => ({ status: 200, headers: {}, body }) as HttpResponse;

	it('asks for a token once and keeps it', async () => {
		const { io, asked } = ioFor(json({ errcode: 0, access_token: 'tok', expires_in: 7200 }));
		const first = await wecom.prepare?.(io, app);
		expect(await wecom.prepare?.(io, { ...app })).toEqual(first);
		expect(asked).toEqual(['https://wc.test/cgi-bin/gettoken?corpid=ww1&corpsecret=s3cret']);
		const key = wecom.tokenKey?.(app);
		expect(key).toMatch(/^wecom:[0-9a-f]+$/);
		expect(wecom.tokenKey?.({ ...app, corpSecret: 'other' })).not.toBe(key);
		io.tokens.drop(String(key));
		await wecom.prepare?.(io, app);
		expect(asked).toHaveLength(2);
	});

	it('reports what WeCom says, and a lost answer', async () => {
		const refused = ioFor(json({ errcode: 40013, errmsg: 'invalid corpid' })).io;
		await expect(wecom.prepare?.(refused, app)).rejects.toMatchObject({
			outcome: { class: 'config', code: '40013' },
		});
		const lost = ioFor(() => Promise.reject(new TransportError('timeout', 'no answer', true))).io;
		await expect(wecom.prepare?.(lost, app)).rejects.toThrow('no answer');
	});

	it('needs nothing for a robot', async () => {
		const { io, asked } = ioFor(json({}));
		expect(await wecom.prepare?.(io, robot)).toEqual({});
		expect(asked).toEqual([]);
	});
});

describe('raw', () => {
	it('takes every form', () => {
		expect(wecom.raw({ msgtype: 'markdown', markdown: { content: '**x**' } })).toMatchObject({
			msgtype: 'markdown',
			markdown: { content: '**x**' },
		});
		expect(wecom.raw({ markdown: '**x**' })).toMatchObject({ msgtype: 'markdown' });
		const card = { title: 'T', description: 'D', url: 'https://x.test' };
		expect(wecom.raw(card)).toMatchObject({ msgtype: 'textcard', textcard: card });
		const document = { markdown_v2: { content: 'x' } };
		expect(bodyOf(wecom.raw(document))).toMatchObject({ msgtype: 'markdown' });
		expect(bodyOf(wecom.raw(document), robot)).toMatchObject({ msgtype: 'markdown_v2' });
		for (const one of [
			{ text: 'x' },
			{ text: { content: 'x' } },
			card,
			{ markdown: '级'.repeat(3000) },
		]) {
			expect(() => wecom.check(wecom.raw(one))).not.toThrow();
		}
	});

	it('leaves out card rows that rendered empty', () => {
		const rows = [
			{ keyname: 'Priority', value: '' },
			{ keyname: 'Status', value: 'New' },
		];
		const card = {
			card_type: 'text_notice',
			main_title: { title: 'T' },
			horizontal_content_list: rows,
		};
		expect(wecom.raw({ template_card: card }).template_card).toMatchObject({
			horizontal_content_list: [rows[1]],
		});
	});

	it('refuses what would show nothing', () => {
		const hollow = { template_card: { card_type: 'text_notice', main_title: { title: '' } } };
		for (const document of [
			{},
			{ text: ' ' },
			{ markdown: { content: '' } },
			{ msgtype: 'text', text: {} },
			{ textcard: { url: 'https://x.test' } },
			hollow,
		]) {
			expect(codeOf(() => wecom.raw(document))).toBe('empty_message');
		}
	});
});

it('names what WeCom would refuse', () => {
	const refused = (payload: Json) => codeOf(() => wecom.check(payload));
	expect(refused({ msgtype: 'nothing' })).toBe('invalid_payload');
	expect(refused({ msgtype: 'markdown', markdown: { content: '' } })).toBe('invalid_payload');
	expect(refused({ msgtype: 'text', text: { content: '级'.repeat(700) } })).toBe('invalid_payload');
	expect(
		refused({
			msgtype: 'template_card',
			template_card: { card_type: 'text_notice', main_title: { title: 'x' } },
		}),
	).toBe('invalid_payload');
});

it('escapes tags, mentions, entities and links', () => {
	const text = wecom.escape('<@all> [x](http://y) &lt;b R&D <font>');
	expect(text).not.toMatch(/[<>[\]]|&lt;/);
	expect(text).toContain('R&D');
});

describe('callback crypto', () => {
	const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
	const corp = 'wx5823bf96d3bd56c7';
	const random = Buffer.from('aaaabbbbccccdddd');
	const v2 = {
		signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
		timestamp: '1409659589',
		nonce: '263014780',
		encrypted:
			'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
	};

	it('checks and reads the URL check (V2)', () => {
		expect(verifyWecomSignature(v2, 'QDG6eK')).toBe(true);
		expect(verifyWecomSignature(v2, 'other')).toBe(false);
		expect(verifyWecomSignature(v2, '')).toBe(false);
		expect(verifyWecomSignature({ ...v2, nonce: '1' }, 'QDG6eK')).toBe(false);
		expect(wecomDecrypt(aesKey, v2.encrypted, corp)).toEqual({
			message: '1616140317555161061',
			receiveId: corp,
		});
	});

	it('checks and reads a message (V3)', () => {
		const encrypted =
			'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==';
		expect(wecomSignature('QDG6eK', '1409659813', '1372623149', encrypted)).toBe(
			'477715d11cdb4164915debcba66cb864d751f3e6',
		);
		expect(wecomDecrypt(aesKey, encrypted, corp).message).toContain(
			'<Content><![CDATA[hello]]></Content>',
		);
	});

	it('encrypts as published (V4) and as derived (V5)', () => {
		const v4 = wecomEncrypt(
			'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
			'我是中文abcd123',
			'wxb11529c136998cb6',
			random,
		);
		expect(v4).toBe(
			'jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==',
		);
		expect(wecomSignature('pamtest', '1409304348', 'xxxxxx', v4)).toBe(
			'82c962d39941aa48552f90ef55aa323dc620cc10',
		);
		const reply =
			'<xml><MsgType><![CDATA[update_button]]></MsgType><Button><ReplaceName><![CDATA[done]]></ReplaceName></Button></xml>';
		const v5 = wecomEncrypt(aesKey, reply, corp, random);
		expect(v5).toBe(
			'ZA4HuQypHxnRrA+A6SOHGFkTxktRTNstBM35CFNb1xY55musoKDhrHBW2rpNsm2osMWZX9BdX+jsZFqAl4EnfXG0jX40+6ldg7852g99A+84hYXDUh2+M3EmsfF3UqlSOPv//qJnMOFrABg/5dzDN/twNOzLCMqJaofkTv5J4sCBGz8X2JVAGfzBpYIrcmxzZp1F8yV8+wtDtxleoyOq2g==',
		);
		expect(wecomSignature('QDG6eK', '1409659813', '1372623149', v5)).toBe(
			'4226c229f3912b9a60f0b0b4dc8c93aa7b08dbc4',
		);
	});

	it('reads what it wrote, and nothing that is damaged or for another', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (message) => {
				expect(
					wecomDecrypt(aesKey, wecomEncrypt(aesKey, message, corp, random), corp).message,
				).toBe(message);
			}),
		);
		expect(() => wecomDecrypt(aesKey, v2.encrypted, 'other')).toThrow();
		expect(() => wecomDecrypt(aesKey, v2.encrypted.slice(4), corp)).toThrow();
		expect(() => wecomDecrypt(aesKey, '', corp)).toThrow();
		expect(codeOf(() => wecomDecrypt('short', v2.encrypted))).toBe('invalid_credential');
	});
});
