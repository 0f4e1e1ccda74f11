import { description, document, fields } from './zh-parts';

const { priority, status, assignee, group, requester, due, services } = fields;

/** The life of a ticket, in Chinese. */
export const zhTickets = [
	document('ticket_created', '新建工单', '有新工单提交。', {
		title: '新工单 {{ticket.number}}：{{ticket.title}}',
		fields: [priority, requester, group, due, services],
		body: description,
	}),
	document('ticket_assigned', '工单分配', '工单已分配给处理人。', {
		title:
			'{{#if recipient.is_assignee}}工单已分配给您{{else}}工单已分配给 {{assignee.name}}{{/if}}：{{ticket.number}} {{ticket.title}}',
		fields: [priority, requester, due, group, services],
		body: description,
	}),
	document('ticket_reopened', '工单重新打开', '已解决或已关闭的工单被重新打开。', {
		title: '工单重新打开：{{ticket.number}} {{ticket.title}}',
		text: '{{#if event.actor}}由 {{event.actor}} 重新打开{{/if}}',
		fields: [priority, assignee, requester, due],
		body: '{{#if ticket.comment.text}}{{ticket.comment.text}}{{else}}{{default ticket.description ""}}{{/if}}',
	}),
	document('ticket_resolved', '工单已解决', '工单已给出解决方案。', {
		title: '已解决：{{ticket.number}} {{ticket.title}}',
		text: '{{#if (eq recipient.role "requester")}}请确认问题是否已解决。{{/if}}',
		fields: [assignee, priority, services],
		body: '{{default ticket.comment.text ""}}',
	}),
	document('ticket_closed', '工单已关闭', '工单已关闭。', {
		title: '已关闭：{{ticket.number}} {{ticket.title}}',
		fields: [assignee, requester],
		body: '{{default ticket.comment.text ""}}',
	}),
	document('ticket_comment', '新评论', '工单有新评论。', {
		title:
			'{{#if ticket.comment.author}}{{ticket.comment.author}} 评论了 {{ticket.number}}{{else}}{{ticket.number}} 有新评论{{/if}}：{{ticket.title}}',
		text: '{{#if ticket.comment}}{{#unless ticket.comment.public}}内部备注{{/unless}}{{/if}}',
		body: '{{default ticket.comment.text ""}}',
		fields: [status, priority],
	}),
	document('status_update', '状态变更', '工单状态有变化。', {
		title:
			'{{#if ticket.status_label}}{{ticket.status_label}}{{else}}状态变更{{/if}}：{{ticket.number}} {{ticket.title}}',
		text: '{{#if ticket.previous_status_label}}原状态：{{ticket.previous_status_label}}{{/if}}',
		fields: [priority, assignee, due],
		body: '{{default ticket.comment.text ""}}',
	}),
	document('ticket_updated', '工单更新', '工单的其他内容有变化。', {
		title: '工单有更新：{{ticket.number}} {{ticket.title}}',
		fields: [priority, status, assignee, due],
		body: '{{#each changes}}{{label}}：{{default from "–"}} → {{default to "–"}}\n{{/each}}',
	}),
];
