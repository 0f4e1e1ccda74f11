import { drawMessage, DRAWERS } from '../../../sandbox/inbox/draw/index.ts';
import { mrkdwn } from '../../../sandbox/inbox/draw/mrkdwn.ts';
import { wecomMarkdown, wecomText } from '../../../sandbox/inbox/draw/wecom-text.ts';
import { startInbox } from '../../../sandbox/inbox/index.ts';
import type { Inbox } from '../../../sandbox/inbox/index.ts';
import { createRecorder, startSlack } from '../../../sandbox/simulators/index.ts';
import type {
	Callback,
	MessageRecord,
	Recorder,
	Simulator,
} from '../../../sandbox/simulators/index.ts';

const EVIL = '<img src=x onerror="alert(1)">"\'&<script>alert(2)</script>';
const record = (channel: string, payload: unknown): MessageRecord => ({
	type: 'message',
	seq: 1,
	at: '2026-11-23T22:00:00.000Z',
	channel,
	kind: 'post',
	ref: 'r',
	to: [EVIL],
	sender: EVIL,
	payload,
	rendered: { title: EVIL, text: EVIL },
	raw: payload,
});
const plain = { type: 'plain_text', text: EVIL };
const md = { type: 'mrkdwn', text: EVIL };
const link = 'javascript:alert(1)';

const HOSTILE: [string, unknown][] = [
	['slack', { text: EVIL }],
	[
		'slack',
		{
			blocks: [
				{ type: 'header', text: plain },
				{
					type: 'section',
					text: md,
					fields: [md, plain],
					accessory: { type: 'image', image_url: link, alt_text: EVIL },
				},
				{ type: 'context', elements: [md, plain] },
				{
					type: 'actions',
					elements: [
						{ type: 'button', text: plain, action_id: EVIL, value: EVIL },
						{ type: 'button', text: plain, url: link },
					],
				},
				{ type: 'markdown', text: EVIL },
				{ type: EVIL },
			],
			attachments: [{ color: '"><script>', text: EVIL, blocks: [{ type: 'section', text: md }] }],
		},
	],
	[
		'email',
		{
			from: EVIL,
			to: EVIL,
			cc: EVIL,
			subject: EVIL,
			text: EVIL,
			html: `</iframe>${EVIL}`,
			headers: { 'message-id': EVIL },
		},
	],
	['wecom', { msgtype: 'text', text: { content: `${EVIL}<a href="${link}">x</a>` } }],
	[
		'wecom',
		{
			msgtype: 'markdown',
			markdown: {
				content: `# ${EVIL}\n> ${EVIL}\n<font color="x" onclick=1>${EVIL}</font> [${EVIL}](${link})`,
			},
		},
	],
	[
		'wecom',
		{ msgtype: 'textcard', textcard: { title: EVIL, description: EVIL, url: link, btntxt: EVIL } },
	],
	[
		'wecom',
		{
			msgtype: 'template_card',
			template_card: {
				source: { desc: EVIL },
				main_title: { title: EVIL, desc: EVIL },
				quote_area: { title: EVIL, quote_text: EVIL },
				sub_title_text: EVIL,
				horizontal_content_list: [{ keyname: EVIL, value: EVIL, type: 1, url: link }],
				button_list: [{ text: EVIL, key: EVIL }],
				jump_list: [{ title: EVIL, type: 1, url: link }],
				card_action: { type: 1, url: link },
			},
			button: { replace_name: EVIL },
		},
	],
	['dingtalk', { msgtype: 'text', text: { content: EVIL } }],
	['dingtalk', { msgtype: 'link', link: { title: EVIL, text: EVIL, messageUrl: link } }],
	[
		'dingtalk',
		{
			msgtype: 'actionCard',
			actionCard: {
				title: EVIL,
				text: `# ${EVIL}\n> ${EVIL}\n<font color="x" onclick=1>${EVIL}</font> ![${EVIL}](${link}) [${EVIL}](${link})`,
				btns: [{ title: EVIL, actionURL: link }],
			},
		},
	],
	[
		'dingtalk',
		{
			cardTemplateId: 't',
			cardData: {
				cardParamMap: {
					title: EVIL,
					severity: EVIL,
					content: EVIL,
					footer: EVIL,
					input_label: EVIL,
					url: link,
					url_label: EVIL,
					button1_text: EVIL,
					button1_value: EVIL,
					button1_style: EVIL,
				},
			},
		},
	],
	['wechat', { template: EVIL, fields: [{ label: EVIL, value: EVIL }], url: link }],
	['wechat', { msgtype: 'text', text: { content: EVIL } }],
	['unknown', {}],
];

