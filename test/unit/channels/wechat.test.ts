import fc from 'fast-check';

import { wechat } from '../../../core/channels/wechat';
import { fitted } from '../../../core/channels/wechat/typed';
import type { HttpRequest } from '../../../core/channels/types';
import { anyCard, contextFor, digest, incident } from './cards';

type Json = Record<string, unknown>;

const credential = {
	appId: 'wx1',
	appSecret: 's3cret',
	templateId: 'tpl-1',
	baseUrl: 'https://wx.test/',
};
const MAPPING = {
	character_string1: 'number',
	thing2: 'title',
	time3: 'time',
	phrase4: '=处理中',
	thing5: 'Priority|优先级',
	thing6: '{number} {Status}',
};
const mapped = { ...credential, templateMapping: JSON.stringify(MAPPING) };
const seed = {
	title: '新工单分配',
	description: '张伟，您有一个新的工单需要处理',
	url: 'https://itsm.test/tickets/INC-1',
	template_data: {
		first: '您有一个新的工单需要处理',
		keyword1: 'INC-1',
		keyword2: '磁盘满',
		keyword3: 'High',
		remark: '请及时处理',
	},
};
const send = (payload: Json, given: Json = credential, patch: Json = {}) => {
	const context = contextFor('wechat', { openid: 'o1' }, given);
	Object.assign(context.delivery, {
		event: { timestamp: '2026-01-05T09:00:00Z' },
		recipient: { user_id: 'u', timezone: 'Asia/Shanghai' },
		...patch,
	});
	return wechat.request(payload, context, { token: 'tok' }) as HttpRequest;
};
const dataOf = (payload: Json, given: Json = credential) =>
	(send(payload, given).body as Json).data as Record<string, { value: string }>;
const codeOf = (run: () => unknown): unknown => {
	try {
		run();
	} catch (error) {
		return (error as { code?: unknown }).code;
	}
	return undefined;
};

it("takes the seed's document: what WeChat still shows, under its own names", () => {
	const payload = wechat.raw(seed);
	wechat.check(payload);
	const request = send(payload);
	expect(request.url).toBe('https://wx.test/cgi-bin/message/template/send?access_token=tok');
	expect(request.body).toEqual({
		touser: 'o1',
		template_id: 'tpl-1',
		url: seed.url,
		client_msg_id: 'd_1',
		data: {
			keyword1: { value: 'INC-1' },
			keyword2: { value: '磁盘满' },
			keyword3: { value: 'High' },
		},
	});
	expect(wechat.summary(payload)).toBe('新工单分配');
});

it("maps the seed's names to the keys of today's templates, by credential or template", () => {
	const mapping = {
		character_string1: 'keyword1',
		thing2: 'first',
		thing3: '{keyword2}，{remark}',
	};
	const expected = {
		character_string1: { value: 'INC-1' },
		thing2: { value: '您有一个新的工单需要处理' },
		thing3: { value: '磁盘满，请及时处理' },
	};
	expect(dataOf(wechat.raw(seed), { ...credential, templateMapping: mapping })).toEqual(expected);
	const own = wechat.raw({ ...seed, template_id: 'tpl-2', template_mapping: mapping });
	expect(dataOf(own, mapped)).toEqual(expected);
	expect(send(own).body).toMatchObject({ template_id: 'tpl-2' });
});

it('maps a card: names, labels, alternatives, sentences, literals, the time where the reader is', () => {
	expect(dataOf(wechat.draw(incident), mapped)).toEqual({
		character_string1: { value: 'INC0010001' },
		thing2: { value: 'New incident: INC00…' },
		time3: { value: '2026-01-05 17:00' },
		phrase4: { value: '处理中' },
		thing5: { value: 'Critical' },
		thing6: { value: 'INC0010001 New' },
	});
	expect(dataOf(wechat.draw(incident))).toMatchObject({
		keyword1: { value: 'INC0010001' },
		keyword3: { value: 'Critical' },
	});
	expect(dataOf(wechat.draw(digest))).toMatchObject({
		keyword1: { value: '-' },
		keyword2: { value: digest.title },
	});
});

