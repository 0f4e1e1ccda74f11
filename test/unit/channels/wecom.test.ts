import fc from 'fast-check';

import type { HttpRequest } from '../../../core/channels/types';
import { wecom } from '../../../core/channels/wecom';
import { anyCard, contextFor, digest, incident, pressable } from './cards';

type Json = Record<string, unknown>;
const app = {
	mode: 'app',
	corpId: 'ww1',
	corpSecret: 's3cret',
	agentId: '1000002',
	baseUrl: 'https://wc.test/',
};
const robot = { mode: 'robot', webhookSecretUrl: 'https://wc.test/cgi-bin/webhook/send?key=k1' };
const to = (address: Json, credential: Json = app, id = 'd_1') =>
	contextFor('wecom', address, credential, id);
const send = (payload: Json, credential: Json = app, id = 'd_1') =>
	wecom.request(payload, to({ userid: 'ZhangWei' }, credential, id), {
		token: 'tok',
	}) as HttpRequest;
const bodyOf = (payload: Json, credential: Json = app, id = 'd_1') =>
	send(payload, credential, id).body as Json;
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

	it('a title of signs that markdown would read as markup still has words in its summary', () => {
		const ticket = { key: 'k', id: '1', url: 'https://itsm.test/1' };
		const payload = wecom.draw({ ...incident, title: '<a [x](y) >', ticket });
		expect(wecom.summary(payload)).toBe('<a [x](y) >');
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
		expect(request.url).toBe(robot.webhookSecretUrl);
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
