import { createRecorder, startSlack } from '../../../sandbox/simulators/index.ts';
import type { Recorder, SlackConfig, SlackSimulator } from '../../../sandbox/simulators/index.ts';

const TOKEN = 'xoxb-right';
const HOOK = '/services/T1/B1/X1';

const config: SlackConfig = {
	token: TOKEN,
	users: [
		{ id: 'U1', email: 'one@example.test' },
		{ id: 'U2', deleted: true },
	],
	channels: [
		{ id: 'C1', name: 'ops' },
		{ id: 'C2', name: 'old', archived: true },
		{ id: 'C3', name: 'private', member: false },
	],
	webhooks: { [HOOK]: 'C1' },
	rate: null,
};

let recorder: Recorder;
let slack: SlackSimulator;

beforeEach(async () => {
	recorder = createRecorder();
	slack = await startSlack({ recorder, config });
});
afterEach(() => slack.close());

async function api(method: string, args: object, token = TOKEN, base = slack.url) {
	const response = await fetch(`${base}/api/${method}`, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${token}`,
			'content-type': 'application/json; charset=utf-8',
		},
		body: JSON.stringify(args),
	});
	return {
		status: response.status,
		headers: response.headers,
		body: (await response.json()) as Record<string, unknown>,
	};
}

const post = (args: object) =>
	api('chat.postMessage', { channel: 'U1', text: 'fallback', ...args });
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const button = (extra: object = {}) => ({
	type: 'button',
	text: plain('Ack'),
	action_id: 'ack',
	value: 'v',
	...extra,
});
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const input = (extra: object = {}) => ({
	type: 'input',
	label: plain('Comment'),
	element: { type: 'plain_text_input', action_id: 'c', multiline: true, max_length: 3000 },
	...extra,
});
const times = <T>(count: number, make: (index: number) => T): T[] =>
	Array.from({ length: count }, (_, i) => make(i));

const CARD = [
	{ type: 'header', text: plain('h'.repeat(150)) },
	section('s'.repeat(3000)),
	{ type: 'section', fields: times(10, () => mrkdwn('*Priority*\nHigh')) },
	{ type: 'context', elements: [mrkdwn('footer')] },
	{ type: 'divider' },
	input({ block_id: 'input:a0', optional: true }),
	actions(...times(25, (i) => button({ action_id: `a${i}`, value: 'v'.repeat(2000) }))),
];

it('takes a card that is at every limit, and records what the reader sees', async () => {
	const { body } = await post({ blocks: CARD });
	expect(body).toMatchObject({
		ok: true,
		channel: 'D1',
		ts: expect.stringMatching(/^\d+\.\d{6}$/),
	});
	const [message] = recorder.messages();
	expect(message).toMatchObject({
		channel: 'slack',
		to: ['U1'],
		kind: 'post',
		ref: `D1:${String(body['ts'])}`,
	});
	expect(message!.rendered.title).toHaveLength(150);
	expect(message!.rendered.fields![0]).toEqual({ label: 'Priority', value: 'High' });
	expect(message!.rendered.buttons).toHaveLength(25);
	expect(message!.rendered.buttons![0]).toMatchObject({ label: 'Ack', action: 'a0' });
});

it.each<[string, object[], string]>([
	['header over 150', [{ type: 'header', text: plain('h'.repeat(151)) }], '/blocks/0/text/text'],
	['header in mrkdwn', [{ type: 'header', text: mrkdwn('h') }], '/blocks/0/text/type'],
	['empty section text', [section('')], '/blocks/0/text/text'],
	['section text over 3000', [section('s'.repeat(3001))], '/blocks/0/text/text'],
	['section without text and fields', [{ type: 'section' }], '/blocks/0'],
	['11 fields', [{ type: 'section', fields: times(11, () => mrkdwn('f')) }], '/blocks/0/fields'],
	[
		'field over 2000',
		[{ type: 'section', fields: [mrkdwn('f'.repeat(2001))] }],
		'/blocks/0/fields/0/text',
	],
	[
		'11 context elements',
		[{ type: 'context', elements: times(11, () => mrkdwn('c')) }],
		'/blocks/0/elements',
	],
	['no actions', [actions()], '/blocks/0/elements'],
	[
		'26 buttons',
		[actions(...times(26, (i) => button({ action_id: `a${i}` })))],
		'/blocks/0/elements',
	],
	['same action_id twice', [actions(button(), button())], '/blocks/0/elements/1/action_id'],
	[
		'action_id over 255',
		[actions(button({ action_id: 'a'.repeat(256) }))],
		'/blocks/0/elements/0/action_id',
	],
	['value over 2000', [actions(button({ value: 'v'.repeat(2001) }))], '/blocks/0/elements/0/value'],
	[
		'button text over 75',
		[actions(button({ text: plain('t'.repeat(76)) }))],
		'/blocks/0/elements/0/text/text',
	],
	[
		'button text in mrkdwn',
		[actions(button({ text: mrkdwn('t') }))],
		'/blocks/0/elements/0/text/type',
	],
	[
		'button of no known style',
		[actions(button({ style: 'default' }))],
		'/blocks/0/elements/0/style',
	],
	[
		'javascript: url',
		[actions(button({ url: 'javascript:alert(1)' }))],
		'/blocks/0/elements/0/url',
	],
	[
		'url without a scheme',
		[actions(button({ url: 'itsm.example/1' }))],
		'/blocks/0/elements/0/url',
	],
	[
		'url over 3000',
		[actions(button({ url: `https://x.test/${'u'.repeat(3000)}` }))],
		'/blocks/0/elements/0/url',
	],
	['an unknown property', [actions(button({ disabled: true }))], '/blocks/0/elements/0'],
	['an unknown block', [{ type: 'banner' }], '/blocks/0/type'],
	[
		'two equal block_ids',
		[
			{ type: 'divider', block_id: 'b' },
			{ type: 'divider', block_id: 'b' },
		],
		'/blocks/1/block_id',
	],
	['an input without label', [input({ label: undefined })], '/blocks/0/label'],
	[
		'an input of another kind',
		[input({ element: { type: 'number_input', action_id: 'n' } })],
		'/blocks/0/element/type',
	],
	[
		'an input of over 3000',
		[input({ element: { type: 'plain_text_input', action_id: 'c', max_length: 3001 } })],
		'/blocks/0/element/max_length',
	],
	['51 blocks', times(51, () => ({ type: 'divider' })), '/blocks'],
])('refuses %s', async (_name, blocks, pointer) => {
	const { status, body } = await post({ blocks });
	expect(status).toBe(200);
	expect(body).toMatchObject({ ok: false, error: 'invalid_blocks' });
	expect(JSON.stringify(body['response_metadata'])).toContain(`[json-pointer:${pointer}]`);
	expect(recorder.messages()).toHaveLength(0);
	expect(recorder.refusals()).toHaveLength(1);
});

