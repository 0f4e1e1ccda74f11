import type { INodeProperties } from 'n8n-workflow';

const EXAMPLE = `{
  "start": "2027-03-10T00:00:00Z",
  "end": "2027-03-12T00:00:00Z",
  "preferences": [
    {
      "user_id": "user-001",
      "timezone": "Asia/Shanghai",
      "working_hours": { "wednesday": [["09:00", "18:00"]], "thursday": [["09:00", "18:00"]] },
      "notification_preferences": {
        "channels": ["slack"],
        "slack": { "userid": "U012AB3CD", "frequency": "immediate", "categories": ["all"] }
      }
    }
  ],
  "policy": {},
  "timeline": [
    {
      "at": "2027-03-10T12:00:00Z",
      "event": {
        "event_id": "e1",
        "event_type": "ticket_assigned",
        "target_users": ["user-001"],
        "content": { "ticket_id": "INC-1", "ticket_title": "Disk is full", "priority": "Medium" }
      }
    }
  ]
}`;

const show = (...operations: string[]): { show: { operation: string[] } } => ({
	show: { operation: operations },
});

export const properties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Replay',
				value: 'replay',
				description:
					'Take the recorded events of a span through changed rules and show the difference per person',
				action: 'Replay recorded events',
			},
			{
				name: 'Run Scenario',
				value: 'scenario',
				description: 'Say who would get what, when and why, without sending anything',
				action: 'Run a scenario',
			},
			{
				name: 'Try Events',
				value: 'events',
				description:
					'Take the events of the input through the people, silences and policy of the store, as of now',
				action: 'Try events',
			},
		],
		default: 'scenario',
	},
	{
		displayName: 'Scenario',
		name: 'scenario',
		type: 'json',
		typeOptions: { rows: 20 },
		default: EXAMPLE,
		required: true,
		description:
			'Start, end, preferences, policy and a timeline of events, presence, silences, outages and restarts',
		displayOptions: show('scenario'),
	},
	{
		displayName: 'Hours to Look Ahead',
		name: 'hours',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 48,
		description: 'How far the clock runs on, so that digests and escalations come out',
		displayOptions: show('events'),
	},
	{
		displayName: 'From',
		name: 'start',
		type: 'dateTime',
		default: '',
		required: true,
		displayOptions: show('replay'),
	},
	{
		displayName: 'To',
		name: 'end',
		type: 'dateTime',
		default: '',
		required: true,
		displayOptions: show('replay'),
	},
	{
		displayName: 'Changed Policy',
		name: 'policy',
		type: 'json',
		typeOptions: { rows: 8 },
		default: '',
		description: 'A whole policy; leave empty to keep that of the store',
		displayOptions: show('replay'),
	},
	{
		displayName: 'Changed Preferences',
		name: 'preferences',
		type: 'json',
		typeOptions: { rows: 8 },
		default: '[]',
		description: 'Documents that take the place of those of the same people',
		displayOptions: show('replay'),
	},
];
