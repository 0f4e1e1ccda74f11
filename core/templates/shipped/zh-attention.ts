import { description, document, fields } from './zh-parts';

const { priority, status, assignee, group, requester, due, services, cis } = fields;

/** What needs somebody soon, in Chinese. */
export const zhAttention = [
	document('security_alert', '安全告警', '安全系统发出告警。', {
		title: '安全告警：{{ticket.title}}',
		fields: [
			priority,
			{ label: '工单编号', value: '{{ticket.number}}', short: true },
			cis,
			services,
			assignee,
		],
		body: description,
	}),
	document('system_failure', '系统故障', '服务或系统不可用。', {
		title: '系统故障：{{ticket.title}}',
		fields: [
			priority,
			{ label: '工单编号', value: '{{ticket.number}}', short: true },
			services,
			cis,
			assignee,
		],
		body: description,
	}),
	document('sla_breaching', 'SLA 即将超时', '临近 SLA 截止时间。', {
		title:
			'{{#if ticket.due}}{{#if ticket.overdue}}SLA 已到期{{else}}还剩 {{duration ticket.due}}{{/if}}{{else}}SLA 即将超时{{/if}}：{{ticket.number}} {{ticket.title}}',
		fields: [due, priority, status, assignee, requester],
		body: description,
	}),
	document('sla_breached', 'SLA 超时', '已超过 SLA 截止时间。', {
		title: 'SLA 已超时：{{ticket.number}} {{ticket.title}}',
		text: '{{#if ticket.overdue}}已超时 {{duration ticket.due}}{{/if}}',
		fields: [due, priority, status, assignee, requester],
		body: description,
	}),
	document('ticket_escalated', '工单升级', '工单在 ITSM 中被升级。', {
		title: '工单已升级：{{ticket.number}} {{ticket.title}}',
		text: '{{#if event.actor}}由 {{event.actor}} 升级{{/if}}',
		fields: [priority, status, assignee, group, due],
		body: '{{#if ticket.comment.text}}{{ticket.comment.text}}{{else}}{{default ticket.description ""}}{{/if}}',
	}),
	document('approval_requested', '待审批', '有申请等待审批。', {
		title: '待审批：{{ticket.number}} {{ticket.title}}',
		text: '{{#if ticket.requester}}{{ticket.requester}} 提交了审批申请{{/if}}',
		fields: [requester, priority, due, services],
		body: description,
	}),
	document('change_scheduled', '变更计划', '变更已排期。', {
		title: '变更已排期：{{ticket.number}} {{ticket.title}}',
		fields: [
			{
				label: '开始时间',
				value: '{{#if ticket.scheduled_start}}{{date ticket.scheduled_start}}{{/if}}',
				short: true,
			},
			{
				label: '结束时间',
				value: '{{#if ticket.scheduled_end}}{{date ticket.scheduled_end}}{{/if}}',
				short: true,
			},
			services,
			cis,
			assignee,
			priority,
		],
		body: description,
	}),
];
