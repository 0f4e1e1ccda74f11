import { createRecorder, startWeCom } from '../../../sandbox/simulators/index.ts';
import type { Recorder, WeComConfig, WeComSimulator } from '../../../sandbox/simulators/index.ts';

type Json = Record<string, unknown>;

let clock = 1_800_000_000_000;
const config: WeComConfig = {
	corpId: 'ww1',
	secret: 's3cret',
	agentId: 1000002,
	users: [{ userid: 'ZhangWei' }, { userid: 'LiNa' }],
	parties: ['2'],
	robots: { key1: '值班群' },
	now: () => clock,
};

let recorder: Recorder;
let wecom: WeComSimulator;
let token: string;

const get = async (path: string): Promise<Json> =>
	(await (await fetch(wecom.url + path)).json()) as Json;
async function post(path: string, body: unknown): Promise<Json> {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const response = await fetch(wecom.url + path, { method: 'POST', body: text });
	expect(response.status).toBe(200);
	return (await response.json()) as Json;
}
const gettoken = (corp = 'ww1', secret = 's3cret') =>
	get(`/cgi-bin/gettoken?corpid=${corp}&corpsecret=${secret}`);
const send = (body: unknown) => post(`/cgi-bin/message/send?access_token=${token}`, body);
const text = (content: unknown, extra: Json = {}): Json => ({
	touser: 'ZhangWei',
	agentid: 1000002,
	msgtype: 'text',
	text: { content },
	...extra,
});
const robot = (body: Json, key = 'key1') => post(`/cgi-bin/webhook/send?key=${key}`, body);
const times = <T>(count: number, make: (index: number) => T): T[] =>
	Array.from({ length: count }, (_, i) => make(i));

beforeEach(async () => {
	clock = 1_800_000_000_000;
	recorder = createRecorder();
	wecom = await startWeCom({ recorder, config });
	token = String((await gettoken())['access_token']);
});
afterEach(() => wecom.close());

describe('access token', () => {
	it('is issued for the right secret, the same one while it lasts', async () => {
		expect(await gettoken()).toMatchObject({ errcode: 0, access_token: token, expires_in: 7200 });
		expect(await gettoken('ww2')).toMatchObject({ errcode: 40013 });
		expect(await gettoken('ww1', 'wrong')).toMatchObject({ errcode: 40001 });
		expect(await get('/cgi-bin/gettoken?corpid=ww1')).toMatchObject({ errcode: 41004 });
	});

	it('expires, is unknown or missing', async () => {
		clock += 7200_000;
		expect(await send(text('x'))).toMatchObject({ errcode: 42001 });
		const renewed = (await gettoken())['access_token'];
		expect(renewed).not.toBe(token);
		token = 'nonsense';
		expect(await send(text('x'))).toMatchObject({ errcode: 40014 });
		expect(await post('/cgi-bin/message/send', text('x'))).toMatchObject({ errcode: 41001 });
		token = String(renewed);
		wecom.voidTokens();
		expect(await send(text('x'))).toMatchObject({ errcode: 40014 });
	});
});

it('delivers, names the unknown among the receivers, and records what is read', async () => {
	const answer = await send(
		text('工单 <a href="https://x.test">打开</a>', { touser: 'zhangwei|Nobody' }),
	);
	expect(answer).toMatchObject({
		errcode: 0,
		errmsg: 'ok',
		invaliduser: 'Nobody',
		msgid: expect.any(String),
	});
	expect(answer).not.toHaveProperty('response_code');
	expect(recorder.messages()[0]).toMatchObject({
		channel: 'wecom',
		to: ['ZhangWei'],
		rendered: { text: '工单 打开' },
	});
});

const at2048 = '字'.repeat(682) + 'xx';
const card = (extra: Json = {}): Json => ({
	card_type: 'button_interaction',
	task_id: `d_${Math.random()}`.replace('.', ''),
	main_title: { title: '待确认' },
	button_list: [{ text: '确认', key: 'ack' }],
	...extra,
});
const cardMessage = (extra: Json = {}) => ({
	touser: 'ZhangWei',
	agentid: 1000002,
	msgtype: 'template_card',
	template_card: card(extra),
});
const textcard = (extra: Json = {}) => ({
	touser: 'ZhangWei',
	agentid: 1000002,
	msgtype: 'textcard',
	textcard: { title: 't', description: 'd', url: 'https://x.test', ...extra },
});

