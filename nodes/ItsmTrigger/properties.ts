import type { INodeProperties } from 'n8n-workflow';

const EVENT_TYPE_OPTIONS = [
	{ name: 'Approval Requested', value: 'approval_requested' },
	{ name: 'Change Scheduled', value: 'change_scheduled' },
	{ name: 'Security Alert', value: 'security_alert' },
	{ name: 'SLA Breached', value: 'sla_breached' },
	{ name: 'SLA Breaching', value: 'sla_breaching' },
	{ name: 'Status Update', value: 'status_update' },
	{ name: 'System Failure', value: 'system_failure' },
	{ name: 'Ticket Assigned', value: 'ticket_assigned' },
	{ name: 'Ticket Closed', value: 'ticket_closed' },
	{ name: 'Ticket Comment', value: 'ticket_comment' },
	{ name: 'Ticket Created', value: 'ticket_created' },
	{ name: 'Ticket Escalated', value: 'ticket_escalated' },
	{ name: 'Ticket Reopened', value: 'ticket_reopened' },
	{ name: 'Ticket Resolved', value: 'ticket_resolved' },
	{ name: 'Ticket Updated', value: 'ticket_updated' },
];

const FIELD_OPTIONS = [
	{ name: 'Assignee', value: 'assignee' },
	{ name: 'Category', value: 'context.category' },
	{ name: 'Description', value: 'description' },
	{ name: 'Event ID', value: 'event_id' },
	{ name: 'Event Type', value: 'event_type' },
	{ name: 'Group', value: 'group' },
	{ name: 'Impacted Services', value: 'context.impacted_services' },
	{ name: 'Priority', value: 'priority' },
	{ name: 'Requester', value: 'requester' },
	{ name: 'SLA Deadline', value: 'context.sla_deadline' },
	{ name: 'Status', value: 'status' },
	{ name: 'Target Users', value: 'target_users' },
	{ name: 'Ticket ID', value: 'ticket_id' },
	{ name: 'Ticket Number', value: 'number' },
	{ name: 'Ticket Title', value: 'ticket_title' },
	{ name: 'Timestamp', value: 'timestamp' },
	{ name: 'URL', value: 'url' },
	{ name: 'Watchers', value: 'watchers' },
];

export const properties: INodeProperties[] = [
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		options: [
			{ name: 'Alertmanager', value: 'alertmanager' },
			{
				name: 'Detect Automatically',
				value: 'auto',
				description: 'Tell the system by the shape of what it sends',
			},
			{
				name: 'Generic',
				value: 'generic',
				description: 'The event document of this package, or your own fields by a mapping',
			},
			{ name: 'Jira Service Management', value: 'jira' },
			{ name: 'Request Tracker', value: 'requestTracker' },
			{ name: 'ServiceNow', value: 'serviceNow' },
			{ name: 'Zammad', value: 'zammad' },
		],
		default: 'auto',
		description: 'Which system calls this webhook',
	},
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		options: [
			{ name: 'Basic Auth', value: 'basicAuth' },
			{
				name: 'Header Token',
				value: 'headerToken',
				description: 'A fixed value in a header of your choice',
			},
			{ name: 'None', value: 'none', description: 'Anybody who knows the address can send events' },
			{
				name: 'Signature',
				value: 'signature',
				description: 'The own signature of the source, over the raw body',
			},
		],
		default: 'headerToken',
		description:
			'How a call proves where it comes from. A call that does not is answered with 401 and starts nothing.',
	},
	{
		displayName:
			'A signature can only be verified where the source is named. Choose a source above, or another authentication.',
		name: 'signatureNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { authentication: ['signature'], source: ['auto'] } },
	},
	{
		displayName: 'Path',
		name: 'path',
		type: 'string',
		default: 'itsm',
		required: true,
		placeholder: 'e.g. itsm',
		description: 'The last part of the address that your ITSM calls',
	},
	{
		displayName: 'Intake',
		name: 'intake',
		type: 'options',
		options: [
			{ name: 'Direct', value: 'direct', description: 'Every call starts an execution at once' },
		],
		default: 'direct',
		description: 'What happens between the call and the run',
	},
	{
		displayName: 'Event Types',
		name: 'eventTypes',
		type: 'multiOptions',
		options: EVENT_TYPE_OPTIONS,
		default: [],
		description: 'Only these start a run; leave empty for all',
	},
	{
		displayName: 'Field Mapping',
		name: 'fieldMapping',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Field',
		default: {},
		description:
			'Where your system keeps what an event needs. Paths are dotted, such as issue.fields.summary.',
		displayOptions: { show: { source: ['generic'] } },
		options: [
			{
				displayName: 'Field',
				name: 'field',
				values: [
					{
						displayName: 'Event Field',
						name: 'name',
						type: 'options',
						options: FIELD_OPTIONS,
						default: 'ticket_id',
					},
					{
						displayName: 'Path in the Body',
						name: 'path',
						type: 'string',
						default: '',
						placeholder: 'e.g. issue.key',
					},
				],
			},
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Base URL of the ITSM',
				name: 'baseUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://itsm.example.com',
				description: 'For links to tickets where the system sends none',
			},
			{
				displayName: 'Include Raw Body',
				name: 'includeRaw',
				type: 'boolean',
				default: false,
				description: 'Whether to keep the original body in the field raw',
			},
			{
				displayName: 'Largest Body (KiB)',
				name: 'maxBodyKib',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 1024,
				description: 'A larger body is answered with 413 before it is read',
			},
		],
	},
];
