import type { ChannelId } from '../../../core/events/delivery';
import { renderDelivery } from '../../../core/templates/index';
import { delivery, options } from './helpers';

const NASTY = '<!channel> & *b* _i_ [x](http://evil)';
const SLACK = '&lt;!channel&gt; &amp; *b* _i_ [x](http://evil)';
const MARKDOWN = '<!channel> & \\*b\\* \\_i\\_ \\[x\\]\\(http://evil\\)';
const FEISHU = '&lt;!channel&gt; &amp; &#42;b&#42; &#95;i&#95; [x](http://evil)';
const HTML = '&lt;!channel&gt; &amp; *b* _i_ [x](http://evil)';

const T = '{{ticket.title}}';

const at = (value: unknown, path: string): unknown =>
	path
		.split('.')
		.reduce<unknown>((current, key) => (current as Record<string, unknown>)[key], value);

function render(
	channel: ChannelId,
	part: Record<string, unknown>,
	content: Record<string, unknown>,
) {
	const overrides = [
		{ template_id: 'ticket_assigned', channels: [channel], templates: { [channel]: part } },
	];
	const result = renderDelivery(delivery({ channel }, {}, content), options({ overrides }));
	if (!result.ok) throw new Error(result.message);
	return result.message;
}

const table: Array<[string, ChannelId, Record<string, unknown>, string, string]> = [
	['Slack text is mrkdwn', 'slack', { text: T }, 'text', SLACK],
	[
		'Slack mrkdwn object',
		'slack',
		{ blocks: [{ type: 'section', text: { type: 'mrkdwn', text: T } }] },
		'blocks.0.text.text',
		SLACK,
	],
	[
		'Slack plain_text object is not mrkdwn',
		'slack',
		{ blocks: [{ type: 'header', text: { type: 'plain_text', text: T } }] },
		'blocks.0.text.text',
		NASTY,
	],
	['Slack button value comes back as it went', 'slack', { text: 'x', value: T }, 'value', NASTY],
	['triple stash is escaped too', 'slack', { text: '{{{ticket.title}}}' }, 'text', SLACK],
	['ampersand stash is escaped too', 'slack', { text: '{{&ticket.title}}' }, 'text', SLACK],
	['a helper result is escaped', 'slack', { text: '{{default ticket.title "-"}}' }, 'text', SLACK],
	[
		'a helper literal is escaped',
		'slack',
		{ text: '{{default ticket.nothing "<x>"}}' },
		'text',
		'&lt;x&gt;',
	],
	[
		'inside a loop',
		'slack',
		{ text: '{{#each ticket.list}}{{this}};{{/each}}' },
		'text',
		'&lt;a&gt;;',
	],
	[
		'the template author may write markup',
		'slack',
		{ text: '*<https://x|a>* {{ticket.id}}' },
		'text',
		'*<https://x|a>* INC-001234',
	],
	['e-mail subject is plain', 'email', { subject: T, body: 'b' }, 'subject', NASTY],
	['e-mail body is plain', 'email', { subject: 's', body: T }, 'body', NASTY],
	['e-mail text is plain', 'email', { subject: 's', text: T }, 'text', NASTY],
	['e-mail html is HTML', 'email', { subject: 's', html: `<b>${T}</b>` }, 'html', `<b>${HTML}</b>`],
	[
		'e-mail html, triple stash',
		'email',
		{ subject: 's', html: '<b>{{{ticket.title}}}</b>' },
		'html',
		`<b>${HTML}</b>`,
	],
	[
		'DingTalk link text is plain',
		'dingtalk',
		{ msgtype: 'link', link: { text: T } },
		'link.text',
		NASTY,
	],
	[
		'DingTalk text is plain',
		'dingtalk',
		{ msgtype: 'text', text: { content: T } },
		'text.content',
		NASTY,
	],
	[
		'DingTalk markdown',
		'dingtalk',
		{ msgtype: 'markdown', markdown: { title: 't', text: T } },
		'markdown.text',
		MARKDOWN,
	],
	[
		'DingTalk markdown title is plain',
		'dingtalk',
		{ markdown: { title: T, text: 'x' } },
		'markdown.title',
		NASTY,
	],
	[
		'Teams text block',
		'teams',
		{ body: [{ type: 'TextBlock', text: T }] },
		'body.0.text',
		MARKDOWN,
	],
	[
		'Teams action title is plain',
		'teams',
		{ actions: [{ type: 'Action.OpenUrl', title: T }] },
		'actions.0.title',
		NASTY,
	],
	[
		'Feishu markdown',
		'feishu',
		{ elements: [{ tag: 'markdown', content: T }] },
		'elements.0.content',
		FEISHU,
	],
	[
		'Feishu plain_text',
		'feishu',
		{ header: { title: { tag: 'plain_text', content: T } } },
		'header.title.content',
		NASTY,
	],
	[
		'Feishu text has no markup but mentions',
		'feishu',
		{ text: '{{ticket.at}}' },
		'text',
		'＜at user_id="all">x＜/at>',
	],
	[
		'WeCom markdown',
		'wecom',
		{ markdown: { content: T } },
		'markdown.content',
		NASTY.replaceAll('<', '&lt;'),
	],
	['WeCom card title is plain', 'wecom', { textcard: { title: T } }, 'textcard.title', NASTY],
	['SMS is plain', 'sms', { text: T }, 'text', NASTY],
	['WeChat data is plain', 'wechat', { template_data: { first: T } }, 'template_data.first', NASTY],
];

