import fc from 'fast-check';

import { feishu } from '../../../core/channels/feishu';
import type { HttpRequest } from '../../../core/channels/types';
import { anyCard, contextFor, digest, incident, nasty, pressable } from './cards';

type Json = Record<string, unknown>;
const app = { mode: 'app', appId: 'cli_1', appSecret: 's3cret', baseUrl: 'https://fs.test/' };
const robot = {
	mode: 'robot',
	webhookSecretUrl: 'https://fs.test/open-apis/bot/v2/hook/h1',
	secret: 'demo',
};
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value), 'utf8');
const send = (payload: Json, credential: Json = app, address: Json = { open_id: 'ou_1' }) =>
	feishu.request(payload, contextFor('feishu', address, credential, 'd_1'), {
		token: 'tok',
	}) as HttpRequest;
const codeOf = (run: () => unknown): unknown => {
	try {
		run();
	} catch (error) {
		return (error as { code?: unknown }).code;
	}
	return undefined;
};
const withInput = {
	...pressable,
	buttons: [
		...pressable.buttons,
		...['signed-3', 'signed-4'].map((value) => ({
			action: 'comment',
			label: 'Comment',
			value,
			input: { name: 'comment', label: 'What to say' },
		})),
	],
};

describe('draw', () => {
	it('draws a card of version 2.0 whose buttons call back', () => {
		const { msg_type: type, card } = feishu.draw(withInput) as { msg_type: string; card: Json };
		expect(type).toBe('interactive');
		expect(card).toMatchObject({
			schema: '2.0',
			config: { update_multi: true },
			header: { title: { tag: 'plain_text', content: incident.title }, template: 'red' },
		});
		const text = JSON.stringify(card);
		expect(text).toContain('{"type":"callback","value":{"token":"signed-1"}}');
		expect(text).toContain('"default_url":"https://itsm.test/INC0010001?a=1&b=2"');
		expect(text).toContain('"tag":"input","name":"comment"');
		expect(text).toContain('"name":"comment__2"');
	});

	it('is within every limit, whatever the card', () => {
		fc.assert(
			fc.property(anyCard, (card) => {
				const payload = feishu.draw(card);
				feishu.check(payload);
				expect(bytes(payload.card)).toBeLessThanOrEqual(19 * 1024);
				expect(bytes(send(payload, robot).body)).toBeLessThanOrEqual(20 * 1024);
				expect(JSON.stringify(send(payload, robot).body)).not.toContain('"callback"');
			}),
			{ numRuns: 120 },
		);
	});

	it('lets no outside text be markup', () => {
		fc.assert(
			fc.property(nasty(), (text) => {
				expect(feishu.escape(text)).not.toMatch(/[<>*_~[\]`|\\]|&(?!amp;|lt;|gt;|#\d+;)/);
				expect(feishu.escape(text)).not.toMatch(/^\s*[-+#]/m);
			}),
		);
	});

	it('tells the true number of a digest', () => {
		const entries = Array.from({ length: 60 }, (_, i) => ({ title: `INC${i}!` }));
		const text = JSON.stringify(feishu.draw({ ...digest, entries, more: undefined }));
		expect(text).toContain('&#43;20 more');
	});
});

describe('request', () => {
	it('sends by the app, once per delivery', () => {
		const request = send(feishu.draw(incident));
		expect(request.url).toBe('https://fs.test/open-apis/im/v1/messages?receive_id_type=open_id');
		expect(request.headers).toMatchObject({ authorization: 'Bearer tok' });
		expect(request.body).toMatchObject({
			receive_id: 'ou_1',
			msg_type: 'interactive',
			uuid: 'd_1',
		});
		expect(JSON.parse(String((request.body as Json).content))).toMatchObject({ schema: '2.0' });
	});

	it.each<[Json, string, string]>([
		[{ union_id: 'on_1' }, 'union_id', 'on_1'],
		[{ user_id: 'u1' }, 'user_id', 'u1'],
		[{ email: 'a@b.test' }, 'email', 'a@b.test'],
		[{ chat_id: 'oc_1' }, 'chat_id', 'oc_1'],
		[{ address: 'ou_2' }, 'open_id', 'ou_2'],
		[{ address: 'on_2' }, 'union_id', 'on_2'],
		[{ address: 'oc_2' }, 'chat_id', 'oc_2'],
		[{ address: 'x@y.test' }, 'email', 'x@y.test'],
		[{ address: 'a1b2' }, 'user_id', 'a1b2'],
	])('addresses %j', (address, type, id) => {
		const request = send(feishu.raw({ text: 'hi' }), app, address);
		expect(request.url).toMatch(new RegExp(`receive_id_type=${type}$`));
		expect(request.body).toMatchObject({ receive_id: id });
		expect(feishu.address(address)).toBe(id);
	});

	it('takes the host of Lark', () => {
		const request = send(feishu.raw({ text: 'hi' }), { ...app, baseUrl: '', platform: 'lark' });
		expect(request.url).toMatch(/^https:\/\/open\.larksuite\.com\//);
	});

	it('keeps a long id within 50 characters, the same each time', () => {
		const context = contextFor('feishu', { open_id: 'ou_1' }, app, 'd'.repeat(80));
		const uuid = () =>
			((feishu.request(feishu.raw({ text: 'x' }), context, {}) as HttpRequest).body as Json).uuid;
		expect(String(uuid())).toHaveLength(50);
		expect(uuid()).toBe(uuid());
		expect(feishu.recognisesRepeats?.(context)).toBe(true);
		expect(feishu.recognisesRepeats?.(contextFor('feishu', {}, robot))).toBe(false);
	});

	it('signs what goes to a custom bot', () => {
		const request = send(feishu.draw(pressable), robot);
		expect(request.url).toBe(robot.webhookSecretUrl);
		expect(request.body).toMatchObject({ timestamp: '1767603600', sign: expect.any(String) });
		expect(send(feishu.raw({ text: 'x' }), { ...robot, secret: '' }).body).toEqual({
			msg_type: 'text',
			content: { text: 'x' },
		});
		const big = { msg_type: 'text', content: { text: 'x'.repeat(21 * 1024) } };
		expect(codeOf(() => send(big, robot))).toBe('invalid_payload');
		expect(() => send(big)).not.toThrow();
	});

	it('changes a card, and nothing else', () => {
		const context = contextFor('feishu', { open_id: 'ou_1' }, app);
		const card = feishu.draw(incident);
		expect(feishu.update?.(card, { message_id: 'om_1' }, context, { token: 't' })).toMatchObject({
			method: 'PATCH',
			url: 'https://fs.test/open-apis/im/v1/messages/om_1',
			body: { content: expect.stringContaining('update_multi') },
		});
		const text = feishu.raw({ text: 'x' });
		expect(codeOf(() => feishu.update?.(text, { message_id: 'om_1' }, context, {}))).toBe(
			'not_updatable',
		);
		expect(codeOf(() => feishu.update?.(card, {}, context, {}))).toBe('not_updatable');
	});

	it('needs an address and a whole credential', () => {
		const text = feishu.raw({ text: 'x' });
		expect(codeOf(() => send(text, app, {}))).toBe('no_address');
		expect(codeOf(() => send(text, { mode: 'robot' }))).toBe('invalid_credential');
		expect(codeOf(() => feishu.tokenKey?.({ mode: 'app' }))).toBe('invalid_credential');
	});
});

describe('raw', () => {
	const card = { header: { title: { tag: 'plain_text', content: 'T' } }, elements: [] };
	it.each<[string, Json, Json]>([
		['a text', { text: 'x' }, { msg_type: 'text', content: { text: 'x' } }],
		['a bot body', { msg_type: 'text', content: { text: 'x' } }, { content: { text: 'x' } }],
		['title and body', { title: 'T', body: 'x' }, { content: { text: 'T\nx' } }],
		['a card', { card }, { msg_type: 'interactive', card }],
		['a bare card', card, { msg_type: 'interactive', card }],
		['a card as text', { card: JSON.stringify(card) }, { msg_type: 'interactive', card }],
		[
			'a template',
			{ card: { type: 'template', data: { template_id: 'A1' } } },
			{ card: { type: 'template' } },
		],
		[
			'a post',
			{ post: { zh_cn: { title: 'T', content: [[{ tag: 'text', text: 'x' }]] } } },
			{ msg_type: 'post', content: { post: { zh_cn: { title: 'T' } } } },
		],
	])('takes %s', (_name, document, payload) => {
		const made = feishu.raw(document);
		expect(made).toMatchObject(payload);
		feishu.check(made);
	});

	it('refuses what would show nothing, or is no card', () => {
		for (const one of [{}, { text: ' ' }, { card: {} }, { schema: '2.0', body: { elements: [] } }])
			expect(codeOf(() => feishu.raw(one))).toBe('empty_message');
		expect(codeOf(() => feishu.raw({ card: '{broken' }))).toBe('invalid_payload');
		const old = {
			msg_type: 'interactive',
			card: { schema: '2.0', body: { elements: [{ tag: 'note' }] } },
		};
		expect(codeOf(() => feishu.check(old))).toBe('invalid_payload');
	});
});

describe('outcome', () => {
	const sent = send(feishu.raw({ text: 'x' }));
	const judge = (body: unknown, status = 200, headers: Record<string, string> = {}, to = sent) =>
		feishu.outcome({ status, headers, body }, to);

	it('keeps what an update needs', () => {
		expect(judge({ code: 0, data: { message_id: 'om_1', chat_id: 'oc_1' } })).toEqual({
			ok: true,
			status: 'sent',
			providerMessageId: 'om_1',
			ref: { message_id: 'om_1', chat_id: 'oc_1' },
		});
		expect(judge({ StatusCode: 0, StatusMessage: 'success' })).toEqual({
			ok: true,
			status: 'sent',
		});
	});

	it.each<[string, number[]]>([
		['retry', [230049]],
		['rate', [99991400, 230020, 11232]],
		['auth', [99991661, 99991663, 99991664, 99991671, 10014, 19021]],
		['config', [230006, 230002, 230018, 230027, 230035, 230038, 99991672, 19001, 19022, 19024, 77]],
		['recipient', [230013, 230029, 230034, 230053, 232009, 230019, 230011]],
		['payload', [9499, 230001, 230022, 230025, 230028, 230054, 230055, 230075, 230099]],
	])('is %s for %j', (kind, codes) => {
		for (const code of codes)
			expect(judge({ code, msg: 'why' }, 400)).toMatchObject({ class: kind, code: String(code) });
	});

	it('waits as Feishu says', () => {
		expect(judge({ code: 99991400 }, 429, { 'X-Ogw-Ratelimit-Reset': '7' })).toMatchObject({
			class: 'rate',
			retryAfterMs: 7000,
		});
		expect(judge({ code: 99991663 }, 400)).toMatchObject({ tokenInvalid: true });
		expect(judge('<html>', 502)).toMatchObject({ class: 'retry', code: 'http_502' });
		expect(judge('<html>')).toMatchObject({ class: 'config', code: 'unexpected_answer' });
	});
});
