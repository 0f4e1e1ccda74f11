import { cardParts } from './parts';

export const { fields, document, description } = cardParts({
	language: 'en',
	open: 'Open ticket',
	priority: 'Priority',
	status: 'Status',
	assignee: 'Assignee',
	group: 'Group',
	requester: 'Requester',
	due: 'Due',
	services: 'Services',
	cis: 'Affected items',
	dueValue: '{{date ticket.due "short"}} ({{relative ticket.due}})',
});
