import { createHmac } from 'node:crypto';

import { drawMessage } from '../../../sandbox/inbox/draw/index.ts';
import { createRecorder, startFeishu } from '../../../sandbox/simulators/index.ts';
import type { FeishuSimulator, Recorder } from '../../../sandbox/simulators/index.ts';

type Json = Record<string, ReturnType<typeof JSON.parse>>;
let clock = 1_800_000_000_000;
let recorder: Recorder;
let feishu: FeishuSimulator;
let token = '';

async function post(path: string, body: unknown, method = 'POST'): Promise<Json> {
	const response = await fetch(feishu.url + path, {
		method,
		headers: { authorization: `Bearer ${token}` },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	return { http: response.status, ...((await response.json()) as Json) };
}
const login = (secret = 's') =>
	post('/open-apis/auth/v3/tenant_access_token/internal', { app_id: 'a', app_secret: secret });
const send = (content: unknown, type = 'interactive', extra: Json = {}, idType = 'open_id') =>
	post(`/open-apis/im/v1/messages?receive_id_type=${idType}`, {
		receive_id: 'ou_1',
		msg_type: type,
		content: typeof content === 'string' ? content : JSON.stringify(content),
		...extra,
	});
const card = (elements: unknown[], extra: Json = {}): Json => ({
	schema: '2.0',
	config: { update_multi: true },
	header: { title: { tag: 'plain_text', content: 'T' } },
	body: { elements },
	...extra,
});
const md = { tag: 'markdown', content: 'x' };
const press = (extra: Json = {}) => ({
	tag: 'button',
	text: { tag: 'plain_text', content: 'OK' },
	behaviors: [{ type: 'callback', value: { token: 't' } }],
	...extra,
});

beforeEach(async () => {
	clock = 1_800_000_000_000;
	recorder = createRecorder();
	feishu = await startFeishu({
		recorder,
		config: {
			appId: 'a',
			appSecret: 's',
			users: [{ open_id: 'ou_1' }],
			robots: { h: { group: 'G', secret: 'rs', keyword: 'ITSM' } },
			callback: { verificationToken: 'v' },
			now: () => clock,
		},
	});
	token = String((await login()).tenant_access_token);
});
afterEach(() => feishu.close());

it('gives a token for the right secret, the same while half an hour of it is left', async () => {
	expect((await login()).tenant_access_token).toBe(token);
	expect(await login('wrong')).toMatchObject({ code: 10014 });
	clock += 91 * 60_000;
	expect((await login()).tenant_access_token).not.toBe(token);
	clock += 30 * 60_000;
	expect(await send({ text: 'x' }, 'text')).toMatchObject({ http: 400, code: 99991663 });
});

it.each<[string, unknown, string, number]>([
	['a text', { text: 'x' }, 'text', 0],
	['an empty text', { text: ' ' }, 'text', 230001],
	['content that is no JSON', 'x', 'text', 230001],
	['an unknown kind', { text: 'x' }, 'markdown', 230001],
	['a post with its outer post', { post: { zh_cn: { content: [] } } }, 'post', 230001],
	['a card', card([md, press()]), 'interactive', 0],
	[
		'a card of 30 KB',
		card([{ tag: 'markdown', content: 'x'.repeat(31_000) }]),
		'interactive',
		230025,
	],
	['a note in version 2.0', card([{ tag: 'note', elements: [] }]), 'interactive', 230099],
	['201 elements', card(Array(201).fill(md)), 'interactive', 230099],
	['an unknown tag', card([{ tag: 'blink' }]), 'interactive', 230099],
	['a button without words', card([press({ text: undefined })]), 'interactive', 230099],
	['an input without a name', card([{ tag: 'input' }]), 'interactive', 230099],
	[
		'a form without submit',
		card([{ tag: 'form', name: 'f', elements: [md] }]),
		'interactive',
		230099,
	],
	[
		'a submit outside of a form',
		card([press({ name: 'b', form_action_type: 'submit' })]),
		'interactive',
		230099,
	],
	[
		'an unknown colour',
		card([md], { header: { title: { content: 'T' }, template: 'pink' } }),
		'interactive',
		230099,
	],
])('answers %s', async (_name, content, type, code) => {
	expect(await send(content, type)).toMatchObject({ code });
	expect(recorder.messages()).toHaveLength(code === 0 ? 1 : 0);
});

it('knows a uuid for an hour, and wants it short', async () => {
	const first = await send({ text: 'x' }, 'text', { uuid: 'u1' });
	expect(await send({ text: 'x' }, 'text', { uuid: 'u1' })).toMatchObject({
		data: { message_id: first.data.message_id },
	});
	expect(await send({ text: 'x' }, 'text', { uuid: 'u'.repeat(51) })).toMatchObject({
		code: 230001,
	});
	clock += 3600_001;
	await send({ text: 'x' }, 'text', { uuid: 'u1' });
	expect(recorder.messages()).toHaveLength(2);
	expect(await send({ text: 'x' }, 'text', {}, 'name')).toMatchObject({ code: 99992402 });
});

it('changes shared cards of the same version, for 14 days', async () => {
	const sent = await send(card([md]));
	const path = `/open-apis/im/v1/messages/${sent.data.message_id}`;
	const patch = (content: Json) => post(path, { content: JSON.stringify(content) }, 'PATCH');
	expect(await patch(card([md]))).toMatchObject({ code: 0 });
	expect(await patch(card([md], { config: {} }))).toMatchObject({ code: 230001 });
	expect(await patch({ config: { update_multi: true }, elements: [md] })).toMatchObject({
		code: 230099,
	});
	clock += 15 * 24 * 3600_000;
	token = String((await login()).tenant_access_token);
	expect(await patch(card([md]))).toMatchObject({ code: 230031 });
});

it('lets a custom bot open links only, signed, five a second', async () => {
	const timestamp = String(clock / 1000);
	const sign = createHmac('sha256', `${timestamp}\nrs`).digest('base64');
	const hook = (body: Json) => post('/open-apis/bot/v2/hook/h', { timestamp, sign, ...body });
	const text = { msg_type: 'text', content: { text: 'ITSM' } };
	expect(await hook(text)).toMatchObject({ http: 200, code: 0, StatusCode: 0 });
	expect(await hook({ ...text, sign: 'x' })).toMatchObject({ code: 19021 });
	expect(await hook({ ...text, timestamp: String(clock / 1000 - 3601) })).toMatchObject({
		code: 19021,
	});
	expect(await hook({ msg_type: 'text', content: { text: 'other' } })).toMatchObject({
		code: 19024,
	});
	expect(await hook({ msg_type: 'interactive', card: card([press()]) })).toMatchObject({
		code: 11246,
	});
	expect(await hook({})).toMatchObject({ code: 19002 });
	expect(await post('/open-apis/bot/v2/hook/none', text)).toMatchObject({ code: 19001 });
	for (let n = 0; n < 4; n += 1) await hook(text);
	expect(await hook(text)).toMatchObject({ code: 11232 });
});

it('is drawn as Feishu draws it, nothing from outside as HTML', async () => {
	await send(
		card([
			{ tag: 'markdown', content: "**a** &lt;b&gt; <img src=x> <font color='red'>r</font>" },
			press(),
		]),
	);
	const html = drawMessage(recorder.messages()[0]!);
	expect(html).toContain('<b>a</b> &lt;b&gt; &lt;img src=x&gt;');
	expect(html).toContain('data-button="t"');
	expect(html).not.toContain('<img');
});
