import type { Channel } from '../../../core/channels/types';
import type { DeliveryInput } from '../../../core/events/delivery';
import { parseDelivery } from '../../../core/events/validate';
import type { Channels, RenderOptions } from '../../../core/templates/index';

export const NOW = new Date('2023-09-06T10:35:00Z');

/** The seed's event, to the letter. */
export const seedEvent = {
	event_id: 'notif-20230906-001',
	event_type: 'ticket_assigned',
	timestamp: '2023-09-06T10:30:00Z',
	source: 'ITSM Platform',
	target_users: ['user-001', 'user-002'],
	content: {
		ticket_id: 'INC-001234',
		ticket_title: 'Web服务器CPU使用率过高',
		assignee: 'user-001',
		priority: 'High',
		description: '监控系统检测到web-server-01 CPU使用率超过90%',
	},
	context: {
		related_cis: ['web-server-01'],
		impacted_services: ['Web Portal'],
		sla_deadline: '2023-09-06T12:00:00Z',
	},
};

/** The seed's template document, to the letter. */
export const seedTemplate = {
	template_id: 'ticket_assigned',
	name: '工单分配通知',
	description: '当工单被分配给处理人员时发送的通知',
	channels: ['email', 'wechat', 'dingtalk'],
	templates: {
		email: {
			subject: '[ITSM] 新工单分配 - {{ticket.title}}',
			body: '您好 {{assignee.name}}，\n\n您有一个新的工单需要处理：\n标题：{{ticket.title}}\n编号：{{ticket.id}}\n优先级：{{ticket.priority}}\n描述：{{ticket.description}}\n\n请登录ITSM平台查看详情并及时处理。\n\n{{system.url}}/tickets/{{ticket.id}}',
		},
		wechat: {
			title: '新工单分配',
			description: '{{assignee.name}}，您有一个新的工单需要处理',
			url: '{{system.url}}/tickets/{{ticket.id}}',
			template_data: {
				first: '您有一个新的工单需要处理',
				keyword1: '{{ticket.id}}',
				keyword2: '{{ticket.title}}',
				keyword3: '{{ticket.priority}}',
				remark: '请及时处理',
			},
		},
		dingtalk: {
			msgtype: 'link',
			link: {
				title: '新工单分配 - {{ticket.title}}',
				text: '工单编号：{{ticket.id}}\n优先级：{{ticket.priority}}\n描述：{{ticket.description}}',
				messageUrl: '{{system.url}}/tickets/{{ticket.id}}',
			},
		},
	},
};

const entities = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const backslash = (text: string): string => text.replace(/[\\`*_[\]()#\-~]/g, (c) => `\\${c}`);

const ESCAPES: Partial<Record<Channel['id'], (text: string) => string>> = {
	slack: entities,
	teams: backslash,
	dingtalk: backslash,
	feishu: (text) => entities(text).replace(/[*_]/g, (c) => `&#${c.charCodeAt(0)};`),
	wecom: (text) => text.replaceAll('<', '&lt;'),
	email: entities,
};

/** A channel that shows what it was given: the payload is the card, or the raw document. */
export function fakeChannel(id: Channel['id'], more: Partial<Channel> = {}): Channel {
	return {
		id,
		name: id,
		limits: { unit: 'chars', text: 4000, buttons: 5, rate: {}, digestEntries: 10 },
		escape: ESCAPES[id] ?? ((text) => text),
		address: () => undefined,
		draw: (card) => ({ card }),
		raw: (document) => document,
		summary: (payload) => JSON.stringify(payload),
		check: () => undefined,
		request: () => ({ kind: 'http', method: 'POST', url: 'https://example.com' }),
		outcome: () => ({ ok: true, status: 'sent' }),
		...more,
	};
}

const IDS = [
	'slack',
	'email',
	'wecom',
	'teams',
	'wechat',
	'dingtalk',
	'feishu',
	'push',
	'sms',
	'in_app',
] as const;
export const channels: Channels = Object.fromEntries(IDS.map((id) => [id, fakeChannel(id)]));

type Loose = Record<string, unknown>;

/** A delivery of the seed's event to the seed's person, with changes. */
export function delivery(change: Loose = {}, event: Loose = {}, content: Loose = {}) {
	return parseDelivery({
		delivery_id: 'd_1',
		event: { ...seedEvent, ...event, content: { ...seedEvent.content, ...content } },
		channel: 'email',
		...change,
		recipient: {
			user_id: 'user-001',
			username: 'john.doe',
			language: 'zh-CN',
			timezone: 'Asia/Shanghai',
			...(change.recipient as Loose | undefined),
		},
	} satisfies DeliveryInput as unknown);
}

export const options = (change: Partial<RenderOptions> = {}): RenderOptions => ({
	channels,
	now: NOW,
	system: { name: 'ITSM', url: 'https://itsm.company.com', support_email: 'help@company.com' },
	...change,
});

/** A document with one raw leaf, `templates.<channel>.text`. */
export const oneLeaf = (text: string, channel = 'sms', key = 'text') => ({
	template_id: 't',
	name: 't',
	description: '',
	channels: [channel],
	templates: { [channel]: { [key]: text } },
});