it.each<[string, unknown]>([
	['text of exactly 2048 bytes', text(at2048)],
	['agentid as a string', text('x', { agentid: '1000002' })],
	['markdown', { ...text(''), msgtype: 'markdown', markdown: { content: '**x**' } }],
	['a text card', textcard({ btntxt: '查看详情' })],
	[
		'six buttons',
		cardMessage({ button_list: times(6, (i) => ({ text: `b${i}`, key: `k${i}`, style: 1 })) }),
	],
	[
		'a button with a link',
		cardMessage({ button_list: [{ type: 1, text: 'open', url: 'https://x.test' }] }),
	],
	[
		'a notice with a link',
		cardMessage({
			card_type: 'text_notice',
			task_id: undefined,
			button_list: undefined,
			card_action: { type: 1, url: 'https://x.test' },
		}),
	],
	['a backslash before a u', JSON.stringify(text('C:\\users'))],
	['a party', text('x', { touser: undefined, toparty: '2' })],
])('takes %s', async (_name, body) => {
	expect(await send(body)).toMatchObject({ errcode: 0 });
	expect(recorder.messages()).toHaveLength(1);
});

it.each<[string, unknown, number]>([
	['another agent', text('x', { agentid: 1 }), 40056],
	['no agent', text('x', { agentid: undefined }), 41011],
	['only unknown people', text('x', { touser: 'Nobody|Else' }), 81013],
	['nobody', text('x', { touser: '' }), 81013],
	['an unknown kind', text('x', { msgtype: 'card' }), 40008],
	['robot markdown', text('x', { msgtype: 'markdown_v2', markdown_v2: { content: 'x' } }), 40008],
	['empty text', text(''), 44004],
	['blank text', text(' \n'), 44004],
	['no text part', text('x', { text: undefined }), 40058],
	['text of 2049 bytes', text(`${at2048}x`), 45002],
	[
		'markdown of 2049 bytes',
		{ ...text(''), msgtype: 'markdown', markdown: { content: 'x'.repeat(2049) } },
		45002,
	],
	['unicode escapes', JSON.stringify(text('X')).replace('X', '\\u4f60'), 40033],
	['broken JSON', '{"touser":', 47001],
	['a card title of 129 bytes', textcard({ title: '字'.repeat(43) }), 45003],
	['a card description of 513 bytes', textcard({ description: '字'.repeat(171) }), 45004],
	['a card without a link', textcard({ url: undefined }), 41010],
	['a card without a title', textcard({ title: '' }), 41016],
	['a card with no web link', textcard({ url: 'javascript:1' }), 40066],
	['a button text of 5 characters', textcard({ btntxt: '查看全部吧' }), 40058],
	['buttons without a task id', cardMessage({ task_id: undefined }), 40058],
	['a task id with a colon', cardMessage({ task_id: 'a:b' }), 40058],
	['a task id of 129 bytes', cardMessage({ task_id: 'a'.repeat(129) }), 40058],
	['no buttons', cardMessage({ button_list: [] }), 40058],
	[
		'seven buttons',
		cardMessage({ button_list: times(7, (i) => ({ text: 'b', key: `k${i}` })) }),
		40058,
	],
	[
		'two buttons with one key',
		cardMessage({ button_list: times(2, () => ({ text: 'b', key: 'k' })) }),
		40058,
	],
	['a button without a key', cardMessage({ button_list: [{ text: 'b' }] }), 40058],
	[
		'a key of 1025 bytes',
		cardMessage({ button_list: [{ text: 'b', key: 'k'.repeat(1025) }] }),
		40058,
	],
	['a button style of 5', cardMessage({ button_list: [{ text: 'b', key: 'k', style: 5 }] }), 40058],
	[
		'seven rows',
		cardMessage({ horizontal_content_list: times(7, () => ({ keyname: 'k', value: 'v' })) }),
		40058,
	],
	[
		'a row with a link type and no link',
		cardMessage({ horizontal_content_list: [{ keyname: 'k', value: 'v', type: 1 }] }),
		40058,
	],
	['no main title', cardMessage({ main_title: {} }), 40058],
	[
		'a notice without a jump',
		cardMessage({ card_type: 'text_notice', button_list: undefined }),
		40058,
	],
	['an unknown card', cardMessage({ card_type: 'banner' }), 40058],
])('refuses %s', async (_name, body, errcode) => {
	expect(await send(body)).toMatchObject({ errcode });
	expect(recorder.messages()).toHaveLength(0);
	expect(recorder.refusals()).toMatchObject([{ channel: 'wecom', code: String(errcode) }]);
});

