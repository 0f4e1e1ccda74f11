import { description, document, fields } from './en-parts';

const { priority, status, assignee, group, requester, due, services } = fields;

/** The life of a ticket, in English. */
export const enTickets = [
	document('ticket_created', 'New ticket', 'A ticket was created.', {
		title: 'New ticket {{ticket.number}}: {{ticket.title}}',
		fields: [priority, requester, group, due, services],
		body: description,
	}),
	document('ticket_assigned', 'Ticket assigned', 'A ticket was given to somebody.', {
		title:
			'{{#if recipient.is_assignee}}Assigned to you{{else}}Assigned to {{assignee.name}}{{/if}}: {{ticket.number}} {{ticket.title}}',
		fields: [priority, requester, due, group, services],
		body: description,
	}),
	document('ticket_reopened', 'Ticket reopened', 'A resolved or closed ticket is open again.', {
		title: 'Reopened: {{ticket.number}} {{ticket.title}}',
		text: '{{#if event.actor}}Reopened by {{event.actor}}{{/if}}',
		fields: [priority, assignee, requester, due],
		body: '{{#if ticket.comment.text}}{{ticket.comment.text}}{{else}}{{default ticket.description ""}}{{/if}}',
	}),
	document('ticket_resolved', 'Ticket resolved', 'A solution is in place.', {
		title: 'Resolved: {{ticket.number}} {{ticket.title}}',
		text: '{{#if (eq recipient.role "requester")}}Please check that it works for you.{{/if}}',
		fields: [assignee, priority, services],
		body: '{{default ticket.comment.text ""}}',
	}),
	document('ticket_closed', 'Ticket closed', 'A ticket was closed.', {
		title: 'Closed: {{ticket.number}} {{ticket.title}}',
		fields: [assignee, requester],
		body: '{{default ticket.comment.text ""}}',
	}),
	document('ticket_comment', 'New comment', 'Somebody wrote on a ticket.', {
		title:
			'{{#if ticket.comment.author}}{{ticket.comment.author}} commented{{else}}New comment{{/if}} on {{ticket.number}}: {{ticket.title}}',
		text: '{{#if ticket.comment}}{{#unless ticket.comment.public}}Internal note{{/unless}}{{/if}}',
		body: '{{default ticket.comment.text ""}}',
		fields: [status, priority],
	}),
	document('status_update', 'Status changed', 'A ticket has a new status.', {
		title:
			'{{#if ticket.status_label}}{{ticket.status_label}}{{else}}Status changed{{/if}}: {{ticket.number}} {{ticket.title}}',
		text: '{{#if ticket.previous_status_label}}Was: {{ticket.previous_status_label}}{{/if}}',
		fields: [priority, assignee, due],
		body: '{{default ticket.comment.text ""}}',
	}),
	document('ticket_updated', 'Ticket updated', 'Something else on a ticket changed.', {
		title: 'Updated: {{ticket.number}} {{ticket.title}}',
		fields: [priority, status, assignee, due],
		body: '{{#each changes}}{{label}}: {{default from "–"}} → {{default to "–"}}\n{{/each}}',
	}),
];
