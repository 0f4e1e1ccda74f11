import type { INodeProperties } from 'n8n-workflow';

const duration = (
	displayName: string,
	name: string,
	example: string,
	description: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder: `e.g. ${example}`,
	description,
});

export const properties: INodeProperties[] = [
	{
		displayName:
			'Works by the policy of the store. What you set here counts for this node only, and for what it holds.',
		name: 'policyNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Grouping',
		name: 'aggregation',
		type: 'collection',
		placeholder: 'Add Setting',
		default: {},
		options: [
			{
				displayName: 'Always Group These Types',
				name: 'types',
				type: 'string',
				default: '',
				placeholder: 'e.g. ticket_comment, status_update',
			},
			{
				displayName: 'Group By',
				name: 'group_by',
				type: 'string',
				default: '',
				placeholder: 'e.g. ticket',
				description:
					'Ticket, service, or dotted paths of the event, separated by commas; recipient and channel always count. "recipient" alone makes one group.',
			},
			duration(
				'Group Interval',
				'group_interval',
				'5m',
				'How long a group that was notified waits before its next message',
			),
			duration(
				'Group Wait',
				'group_wait',
				'30s',
				'How long the first event of a group waits for more',
			),
			duration('Longest Wait', 'max_wait', '5m', 'Cap of a sliding window'),
			{
				displayName: 'Max Items',
				name: 'max_items',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 100,
				description: 'A window with so many items closes early',
			},
			{
				displayName: 'Recent Limit',
				name: 'recent_limit',
				type: 'number',
				default: 5,
				description: 'More notifications than this in the recent window, and everything is grouped',
			},
			duration('Recent Window', 'recent_window', '10m', 'What counts as recent'),
			duration(
				'Repeat Interval',
				'repeat_interval',
				'4h',
				'After what time the same message comes again while its tickets are open; leave empty for never',
			),
			{
				displayName: 'Sliding',
				name: 'sliding',
				type: 'boolean',
				default: false,
				description: 'Whether a window closes only when it has been quiet for Group Wait',
			},
		],
	},
	{
		displayName: 'Silence',
		name: 'silence',
		type: 'collection',
		placeholder: 'Add Setting',
		default: {},
		options: [
			{
				displayName: 'What Silence Does',
				name: 'silenceAction',
				type: 'options',
				options: [
					{ name: 'Defer', value: 'defer', description: 'Comes as one digest when the state ends' },
					{ name: 'Drop', value: 'drop', description: 'Never comes; there is a record' },
				],
				default: 'defer',
			},
			{
				displayName: 'Resolved While Held',
				name: 'resolved_while_held',
				type: 'options',
				options: [
					{ name: 'Show', value: 'show', description: 'Shown as resolved, once' },
					{ name: 'Drop', value: 'drop', description: 'Not mentioned; there is a record' },
				],
				default: 'show',
			},
			{
				displayName: 'Urgent Passes',
				name: 'urgent_passes',
				type: 'multiOptions',
				options: [
					{ name: 'Do Not Disturb', value: 'dnd' },
					{ name: 'Focused', value: 'focused' },
					{ name: 'In a Meeting', value: 'in_meeting' },
					{ name: 'Outside Working Hours', value: 'outside_hours' },
				],
				default: ['focused', 'outside_hours'],
				description: 'Which states do not stop what is urgent',
			},
		],
	},
];