it('leads to the first signed page, else to the ticket', () => {
	const buttons = [
		{ action: 'acknowledge', label: 'Ack', url: 'https://n8n.test/a?t=1' },
		{ action: 'resolve', label: 'Resolve', url: 'https://n8n.test/a?t=2' },
	];
	expect(wechat.draw({ ...incident, buttons }).url).toBe('https://n8n.test/a?t=1');
	expect(wechat.draw(incident).url).toBe('https://itsm.test/INC0010001?a=1&b=2');
	expect(wechat.draw({ ...incident, links: [] }).url).toBe(incident.ticket?.url);
	expect(wechat.draw(digest).url).toBe('https://itsm.test/list');
	expect(wechat.answers?.(credential)).toBe('link');
});

it("takes the platform's form, and plain words with a mapping", () => {
	const data = { thing1: { value: 'x', color: '#f00' }, number2: { value: 42 } };
	const payload = wechat.raw({
		template_id: 't',
		data,
		url: 'javascript:1',
		miniprogram: { appid: 'wxm', pagepath: 'p' },
	});
	wechat.check(payload);
	expect(send(payload).body).toMatchObject({
		template_id: 't',
		miniprogram: { appid: 'wxm', pagepath: 'p' },
		data: { thing1: { value: 'x' }, number2: { value: '42' } },
	});
	expect(send(payload).body).not.toHaveProperty('url');
	const plain = wechat.raw({ title: 'T', text: 'words' });
	expect(
		dataOf(plain, { ...credential, templateMapping: { thing1: 'title', thing2: 'text' } }),
	).toEqual({
		thing1: { value: 'T' },
		thing2: { value: 'words' },
	});
	expect(codeOf(() => send(plain))).toBe('invalid_payload');
	expect(codeOf(() => wechat.raw({ template_data: { first: ' ' } }))).toBe('empty_message');
});

it.each([
	['thing1', '级'.repeat(30), `${'级'.repeat(19)}…`],
	['short_thing1', '很长的一句话', '很长的一…'],
	['character_string1', '工单 INC-1 #2', 'INC-1#2'],
	['number1', '约 1,024.5 次', '1024.5'],
	['letter1', 'a1b2', 'ab'],
	['symbol1', 'a!b?', '!?'],
	['time1', '2026年1月5日 9:05', '2026-01-05 09:05'],
	['time1', '17:30', '17:30'],
	['date1', '2026/1/5', '2026-01-05'],
	['amount1', '¥12.345', '12.34'],
	['phone_number1', '+86 (10) 1234', '+86(10)1234'],
	['car_number1', '京A 123456789', '京A123456'],
	['name1', 'Bartholomew Longfellow', 'Bartholomew Longfell'],
	['name1', '一二三四五六七八九十十一', '一二三四五六七八九十'],
	['phrase1', '紧急 (P1)！', '紧急'],
	['const1', '待处理', '待处理'],
	['keyword1', 'a\nb', 'a b'],
	['thing1', '  ', '-'],
])('%s of %j is %j', (key, text, expected) => {
	expect(fitted(key, text)).toBe(expected);
});

it('says so where a value has nothing of its type', () => {
	for (const [key, text] of [
		['phrase1', 'High'],
		['number1', 'many'],
		['time1', 'soon'],
		['date1', '17:30'],
		['name1', ''],
		['phone_number1', 'x'],
	])
		expect(codeOf(() => fitted(key, text))).toBe('invalid_payload');
});

it('names what is wrong in the credential or the message', () => {
	const payload = wechat.draw(incident);
	expect(codeOf(() => wechat.request(payload, contextFor('wechat', {}, credential), {}))).toBe(
		'no_address',
	);
	for (const broken of [
		{ ...credential, templateId: '' },
		{ ...credential, templateMapping: '{' },
		{ ...credential, templateMapping: '[]' },
		{ ...credential, templateMapping: { first: 'title' } },
		{ ...credential, baseUrl: 'x' },
	])
		expect(codeOf(() => send(payload, broken))).toBe('invalid_credential');
	for (const bad of [
		{},
		{ template_data: {} },
		{ template_data: { a: 1 } },
		{ template_data: { a: 'x' }, miniprogram: {} },
		{ template_data: { a: 'x' }, template_mapping: { remark: 'a' } },
	])
		expect(codeOf(() => wechat.check(bad))).toBe('invalid_payload');
});

