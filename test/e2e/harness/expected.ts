// What the demo's High ticket must look like in each channel, word for word.
import type { Ticket } from '../../../sandbox/itsm/index.ts';

const TITLE = 'Checkout API answers 502 for a third of all requests';
const DESCRIPTION =
	'Since 09:42 UTC the load balancer marks two of six checkout nodes as unhealthy.\n' +
	'Customers see "Payment could not be completed"; the shop loses every third order.';
const DUE = '\\d{1,2} \\w{3}, \\d\\d:\\d\\d \\(in 1 hour \\d+ minutes\\)';
const DUE_ZH = '\\d\\d-\\d\\d \\d\\d:\\d\\d（1 小时 \\d+ 分钟后）';

const like = (pattern: string): unknown => expect.stringMatching(new RegExp(`^${pattern}$`, 's'));
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const mrkdwn = (text: unknown): unknown => ({ type: 'mrkdwn', text, verbatim: true });
const plain = (text: unknown): unknown => ({ type: 'plain_text', text, emoji: false });

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
			type: 'actions',
			elements: [{ type: 'button', action_id: 'open', text: plain('Open ticket'), url }],
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
		card_type: 'text_notice',
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
		jump_list: [{ type: 1, title: '打开工单', url }],
		card_action: { type: 1, url },
	},
});

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
			`Services: Online Shop\n\n${literal(DESCRIPTION)}\n\nOpen ticket: ${literal(url)}\n\n-- \n` +
			'IT Service Desk · \\d{1,2} \\w{3} \\d{4}, \\d\\d:\\d\\d',
	);

export const mailHighZh = ({ number }: Ticket, url: string, to: string): unknown =>
	mail(
		to,
		`[${number}] 新工单：${TITLE}`,
		`新工单 ${number}：${TITLE}\n\n` +
			`优先级: 高\n提交人: Anna Keller\n处理组: Platform Operations\n截止时间: ${DUE_ZH}\n` +
			`受影响服务: Online Shop\n\n${literal(DESCRIPTION)}\n\n打开工单: ${literal(url)}\n\n-- \n` +
			'IT Service Desk · \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d',
	);
