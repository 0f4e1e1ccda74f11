// What the demo's High ticket must look like in each channel, word for word.
import type { Ticket } from '../../../sandbox/itsm/index.ts';

const TITLE = 'Checkout API answers 502 for a third of all requests';
const DESCRIPTION =
	'Since 09:42 UTC the load balancer marks two of six checkout nodes as unhealthy.\n' +
	'Customers see "Payment could not be completed"; the shop loses every third order.';
const DUE = '\\d{1,2} \\w{3}, \\d\\d:\\d\\d \\(in 1 hour \\d+ minutes\\)';
const DUE_ZH = '\\d\\d-\\d\\d \\d\\d:\\d\\d（1 小时 \\d+ 分钟后）';

/** What a button carries, signed; and the page of one. */
const TOKEN = '[\\w-]{40,}\\.[\\w-]{20,}';
const LINK = `http://127\\.0\\.0\\.1:\\d+/webhook/[\\w-]+/itsm-answers/link\\?t=${TOKEN}`;

const like = (pattern: string): unknown => expect.stringMatching(new RegExp(`^${pattern}$`, 's'));
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const mrkdwn = (text: unknown): unknown => ({ type: 'mrkdwn', text, verbatim: true });
const plain = (text: unknown): unknown => ({ type: 'plain_text', text, emoji: false });
const button = (action_id: string, text: string, style?: string): unknown => ({
	type: 'button',
	action_id,
	text: plain(text),
	value: like(TOKEN),
	...(style ? { style } : {}),
});

export const slackHigh = ({ number }: Ticket, url: string, channel: string): unknown => ({
	channel,
	text: `🟠 New ticket ${number}: ${TITLE}`,
	unfurl_links: false,
	unfurl_media: false,
	blocks: [
		{ type: 'header', text: plain(`🟠 New ticket ${number}: ${TITLE}`) },
		{
			type: 'section',
			fields: [
				mrkdwn('*Priority*\nHigh'),
				mrkdwn('*Requester*\nAnna Keller'),
				mrkdwn('*Group*\nPlatform Operations'),
				mrkdwn(like(`\\*Due\\*\n${DUE}`)),
				mrkdwn('*Services*\nOnline Shop'),
			],
		},
		{ type: 'section', text: mrkdwn(DESCRIPTION) },
		{
			type: 'input',
			block_id: 'input:comment',
			optional: true,
			label: plain('Your comment'),
			element: {
				type: 'plain_text_input',
				action_id: 'comment',
				multiline: true,
				max_length: 3000,
			},
		},
		{
			type: 'actions',
			elements: [
				button('acknowledge', 'Acknowledge', 'primary'),
				button('escalate', 'Escalate', 'danger'),
				button('comment', 'Add comment'),
				{ type: 'button', action_id: 'open', text: plain('Open ticket'), url },
			],
		},
		{
			type: 'context',
			elements: [plain(like('IT Service Desk · \\d{1,2} \\w{3} \\d{4}, \\d\\d:\\d\\d'))],
		},
	],
});

export const wecomHigh = ({ number }: Ticket, url: string, touser: string): unknown => ({
	touser,
	agentid: 1000002,
	msgtype: 'template_card',
	safe: 0,
	enable_duplicate_check: 1,
	duplicate_check_interval: 1800,
	template_card: {
		card_type: 'button_interaction',
		task_id: like('d_[0-9a-f]{32}'),
		source: { desc: 'IT Service Desk', desc_color: 2 },
		main_title: { title: `新工单 ${number}：${TITLE}` },
		sub_title_text: DESCRIPTION,
		horizontal_content_list: [
			{ keyname: '优先级', value: '高' },
			{ keyname: '提交人', value: 'Anna Keller' },
			{ keyname: '处理组', value: 'Platform Operations' },
			{ keyname: '截止时间', value: like(DUE_ZH) },
			{ keyname: '受影响服务', value: 'Online Shop' },
		],
		button_list: [
			{ text: '确认接收', style: 1, key: like(TOKEN) },
			{ text: '升级', style: 3, key: like(TOKEN) },
			// WeCom's cards have no field for text.
			{ type: 1, text: '添加评论', style: 2, url: like(LINK) },
		],
		card_action: { type: 1, url },
	},
});

/** Lines of a mail's text: a signed page for each answer. */
const linked = (...labels: string[]): string =>
	labels.map((label) => `${label}: ${LINK}\\n`).join('');

/** Of a person's mail what does not depend on the language. */
const mail = (to: string, subject: string, text: string): unknown =>
	expect.objectContaining({
		to,
		subject,
		from: '"IT Service Desk" <itsm@example.test>',
		text: like(text),
		attachments: [],
		headers: expect.objectContaining({
			'auto-submitted': 'auto-generated',
			'x-auto-response-suppress': 'All',
			importance: 'High',
			'message-id': like('<[0-9a-f]{32}@example\\.test>'),
			// Nobody sent the root: all mails about one ticket hang below it.
			'in-reply-to': like('<[0-9a-f]{32}\\.root@example\\.test>'),
			'content-type': like('multipart/alternative;.*'),
		}) as unknown,
	});

export const mailHighEn = ({ number }: Ticket, url: string, to: string): unknown =>
	mail(
		to,
		`[${number}] New ticket: ${TITLE}`,
		`New ticket ${number}: ${TITLE}\n\n` +
			`Priority: High\nRequester: Anna Keller\nGroup: Platform Operations\nDue: ${DUE}\n` +
			`Services: Online Shop\n\n${literal(DESCRIPTION)}\n\n${linked('Acknowledge', 'Escalate', 'Add comment')}Open ticket: ${literal(url)}\n\n-- \n` +
			'IT Service Desk · \\d{1,2} \\w{3} \\d{4}, \\d\\d:\\d\\d',
	);

export const mailHighZh = ({ number }: Ticket, url: string, to: string): unknown =>
	mail(
		to,
		`[${number}] 新工单：${TITLE}`,
		`新工单 ${number}：${TITLE}\n\n` +
			`优先级: 高\n提交人: Anna Keller\n处理组: Platform Operations\n截止时间: ${DUE_ZH}\n` +
			`受影响服务: Online Shop\n\n${literal(DESCRIPTION)}\n\n${linked('确认接收', '升级', '添加评论')}打开工单: ${literal(url)}\n\n-- \n` +
			'IT Service Desk · \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d',
	);