it('takes a task id once', async () => {
	expect(await send(cardMessage({ task_id: 'one' }))).toMatchObject({ errcode: 0 });
	expect(await send(cardMessage({ task_id: 'one' }))).toMatchObject({ errcode: 40058 });
});

it('updates a card once by its code, within 72 hours', async () => {
	const first = await send(cardMessage());
	const update = (code: unknown, extra: Json = {}) =>
		post(`/cgi-bin/message/update_template_card?access_token=${token}`, {
			userids: ['ZhangWei'],
			agentid: 1000002,
			response_code: code,
			button: { replace_name: '已确认' },
			...extra,
		});
	expect(await update(first['response_code'], { button: undefined })).toMatchObject({
		errcode: 40058,
	});
	expect(await update(first['response_code'])).toMatchObject({ errcode: 0 });
	expect(await update(first['response_code'])).toMatchObject({ errcode: 40058 });
	expect(await update(wecom.responseCode(String(first['msgid'])))).toMatchObject({ errcode: 0 });
	expect(recorder.messages().map(({ kind, ref }) => [kind, ref])).toEqual(
		['post', 'update', 'update'].map((kind) => [kind, first['msgid']]),
	);
	const late = wecom.responseCode(String(first['msgid']));
	clock += 72 * 3600_000;
	token = String((await gettoken())['access_token']);
	expect(await update(late)).toMatchObject({ errcode: 40058 });
});

it('delivers an equal message once where the check is asked for', async () => {
	const body = text('same', { enable_duplicate_check: 1, duplicate_check_interval: 600 });
	const first = await send(body);
	expect(await send(body)).toMatchObject({ errcode: 0, msgid: first['msgid'] });
	expect(recorder.messages()).toHaveLength(1);
	clock += 601_000;
	await send(body);
	await send(text('same'));
	await send(text('same'));
	expect(recorder.messages()).toHaveLength(4);
});

it('drops in silence what is more than 30 a minute for a member', async () => {
	for (let index = 0; index < 31; index += 1)
		expect(await send(text(`n${index}`))).toMatchObject({ errcode: 0 });
	expect(recorder.messages()).toHaveLength(30);
	expect(recorder.refusals()).toMatchObject([{ code: 'dropped', to: ['ZhangWei'] }]);
});

describe('group robot', () => {
	it.each<[string, Json, number]>([
		['text', { msgtype: 'text', text: { content: at2048 } }, 0],
		['markdown of 4096 bytes', { msgtype: 'markdown', markdown: { content: 'x'.repeat(4096) } }, 0],
		[
			'markdown of 4097 bytes',
			{ msgtype: 'markdown', markdown: { content: 'x'.repeat(4097) } },
			40058,
		],
		['text of 2049 bytes', { msgtype: 'text', text: { content: `${at2048}x` } }, 40058],
		['a text card', { msgtype: 'textcard', textcard: {} }, 40008],
		['buttons', { msgtype: 'template_card', template_card: card() }, 40058],
	])('answers %s', async (_name, body, errcode) => {
		expect(await robot(body)).toMatchObject({ errcode });
	});

	it('knows its key and its 20 a minute', async () => {
		const body = { msgtype: 'text', text: { content: 'x' } };
		expect(await robot(body, 'other')).toMatchObject({ errcode: 93000 });
		for (let index = 0; index < 20; index += 1)
			expect(await robot(body)).toMatchObject({ errcode: 0 });
		expect(await robot(body)).toMatchObject({ errcode: 45009 });
		clock += 3000;
		expect(await robot(body)).toMatchObject({ errcode: 0 });
	});
});

it('takes a task id of another card no more for a change than for a new card', async () => {
	await send(cardMessage({ task_id: 'one' }));
	const second = await send(cardMessage({ task_id: 'two' }));
	const update = (code: unknown, task_id: string) =>
		post(`/cgi-bin/message/update_template_card?access_token=${token}`, {
			userids: ['ZhangWei'],
			agentid: 1000002,
			response_code: code,
			template_card: card({ task_id }),
		});
	expect(await update(second['response_code'], 'one')).toMatchObject({ errcode: 40058 });
	expect(await update(wecom.responseCode(String(second['msgid'])), 'two')).toMatchObject({
		errcode: 0,
	});
	await expect(wecom.press(String(second['msgid']), 0, 'LiNa')).rejects.toThrow('not received');
	await expect(wecom.press('other', 0)).rejects.toThrow('no card with buttons');
	await expect(wecom.press(String(second['msgid']), 0)).rejects.toThrow('no callback token');
});
