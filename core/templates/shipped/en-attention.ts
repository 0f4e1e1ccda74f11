import { description, document, fields } from './en-parts';

const { priority, status, assignee, group, requester, due, services, cis } = fields;

/** What needs somebody soon, in English. */
export const enAttention = [
	document('security_alert', 'Security alert', 'A security tool or table raised an alert.', {
		title: 'Security alert: {{ticket.title}}',
		fields: [
			priority,
			{ label: 'Ticket', value: '{{ticket.number}}', short: true },
			cis,
			services,
			assignee,
		],
		body: description,
	}),
	document('system_failure', 'System failure', 'A service or system is down.', {
		title: 'System failure: {{ticket.title}}',
		fields: [
			priority,
			{ label: 'Ticket', value: '{{ticket.number}}', short: true },
			services,
			cis,
			assignee,
		],
		body: description,
	}),
	document('sla_breaching', 'SLA at risk', 'The deadline is near.', {
		title:
			'{{#if ticket.due}}{{#if ticket.overdue}}SLA deadline passed{{else}}{{duration ticket.due}} left{{/if}}{{else}}SLA at risk{{/if}}: {{ticket.number}} {{ticket.title}}',
		fields: [due, priority, status, assignee, requester],
		body: description,
	}),
	document('sla_breached', 'SLA breached', 'The deadline has passed.', {
		title: 'SLA breached: {{ticket.number}} {{ticket.title}}',
		text: '{{#if ticket.overdue}}Overdue by {{duration ticket.due}}{{/if}}',
		fields: [due, priority, status, assignee, requester],
		body: description,
	}),
	document('ticket_escalated', 'Ticket escalated', 'A ticket was escalated in the ITSM.', {
		title: 'Escalated: {{ticket.number}} {{ticket.title}}',
		text: '{{#if event.actor}}Escalated by {{event.actor}}{{/if}}',
		fields: [priority, status, assignee, group, due],
		body: '{{#if ticket.comment.text}}{{ticket.comment.text}}{{else}}{{default ticket.description ""}}{{/if}}',
	}),
	document('approval_requested', 'Approval requested', 'Somebody waits for a decision.', {
		title: 'Approval needed: {{ticket.number}} {{ticket.title}}',
		text: '{{#if ticket.requester}}{{ticket.requester}} asks for approval{{/if}}',
		fields: [requester, priority, due, services],
		body: description,
	}),
	document('change_scheduled', 'Change scheduled', 'A change has a date.', {
		title: 'Change scheduled: {{ticket.number}} {{ticket.title}}',
		fields: [
			{
				label: 'Start',
				value: '{{#if ticket.scheduled_start}}{{date ticket.scheduled_start}}{{/if}}',
				short: true,
			},
			{
				label: 'End',
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