it.each(HOSTILE)('draws a hostile %s message as text', (channel, payload) => {
	const html = drawMessage(record(channel, payload));
	expect(html).not.toMatch(/<(script|img)\b|href="javascript:/i);
	// Every quote of the attack is escaped, so that no attribute can be left.
	expect(html).not.toContain('onerror="');
});

it.each([
	['*bold* and _italic_ ~gone~', '<b>bold</b> and <i>italic</i> <s>gone</s>'],
	['2*3*4 snake_case_name', '2*3*4 snake_case_name'],
	['&lt;b&gt; &amp; `a<b`', '&lt;b&gt; &amp; <code>a&lt;b</code>'],
	[
		'<https://x.test/?a=1&amp;b=2|Open *it*>',
		'<a href="https://x.test/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">Open *it*</a>',
	],
	['<javascript:alert(1)|x>', '<span>x</span>'],
	['<@U1> <!here>', '<span class="mention">@John</span> <span class="mention">@here</span>'],
	['a\n> quoted\nb', 'a<br><blockquote>quoted</blockquote>b'],
	[
		'*<https://x.test|INC-1>*',
		'<b><a href="https://x.test" target="_blank" rel="noopener noreferrer">INC-1</a></b>',
	],
	['\ue0000\ue001 `x`', '0 <code>x</code>'],
])('mrkdwn %j', (source, html) => {
	expect(mrkdwn(source, (id) => (id === 'U1' ? 'John' : undefined))).toBe(html);
});

it('draws WeCom markup', () => {
	expect(wecomMarkdown('### 标题\n**粗** <font color="warning">急</font>\n> 引用')).toBe(
		'<h5>标题</h5><div><b>粗</b> <span class="c-warning">急</span></div><blockquote>引用</blockquote>',
	);
	expect(wecomText('<div class="gray">日期</div><script>')).toBe(
		'<div class="t-gray">日期</div>&lt;script&gt;',
	);
});

const answered = (status: number): Callback => ({
	...{ url: 'http://n8n.test', method: 'POST', headers: {}, body: '', answer: '' },
	...{ status, statuses: [status], ok: status === 200, attempts: 1, ms: 1 },
});

describe('server', () => {
	let recorder: Recorder;
	let slack: Simulator;
	let inbox: Inbox;
	let pressed: unknown[][];

	beforeEach(async () => {
		pressed = [];
		recorder = createRecorder();
		slack = await startSlack({ recorder, config: { token: 't', users: [{ id: 'U1' }] } });
		inbox = await startInbox({
			recorder,
			faults: { slack: slack.faults },
			people: [{ name: '</script><b>', addresses: ['U1'] }],
			actors: {
				slack: {
					callbackFaults: ['repeat'],
					people: ['U1'],
					async press(...given) {
						pressed.push(given);
						return answered(given[1] === 'down' ? 503 : 200);
					},
					async say(user, text) {
						if (user !== 'U1') throw new Error('no such person: U2');
						pressed.push([user, text]);
						return answered(200);
					},
				},
				email: { callbackFaults: [], people: [], press: async () => answered(200) },
			},
		});
	});
	afterEach(() => Promise.all([inbox.close(), slack.close()]));

	const send = (text: string) =>
		fetch(`${slack.url}/api/chat.postMessage`, {
			method: 'POST',
			headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
			body: JSON.stringify({ channel: 'U1', text }),
		});
	const api = (path: string, body: object, type = 'application/json') =>
		fetch(inbox.url + path, {
			method: 'POST',
			headers: { 'content-type': type },
			body: JSON.stringify(body),
		});

	it('is one page that loads nothing from elsewhere', async () => {
		const response = await fetch(inbox.url);
		const html = await response.text();
		const nonce = /nonce-([^']+)'/.exec(response.headers.get('content-security-policy')!)![1];
		expect(html).toContain(`<script nonce="${nonce}">`);
		expect(html).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)="(?!data:)/);
		// A name from outside cannot end the script element that carries it.
		expect(html).toContain('\\u003c/script>\\u003cb>');
		for (const { name } of Object.values(DRAWERS)) expect(html).toContain(name);
	});

	it('streams what is there and what comes, drawn', async () => {
		await send('first');
		const stream = (await fetch(`${inbox.url}/events`))
			.body!.pipeThrough(new TextDecoderStream())
			.getReader();
		let seen = '';
		const until = async (text: string) => {
			while (!seen.includes(text)) seen += (await stream.read()).value ?? '';
		};
		await until('first');
		expect(seen).toMatch(/event: all\ndata: \[\{.*"html":"/);
		await send('second *one*');
		await until('event: record');
		await until('second <b>one</b>');
		await api('/api/clear', {});
		await until('event: clear');
		await stream.cancel();
		expect(recorder.query()).toEqual([]);
	});

	it('breaks and heals a channel, and hands on a press', async () => {
		await api('/api/fault', { channel: 'slack', kind: '5xx' });
		expect((await send('x')).status).toBe(503);
		await api('/api/fault', { channel: 'slack', kind: '' });
		expect((await send('y')).status).toBe(200);
		const act = async (path: string, body: object) => (await api(path, body)).json();
		const press = { channel: 'slack', messageId: 'D1:1.2', button: 'token-1' };
		expect(await act('/press', { ...press, text: 'on it' })).toEqual({ ok: true, status: 200 });
		expect(await act('/press', { ...press, button: 'down' })).toMatchObject({
			ok: false,
			message: 'n8n answered 503 ',
		});
		expect(await act('/say', { channel: 'slack', user: 'U1', text: 'ack 42' })).toMatchObject({
			ok: true,
		});
		expect(pressed).toEqual([
			['D1:1.2', 'token-1', undefined, 'on it'],
			['D1:1.2', 'down', undefined, undefined],
			['U1', 'ack 42'],
		]);
		expect(await act('/say', { channel: 'slack', user: 'U2', text: 'x' })).toEqual({
			ok: false,
			message: 'no such person: U2',
		});
		expect(await act('/say', { channel: 'email', user: 'U1', text: 'x' })).toMatchObject({
			ok: false,
		});
		expect((await api('/press', { ...press, channel: 'wecom' })).status).toBe(404);
		expect((await api('/press', press, 'text/plain')).status).toBe(415);
		expect((await api('/api/clear', {}, 'text/plain')).status).toBe(415);
	});
});
