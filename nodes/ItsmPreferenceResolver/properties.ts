import type { INodeProperties } from 'n8n-workflow';

export const properties: INodeProperties[] = [
	{
		displayName: 'Preferences From',
		name: 'preferenceSource',
		type: 'options',
		options: [
			{ name: 'JSON', value: 'json', description: 'Documents that you paste here' },
			{
				name: 'Second Input',
				value: 'input',
				description: 'One document per item, for example from a Data Table or a sheet',
			},
			{
				name: 'Store',
				value: 'store',
				description: 'What you have saved with the ITSM Notification Store node',
			},
		],
		default: 'store',
		description: 'Where to read who wants what, and where',
	},
	{
		displayName: 'Preferences',
		name: 'preferencesJson',
		type: 'json',
		typeOptions: { rows: 12 },
		default: '[]',
		description: 'One preference document, or an array of them',
		displayOptions: { show: { preferenceSource: ['json'] } },
	},
	{
		displayName: 'Recipients per Event Type',
		name: 'recipients',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Event Type',
		default: {},
		description:
			'Replaces single lines of the default table: assigned → assignee; created without assignee → group; comment → requester and assignee; resolved and closed → requester; approval → approvers; SLA and escalated → assignee and manager; everything else → assignee and watchers',
		options: [
			{
				displayName: 'Event Type',
				name: 'rule',
				values: [
					{
						displayName: 'Event Type',
						name: 'eventType',
						type: 'string',
						default: '',
						placeholder: 'e.g. ticket_comment',
					},
					{
						displayName: 'Roles',
						name: 'roles',
						type: 'string',
						default: '',
						placeholder: 'e.g. assignee, requester, user:u-001',
						description:
							'Manager, assignee, approver, requester, group, watcher, operators, user:… or group:…, separated by commas',
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
				displayName: 'Default Language',
				name: 'language',
				type: 'string',
				default: '',
				placeholder: 'e.g. en',
				description: 'For people whose document names none',
			},
			{
				displayName: 'Default Time Zone',
				name: 'timezone',
				type: 'string',
				default: '',
				placeholder: 'e.g. Europe/Berlin',
				description: 'For people whose document names none',
			},
			{
				displayName: 'Notify the Person Who Made the Change',
				name: 'notifyActor',
				type: 'boolean',
				default: false,
				description: 'Whether somebody is told of what they did themselves',
			},
			{
				displayName: 'Unknown Person',
				name: 'unknownPerson',
				type: 'options',
				options: [
					{
						name: 'Send Email',
						value: 'email',
						description: 'Where the event holds an email address',
					},
					{
						name: 'No Route',
						value: 'no_route',
						description: 'Only people with a document get anything',
					},
				],
				default: 'email',
				description: 'What to do with somebody who has no preference document',
			},
		],
	},
];
