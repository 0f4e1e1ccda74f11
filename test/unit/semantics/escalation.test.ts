import { event, instant, person, runTimetable, type Timetable } from './timetable';

const people = [
	person('ann', { manager: 'max' }, ['slack', 'email']),
	person('max'),
	person('zoe'),
];
const STEPS = [
	{ after: '10m', to: 'fallback' },
	{ after: '20m', to: 'manager' },
	{ after: '30m', to: 'user:zoe' },
];
const policy = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
	escalation: { steps: STEPS, ...more },
});
const slackOnly = { channel: { email: { categories: ['none'] } } };
const annOnSlack = person('ann', { manager: 'max', ...slackOnly }, ['slack', 'email']);
const some = [annOnSlack, person('max'), person('zoe')];
const breach = (id = 'T1'): { event: Record<string, unknown> } =>
	event(
		'sla_breached',
		id,
		undefined,
		{ assignee: 'ann' },
		{ context: { sla_deadline: instant('09:00') } },
	);
const acknowledge = { acknowledge: { ticket_id: 'T1', user_id: 'ann' } };

const tables: Record<string, Timetable> = {
	'X3 unacknowledged: other channel, then manager, then the named user': {
		people: some,
		policy: policy(),
		push: [['10:00', breach()]],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:10', 'email', 'ann', 'T1', 'escalation'],
			['10:20', 'slack', 'max', 'T1', 'escalation'],
			['10:30', 'slack', 'zoe', 'T1', 'escalation'],
		],
	},
	'RP3 fallback skips a channel that does not take the event': {
		people: [person('ann', { channel: { email: { categories: ['none'] } } }, ['slack', 'email'])],
		policy: {
			escalation: { steps: [{ after: '10m', to: 'fallback' }] },
			retry: { first: '1m', factor: 1, max: '1m' },
		},
		push: [
			['09:00', { outage: { channel: 'slack', until: instant('10:30') } }],
			['10:00', breach()],
		],
		want: [
			['10:10', 'email', 'ann', 'T1', 'escalation'],
			['10:30', 'slack', 'ann', 'T1'],
		],
	},
	'RP3 fallback skips a channel that has carried the event': {
		people,
		policy: policy(),
		push: [['10:00', breach()]],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:00', 'email', 'ann', 'T1'],
			['10:20', 'slack', 'max', 'T1', 'escalation'],
			['10:30', 'slack', 'zoe', 'T1', 'escalation'],
		],
	},
	'RE1 acknowledged before a step: it does not fire, at the same instant either': {
		people: some,
		policy: policy(),
		push: [
			['10:00', breach()],
			['10:10', acknowledge],
		],
		want: [['10:00', 'slack', 'ann', 'T1']],
	},
	'RE1 progress in the ITSM stops the chain': {
		people: some,
		policy: policy(),
		push: [
			['10:00', breach()],
			['10:15', event('status_update', 'T1', ['nobody-here'], { status: 'in_progress' })],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:10', 'email', 'ann', 'T1', 'escalation'],
		],
	},
	'RE2 down across several steps: one message per person and channel on return': {
		people: [annOnSlack, person('max')],
		policy: {
			escalation: {
				steps: [
					{ after: '10m', to: 'manager' },
					{ after: '20m', to: 'user:max' },
				],
			},
		},
		push: [
			['10:00', breach()],
			['10:05', { restart: { down_for: '1h' } }],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['11:05', 'slack', 'max', 'T1', 'escalation'],
		],
	},
	'RE3 a chain keeps the rules with which it began; a person who left is skipped': {
		people: some,
		policy: policy(),
		push: [
			['10:00', breach()],
			['10:05', { policy: { escalation: { steps: [] } } }],
			['10:06', { preferences: person('max', { active: false }) }],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:10', 'email', 'ann', 'T1', 'escalation'],
			['10:30', 'slack', 'zoe', 'T1', 'escalation'],
		],
	},
	'RE3 reassigning the ticket stops the old chain': {
		people: some,
		policy: policy(),
		push: [
			['10:00', breach()],
			['10:05', event('ticket_assigned', 'T1', ['zoe'], { assignee: 'zoe' })],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:05', 'slack', 'zoe', 'T1'],
		],
	},
	'RE4 quiet hours of a person do not stall the chain': {
		people: [
			annOnSlack,
			person('max', { quiet_hours: { wednesday: [['10:00', '12:00']] } }),
			person('zoe'),
		],
		policy: policy(),
		push: [['10:00', breach()]],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:10', 'email', 'ann', 'T1', 'escalation'],
			['10:30', 'slack', 'zoe', 'T1', 'escalation'],
			['12:00', 'slack', 'max', 'T1', 'escalation'],
		],
	},
	'RE6 acknowledged and then idle: one reminder, then the next step, once': {
		people: some,
		policy: policy({ remind_after: '15m', resume_after: '10m' }),
		push: [
			['10:00', breach()],
			['10:05', acknowledge],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:20', 'slack', 'ann', 'T1', 'reminder'],
			['10:30', 'email', 'ann', 'T1', 'escalation'],
		],
	},
	'RE6 a step that reaches nobody is no going on: the next one that does fires': {
		people: [person('ann', { manager: 'max' }), person('max'), person('zoe', { active: false })],
		policy: {
			escalation: {
				steps: [
					{ after: '40m', to: 'manager' },
					{ after: '10m', to: 'fallback' },
					{ after: '20m', to: 'user:zoe' },
					{ after: '50m', to: 'user:ann' },
				],
				remind_after: '5m',
				resume_after: '3m',
			},
		},
		push: [
			['10:00', breach()],
			['10:01', acknowledge],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:06', 'slack', 'ann', 'T1', 'reminder'],
			['10:09', 'slack', 'max', 'T1', 'escalation'],
		],
	},
	'one chain per ticket: a second escalation event starts no second chain': {
		people: some,
		policy: policy(),
		push: [
			['10:00', breach()],
			['10:05', breach()],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:05', 'slack', 'ann', 'T1'],
			['10:10', 'email', 'ann', 'T1', 'escalation'],
			['10:20', 'slack', 'max', 'T1', 'escalation'],
			['10:30', 'slack', 'zoe', 'T1', 'escalation'],
		],
	},
};

describe('escalation', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});
});