it.each<[string, object, string]>([
	['no text at all', { text: '' }, 'no_text'],
	['blocks that are no array', { blocks: {} }, 'invalid_blocks_format'],
	['blocks as JSON text', { blocks: '[]' }, 'invalid_blocks_format'],
	[
		'block text over 13,200 in all',
		{ blocks: times(5, () => section('s'.repeat(2900))) },
		'msg_blocks_too_long',
	],
	['an unknown channel', { channel: 'C404' }, 'channel_not_found'],
	['no channel', { channel: undefined }, 'channel_not_found'],
	['an archived channel', { channel: 'C2' }, 'is_archived'],
	['a channel it was not invited to', { channel: 'C3' }, 'not_in_channel'],
	['a person who left', { channel: 'U2' }, 'user_disabled'],
	['markdown_text beside text', { markdown_text: 'x' }, 'markdown_text_conflict'],
	['101 attachments', { attachments: times(101, () => ({ text: 'x' })) }, 'too_many_attachments'],
	['metadata without payload', { metadata: { event_type: 'x' } }, 'invalid_metadata_format'],
])('answers ok:false for %s', async (_name, args, error) => {
	expect((await post(args)).body).toMatchObject({ ok: false, error });
});

it('checks the token', async () => {
	expect((await api('auth.test', {}, 'xoxb-wrong')).body).toEqual({
		ok: false,
		error: 'invalid_auth',
	});
	const bare = await fetch(`${slack.url}/api/auth.test`, { method: 'POST' });
	expect(await bare.json()).toEqual({ ok: false, error: 'not_authed' });
	expect((await api('auth.test', {})).body).toMatchObject({ ok: true, user_id: 'U0BOT' });
});

it('warns of JSON without a charset and refuses a body of another type', async () => {
	const send = async (type: string, body: string) => {
		const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': type };
		return (
			await fetch(`${slack.url}/api/chat.postMessage`, { method: 'POST', headers, body })
		).json();
	};
	const message = JSON.stringify({ channel: 'U1', text: 'x' });
	expect(await send('application/json', message)).toMatchObject({
		ok: true,
		warning: 'missing_charset',
	});
	expect(await send('text/plain', message)).toMatchObject({
		ok: false,
		error: 'invalid_post_type',
	});
	expect(await send('application/json; charset=utf-8', '{"channel"')).toMatchObject({
		error: 'invalid_json',
	});
	expect(await send('application/x-www-form-urlencoded', 'channel=%23ops&text=x')).toMatchObject({
		ok: true,
		channel: 'C1',
	});
});

