import { description, document, fields } from './en-parts';

const { priority, status, assignee, requester, due, services } = fields;

/** Digest, escalation step and reminder, in English. */
export const enPurposes = [
	document('digest', 'Digest', 'Several tickets, or several events of one, in one message.', {
		title:
			'{{#if digest.single}}{{digest.first.number}}: {{#if (eq digest.events 1)}}1 update{{else}}{{digest.events}} updates{{/if}} – {{digest.first.title}}{{else}}{{digest.total}} tickets with news{{/if}}',
		entry: {
			title: '{{number}} {{title}}',
			text: '{{summary}}{{#if text}}\n{{text}}{{/if}}',
		},
		more: '+{{digest.more}} more',
		links: [
			{
				label: '{{#if digest.single}}Open ticket{{else}}All tickets{{/if}}',
				url: '{{#if digest.single}}{{default digest.first.url ""}}{{else}}{{default digest.url ""}}{{/if}}',
			},
		],
		footer: '{{system.name}} · {{date system.current_time}}',
	}),
	document('escalation', 'Escalation', 'Nobody acknowledged; the next person is told.', {
		title: 'No response yet: {{ticket.number}} {{ticket.title}}',
		text: 'Waiting since {{date event.timestamp "short"}} ({{relative event.timestamp}}), not acknowledged. It now comes to you.',
		fields: [priority, status, assignee, requester, due, services],
		body: description,
	}),
	document('reminder', 'Reminder', 'Acknowledged, but nothing has happened since.', {
		title: 'Reminder: {{ticket.number}} {{ticket.title}}',
		text: 'You acknowledged this ticket and it has not moved since. Without progress it escalates.',
		fields: [priority, status, requester, due],
		body: description,
	}),
];
