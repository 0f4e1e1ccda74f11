import { description, document, fields } from './zh-parts';

const { priority, status, assignee, requester, due, services } = fields;

/** Digest, escalation step and reminder, in Chinese. */
export const zhPurposes = [
	document('digest', '汇总通知', '多个工单，或同一工单的多条动态，合并为一条消息。', {
		title:
			'{{#if digest.single}}{{digest.first.number}} 有 {{digest.events}} 条动态：{{digest.first.title}}{{else}}{{digest.total}} 个工单有新动态{{/if}}',
		entry: {
			title: '{{number}} {{title}}',
			text: '{{summary}}{{#if text}}\n{{text}}{{/if}}',
		},
		more: '另有 {{digest.more}} 个工单',
		links: [
			{
				label: '{{#if digest.single}}打开工单{{else}}查看全部{{/if}}',
				url: '{{#if digest.single}}{{default digest.first.url ""}}{{else}}{{default digest.url ""}}{{/if}}',
			},
		],
		footer: '{{system.name}} · {{date system.current_time}}',
	}),
	document('escalation', '升级提醒', '无人确认，通知下一位。', {
		title: '无人响应：{{ticket.number}} {{ticket.title}}',
		text: '自 {{date event.timestamp "short"}}（{{relative event.timestamp}}）起无人确认，现升级给您。',
		fields: [priority, status, assignee, requester, due, services],
		body: description,
	}),
	document('reminder', '跟进提醒', '已确认，但之后没有进展。', {
		title: '跟进提醒：{{ticket.number}} {{ticket.title}}',
		text: '您已确认该工单，之后一直没有进展。若仍无进展将继续升级。',
		fields: [priority, status, requester, due],
		body: description,
	}),
];