it('updates and deletes only a message that it has, by the conversation id', async () => {
	const { ts } = (await post({})).body;
	expect((await api('chat.update', { channel: 'U1', ts, text: 'x' })).body).toMatchObject({
		error: 'channel_not_found',
	});
	expect(
		(await api('chat.update', { channel: 'D1', ts: '1.000000', text: 'x' })).body,
	).toMatchObject({ error: 'message_not_found' });
	expect(
		(await api('chat.update', { channel: 'D1', ts, text: 'x'.repeat(4001) })).body,
	).toMatchObject({ error: 'msg_too_long' });
	expect((await api('chat.update', { channel: 'D1', ts, text: 'done' })).body).toMatchObject({
		ok: true,
		ts,
		text: 'done',
	});
	expect(recorder.messages().map((message) => message.kind)).toEqual(['post', 'update']);
	expect((await api('chat.delete', { channel: 'D1', ts })).body).toMatchObject({ ok: true });
	expect((await api('chat.delete', { channel: 'D1', ts })).body).toMatchObject({
		error: 'message_not_found',
	});
});

it('opens conversations, looks people up, posts for one reader only', async () => {
	expect((await api('conversations.open', { users: 'U1' })).body).toMatchObject({
		ok: true,
		channel: { id: 'D1' },
	});
	expect((await api('conversations.open', { users: 'U9' })).body).toMatchObject({
		error: 'user_not_found',
	});
	const lookup = async (email: string) =>
		(
			await fetch(`${slack.url}/api/users.lookupByEmail?email=${email}`, {
				headers: { authorization: `Bearer ${TOKEN}` },
			})
		).json();
	expect(await lookup('ONE@example.test')).toMatchObject({ ok: true, user: { id: 'U1' } });
	expect(await lookup('two@example.test')).toMatchObject({ error: 'users_not_found' });
	expect(
		(await api('chat.postEphemeral', { channel: 'C1', user: 'U1', text: 'psst' })).body,
	).toMatchObject({ ok: true });
	expect(recorder.messages()[0]).toMatchObject({ kind: 'ephemeral', to: ['U1'] });
});

it('limits each conversation and says how long to wait', async () => {
	const limited = await startSlack({
		recorder,
		config: { ...config, rate: { count: 1, perMs: 1000, burst: 2 } },
	});
	const send = (channel: string) =>
		api('chat.postMessage', { channel, text: 'x' }, TOKEN, limited.url);
	const statuses = [(await send('U1')).status, (await send('U1')).status];
	const third = await send('U1');
	expect([...statuses, third.status, (await send('C1')).status]).toEqual([200, 200, 429, 200]);
	expect(third.headers.get('retry-after')).toBe('1');
	expect(third.body).toMatchObject({ ok: false, error: 'ratelimited' });
	await limited.close();
});

describe('incoming webhook', () => {
	const hook = async (body: string, path = HOOK) => {
		const response = await fetch(slack.url + path, { method: 'POST', body });
		return [response.status, await response.text()];
	};
	it.each<[string, string, string | undefined, [number, string]]>([
		['takes a message', '{"text":"x"}', undefined, [200, 'ok']],
		['refuses what is no JSON', 'text=x', undefined, [400, 'invalid_payload']],
		['refuses an empty message', '{}', undefined, [400, 'no_text']],
		['refuses bad blocks', '{"blocks":[{"type":"x"}]}', undefined, [400, 'invalid_blocks']],
		['knows only its own address', '{"text":"x"}', '/services/T1/B1/other', [404, 'no_service']],
	])('%s', async (_name, body, path, answer) => {
		expect(await hook(body, path)).toEqual(answer);
	});
});

it('has nothing to press where nothing is, and calls nobody without an address', async () => {
	const { channel, ts } = (await post({ blocks: [actions(button())] })).body;
	const id = `${String(channel)}:${String(ts)}`;
	await expect(slack.press('D1:1.000000', 0)).rejects.toThrow('no such message');
	await expect(slack.press(id, 'other')).rejects.toThrow('no such button');
	await expect(slack.press(id, 0, 'U2')).rejects.toThrow('no such person');
	await expect(slack.press(id, 0)).rejects.toThrow('no callback URL');
	await expect(slack.say('U9', 'x')).rejects.toThrow('no such person');
	expect(slack.callbacks).toEqual([]);
});
