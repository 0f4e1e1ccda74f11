import type { INodeProperties } from 'n8n-workflow';

const on = (...operations: string[]): INodeProperties['displayOptions'] => ({
	show: { operation: operations },
});

const text = (
	displayName: string,
	name: string,
	defaultValue: string,
	description: string,
	placeholder?: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: defaultValue,
	description,
	...(placeholder ? { placeholder: `e.g. ${placeholder}` } : {}),
});

const serviceNow: INodeProperties[] = [
	text(
		'Close Code',
		'closeCode',
		'Solution provided',
		'A value of your instance for a resolved incident; older releases have Solved (Permanently)',
	),
	text(
		'Escalation Group',
		'escalationGroup',
		'',
		'Name or sys_id of the group that an escalated incident goes to; empty leaves it where it is',
		'2nd Level',
	),
	text(
		'Escalation Impact',
		'escalationImpact',
		'1',
		'Value of impact after an escalation; one that is higher already stays',
	),
	text(
		'Escalation Urgency',
		'escalationUrgency',
		'1',
		'Value of urgency after an escalation; one that is higher already stays',
	),
	text('In Progress State', 'inProgressState', '2', 'Value of state for an acknowledged incident'),
	text('Resolved State', 'resolvedState', '6', 'Value of state for a resolved incident'),
	text('Table', 'table', 'incident', 'The table of the tickets'),
];

const requestTracker: INodeProperties[] = [
	text(
		'Escalation Priority',
		'escalationPriority',
		'100',
		'As a number: RT takes a label that it does not know for the lowest. 100 is High in the default configuration.',
	),
	text(
		'Escalation Queue',
		'escalationQueue',
		'',
		'Name or ID of the queue that an escalated ticket goes to; empty leaves it where it is',
		'2nd Level',
	),
	text('Open Status', 'openStatus', 'open', 'Status of an acknowledged ticket'),
	text('Resolved Status', 'resolvedStatus', 'resolved', 'Status of a resolved ticket'),
];

export const properties: INodeProperties[] = [
	{
		displayName: 'System',
		name: 'system',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'From the Item',
				value: 'auto',
				description: 'The source of the interaction or event says which',
			},
			{ name: 'Request Tracker', value: 'requestTracker' },
			{ name: 'ServiceNow', value: 'serviceNow' },
		],
		default: 'auto',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Acknowledge',
				value: 'acknowledge',
				description: 'Begin work on a ticket',
				action: 'Acknowledge a ticket',
			},
			{
				name: 'Assign',
				value: 'assign',
				description: 'Give a ticket to somebody',
				action: 'Assign a ticket',
			},
			{
				name: 'Comment',
				value: 'comment',
				description: 'Write a comment on a ticket',
				action: 'Comment on a ticket',
			},
			{
				name: 'Escalate',
				value: 'escalate',
				description: 'Raise a ticket, and hand it on where the options say so',
				action: 'Escalate a ticket',
			},
			{
				name: 'From Interaction',
				value: 'fromInteraction',
				description: 'Do what a person asked for in a message, if they may',
				action: 'Do what a person asked for',
			},
			{
				name: 'Get Status',
				value: 'getStatus',
				description: 'Read how a ticket stands',
				action: 'Get the status of a ticket',
			},
			{
				name: 'Resolve',
				value: 'resolve',
				description: 'Mark a ticket as resolved',
				action: 'Resolve a ticket',
			},
		],
		default: 'fromInteraction',
	},
	{
		displayName: 'Ticket ID',
		name: 'ticketId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. INC0010023',
		description: 'ServiceNow: number or sys_id. Request Tracker: the number of the ticket.',
		displayOptions: on('acknowledge', 'assign', 'comment', 'resolve', 'escalate', 'getStatus'),
	},
	{
		displayName: 'Assignee',
		name: 'assignee',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. john.doe',
		description: 'Login or email address in the system',
		displayOptions: on('assign'),
	},
	{
		displayName: 'Comment',
		name: 'comment',
		type: 'string',
		typeOptions: { rows: 3 },
		required: true,
		default: '',
		placeholder: 'e.g. The printer works again',
		displayOptions: on('comment'),
	},
	{
		displayName: 'Note',
		name: 'note',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. Restarted the service',
		description: 'What the ticket says about it',
		displayOptions: on('acknowledge', 'assign', 'resolve', 'escalate'),
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Acknowledging Takes the Ticket',
				name: 'takeOver',
				type: 'options',
				options: [
					{ name: 'Always', value: 'always' },
					{ name: 'If It Is Nobody’s', value: 'unassigned' },
					{ name: 'Never', value: 'never' },
				],
				default: 'unassigned',
				description: 'Whether the ticket becomes theirs who acknowledge it',
			},
			{
				displayName: 'Public Comments',
				name: 'publicComments',
				type: 'boolean',
				default: false,
				description:
					'Whether what people write is a reply that the requester sees. Off, it is an internal note.',
			},
		],
	},
	{
		displayName: 'ServiceNow',
		name: 'serviceNow',
		type: 'collection',
		placeholder: 'Add Setting',
		default: {},
		displayOptions: { show: { system: ['auto', 'serviceNow'] } },
		options: serviceNow,
	},
	{
		displayName: 'Request Tracker',
		name: 'requestTracker',
		type: 'collection',
		placeholder: 'Add Setting',
		default: {},
		displayOptions: { show: { system: ['auto', 'requestTracker'] } },
		options: requestTracker,
	},
];