describe('escaping of outside values in raw templates', () => {
	it.each(table)('%s', (_name, channel, part, path, expected) => {
		const content = {
			ticket_title: NASTY,
			list: ['<a>'],
			at: '<at user_id="all">x</at>',
			nothing: null,
		};
		expect(at(render(channel, part, content), path)).toBe(expected);
	});
});

describe('URL leaves', () => {
	const url = (template: string, content: Record<string, unknown> = {}) =>
		at(render('wechat', { first: 'x', url: template }, content), 'url');

	it.each([
		[
			'a known address stays',
			'{{ticket.url}}',
			{ url: 'https://x.example/a?b=1&c=%20d#e' },
			'https://x.example/a?b=1&c=%20d#e',
		],
		[
			'a part is encoded',
			'{{system.url}}/t/{{ticket.id}}',
			{ ticket_id: 'a/b?c=d&e#f' },
			'https://itsm.company.com/t/a%2Fb%3Fc%3Dd%26e%23f',
		],
		[
			'javascript: cannot come from outside',
			'{{ticket.title}}',
			{ ticket_title: 'javascript:alert(1)' },
			'javascript%3Aalert(1)',
		],
		[
			'a ticket address that is no http(s) is not used',
			'{{ticket.url}}',
			{ url: 'javascript:alert(1)' },
			'https://itsm.company.com/tickets/INC-001234',
		],
		[
			'what would end a link is encoded',
			'{{ticket.url}}',
			{ url: 'https://x.example/a)b|c>"d' },
			'https://x.example/a%29b%7Cc%3E%22d',
		],
	])('%s', (_name, template, content, expected) => expect(url(template, content)).toBe(expected));

	it('an address inside markup stays a working address', () => {
		const content = { url: 'https://x.example/a_b-c?d=1&e=(2)' };
		const teams = render('teams', { text: '[Open]({{ticket.url}})' }, content);
		expect(teams.text).toBe('[Open](https://x.example/a_b-c?d=1&e=%282%29)');
		const slack = render('slack', { text: '<{{ticket.url}}|Open>' }, content);
		expect(slack.text).toBe('<https://x.example/a_b-c?d=1&amp;e=(2)|Open>');
	});
});

describe('card templates', () => {
	it('are plain text: the channel escapes when it draws', () => {
		const result = renderDelivery(
			delivery({ channel: 'slack' }, {}, { ticket_title: NASTY }),
			options(),
		);
		expect(result).toMatchObject({ card: { title: expect.stringContaining(NASTY) } });
	});

	it('leave out a link that is none', () => {
		const card = {
			title: 't',
			links: [
				{ label: 'a', url: '{{ticket.title}}' },
				{ label: 'b', url: '{{ticket.url}}' },
			],
		};
		const overrides = [
			{ template_id: 'ticket_assigned', channels: ['slack'], templates: { card } },
		];
		const result = renderDelivery(
			delivery({ channel: 'slack' }, {}, { ticket_title: 'javascript:alert(1)' }),
			options({ overrides }),
		);
		expect(result).toMatchObject({ card: { links: [{ label: 'b' }] } });
	});
});
