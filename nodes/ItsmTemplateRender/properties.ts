import type { INodeProperties } from 'n8n-workflow';

export const properties: INodeProperties[] = [
	{
		displayName: 'Template',
		name: 'templateChoice',
		type: 'options',
		options: [
			{
				name: 'By Event Type',
				value: 'eventType',
				description:
					'The template whose ID is the type of the event, digest, escalation or reminder',
			},
			{
				name: 'By ID',
				value: 'id',
				description: 'One template for everything that comes through here',
			},
		],
		default: 'eventType',
		description:
			'Which template to use. Templates of the store or of this node beat the shipped ones.',
	},
	{
		displayName: 'Template ID',
		name: 'templateId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. ticket_assigned',
		displayOptions: { show: { templateChoice: ['id'] } },
	},
	{
		displayName: 'Unknown Variables',
		name: 'missing',
		type: 'options',
		options: [
			{
				name: 'Undeliverable',
				value: 'error',
				description: 'The delivery goes to the output Undeliverable, naming template and variable',
			},
			{
				name: 'Visible Marker',
				value: 'marker',
				description: 'The message goes out with a mark such as ⟨ticket.foo?⟩ in the gap',
			},
		],
		default: 'error',
		description: 'What to do where a template names something that the event does not have',
	},
	{
		displayName: 'System',
		name: 'system',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		description: 'What templates know as system.name, system.URL and system.support_email',
		options: [
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				placeholder: 'e.g. IT Service Desk',
			},
			{
				displayName: 'Support Email',
				name: 'support_email',
				type: 'string',
				default: '',
				placeholder: 'e.g. support@example.com',
			},
			{
				displayName: 'URL',
				name: 'url',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://itsm.example.com',
				description: 'Links to tickets are built from it where the event brings none',
			},
		],
	},
	{
		displayName: 'Templates of This Node',
		name: 'templatesJson',
		type: 'json',
		typeOptions: { rows: 8 },
		default: '[]',
		description: 'Template documents that count here only, over those of the store',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Default Language',
				name: 'defaultLanguage',
				type: 'string',
				default: '',
				placeholder: 'e.g. zh-CN',
				description: 'For readers whose own language has no template',
			},
			{
				displayName: 'Default Time Zone',
				name: 'defaultTimezone',
				type: 'string',
				default: '',
				placeholder: 'e.g. Asia/Shanghai',
				description: 'For readers who have none',
			},
		],
	},
];