it('sends anew only in a test run or alone', () => {
	const repeats = (patch: Json) => {
		const context = contextFor('wechat', { openid: 'o1' }, credential);
		Object.assign(context.delivery, patch);
		return wechat.recognisesRepeats?.(context);
	};
	expect([repeats({}), repeats({ test: true }), repeats({ standalone: true })]).toEqual([
		true,
		false,
		false,
	]);
	expect(
		(send(wechat.draw(incident), credential, { test: true }).body as Json).client_msg_id,
	).toMatch(/^d_1-\d+$/);
});

it('is within every limit, whatever the card', () => {
	fc.assert(
		fc.property(anyCard, (any) => {
			const payload = wechat.draw(any);
			wechat.check(payload);
			for (const given of [
				credential,
				{
					...credential,
					templateMapping: {
						thing1: 'title',
						character_string2: 'number',
						time3: 'time',
						thing4: '{first}{body}',
					},
				},
			])
				for (const [key, { value }] of Object.entries(dataOf(payload, given))) {
					expect(value).not.toBe('');
					expect(value).not.toMatch(/\n/);
					expect([...value].length).toBeLessThanOrEqual(
						key.startsWith('keyword') ? 200 : key.startsWith('character') ? 32 : 20,
					);
				}
		}),
		{ numRuns: 150 },
	);
});

describe('outcome', () => {
	const asked = {
		kind: 'http',
		method: 'POST',
		url: 'https://wx.test/cgi-bin/message/template/send?access_token=t',
	} as HttpRequest;
	const judge = (body: unknown, status = 200, request = asked) =>
		wechat.outcome({ status, headers: {}, body }, request);

	it('keeps the id as a JSON number leaves it', () => {
		expect(judge(JSON.parse('{"errcode":0,"msgid":3000000000000000001}'))).toEqual({
			ok: true,
			status: 'sent',
			providerMessageId: '3000000000000000000',
			ref: { msgid: '3000000000000000000' },
		});
		expect(judge({ errcode: 45065, errmsg: 'clientmsgid exist' })).toEqual({
			ok: true,
			status: 'sent',
		});
	});

	it.each<[string, number[]]>([
		['retry', [-1]],
		['rate', [45009, 45011, 45047]],
		['auth', [40001, 40014, 42001, 41001]],
		['config', [40013, 40125, 40164, 48001, 50001, 50002, 40037, 41030, 99999]],
		['recipient', [40003, 43004, 43101]],
		['payload', [47001, 47003]],
	])('is %s for %j', (kind, codes) => {
		for (const errcode of codes) {
			const result = judge({ errcode, errmsg: 'why rid: 1-2-3' });
			expect(result).toMatchObject({
				ok: false,
				class: kind,
				code: String(errcode),
				message: `WeChat refused: ${errcode} why`,
			});
			if (!result.ok && kind === 'auth') expect(result.tokenInvalid).toBe(true);
			if (!result.ok && kind === 'rate') expect(result.retryAfterMs).toBeGreaterThanOrEqual(60_000);
		}
	});

	it('knows its token, a broken gateway and a foreign answer', () => {
		const token = wechat.probe?.(credential, {}) as HttpRequest;
		expect(token).toMatchObject({
			url: 'https://wx.test/cgi-bin/stable_token',
			body: { appid: 'wx1', force_refresh: false },
		});
		expect(judge({ access_token: 't', expires_in: 7200 }, 200, token)).toEqual({
			ok: true,
			status: 'sent',
		});
		expect(judge({ errcode: 40001, errmsg: 'x' }, 200, token)).toMatchObject({ class: 'config' });
		expect(judge('<html>', 502)).toMatchObject({ class: 'retry', code: 'http_502' });
		for (const foreign of ['<html>', { hello: 1 }])
			expect(judge(foreign)).toMatchObject({ code: 'unexpected_answer' });
	});
});
