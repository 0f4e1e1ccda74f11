import {
	comment,
	event,
	instant,
	person,
	runTimetable,
	type Push,
	type Timetable,
} from './timetable';

const ann = person('ann');
const HOURLY = { aggregation: { repeat_interval: '1h' } };
const ONE_GROUP = {
	aggregation: {
		...HOURLY.aggregation,
		types: ['ticket_comment', 'ticket_created', 'ticket_resolved'],
		group_by: ['recipient', 'channel'],
	},
};
const presence = (status: string, until?: string): Record<string, unknown> => ({
	presence: { user_id: 'ann', status, ...(until ? { until: instant(until) } : {}) },
});
const resolvedAt = (at: string, id = 'T1'): Push => [
	at,
	event('ticket_resolved', id, ['nobody-here'], { status: 'resolved' }),
];

const tables: Record<string, Timetable> = {
	'RA1 a repeat_interval of 0s repeats nothing, where messages of a group follow each other at once too':
		{
			people: [ann],
			policy: { aggregation: { repeat_interval: '0s', group_interval: '0s' } },
			push: [
				['10:00', comment('T1')],
				['10:10', comment('T1')],
			],
			want: [
				['10:00:30', 'slack', 'ann', 'T1'],
				['10:10:00', 'slack', 'ann', 'T1'],
			],
		},
	'RA1 a repeat tells of every ticket of its group that is open, whichever message told of it': {
		people: [ann],
		policy: ONE_GROUP,
		push: [
			['10:00', comment('T1')],
			['10:10', comment('T2')],
			resolvedAt('11:30', 'T2'),
			resolvedAt('12:30', 'T1'),
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['10:10:30', 'slack', 'ann', 'T2'],
			['11:10:30', 'slack', 'ann', 'T1 T2', 'digest'],
			['12:10:30', 'slack', 'ann', 'T1'],
		],
	},
	'RA1 a window with nothing to say, or with news of an end only, takes no repeat away': {
		people: [ann],
		policy: ONE_GROUP,
		push: [
			['10:00', comment('T1')],
			['10:10', event('ticket_created', 'T2')],
			['10:11', event('ticket_resolved', 'T2', ['ann'], { status: 'resolved' })],
			['11:31', event('ticket_created', 'T3')],
			['11:32', event('ticket_resolved', 'T3', ['ann'], { status: 'resolved' })],
			resolvedAt('13:30'),
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['10:10:30', 'slack', 'ann', 'T2'],
			['10:15:30', 'slack', 'ann', 'T2=resolved'],
			['11:15:30', 'slack', 'ann', 'T1'],
			['12:15:30', 'slack', 'ann', 'T1'],
			['13:15:30', 'slack', 'ann', 'T1'],
		],
	},
	'RA1 a repeat waits for the end of a state, as one message; the next one counts from there': {
		people: [ann],
		policy: HOURLY,
		push: [['10:00', comment('T1')], ['10:30', presence('dnd', '13:20')], resolvedAt('15:00')],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['13:20:00', 'slack', 'ann', 'T1'],
			['14:20:00', 'slack', 'ann', 'T1'],
		],
	},
	'RA1 a repeat that waited until the instant of the next one is that one': {
		people: [ann],
		policy: HOURLY,
		push: [['10:00', comment('T1')], ['10:30', presence('dnd', '12:00:30')], resolvedAt('13:00')],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['12:00:30', 'slack', 'ann', 'T1'],
		],
	},
	'RA1 a channel that is out for hours brings one repeat when it is back, not one for each hour': {
		people: [ann],
		policy: { ...HOURLY, retry: { first: '5m', max: '5m' } },
		push: [
			['10:00', comment('T1')],
			['10:30', { outage: { channel: 'slack', until: instant('13:20') } }],
			resolvedAt('15:00'),
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['13:20:30', 'slack', 'ann', 'T1'],
			['14:00:30', 'slack', 'ann', 'T1'],
		],
	},
	'RA1 a repeat in do-not-disturb without an end comes when that is switched off': {
		people: [ann],
		policy: HOURLY,
		push: [
			['10:00', comment('T1')],
			['10:30', presence('dnd')],
			['12:10', presence('available')],
			resolvedAt('13:00'),
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['12:10:00', 'slack', 'ann', 'T1'],
		],
	},
	'RA1 repeats at night come in the morning, all tickets in one digest (RS2)': {
		people: [person('ann', { quiet_hours: { wednesday: [['10:30', '14:00']] } })],
		policy: HOURLY,
		push: [
			['10:00', comment('T1')],
			['10:10', comment('T2')],
			resolvedAt('14:30', 'T1'),
			resolvedAt('14:30', 'T2'),
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['10:10:30', 'slack', 'ann', 'T2'],
			['14:00:00', 'slack', 'ann', 'T1 T2', 'digest'],
		],
	},
	"RS5 an administrator's silence stops a repeat, of a part of a group too": {
		people: [ann],
		policy: { aggregation: { repeat_interval: '1h', group_by: ['recipient', 'channel'] } },
		push: [
			['10:00', comment('T1')],
			['10:00', comment('T2')],
			[
				'10:30',
				{
					silence: {
						id: 's1',
						matchers: ['content.ticket_id="T1"'],
						ends_at: instant('11:30'),
						author: 'eve',
						comment: '',
					},
				},
			],
			resolvedAt('12:00', 'T1'),
			resolvedAt('12:00', 'T2'),
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1 T2', 'digest'],
			['11:00:30', 'slack', 'ann', 'T2'],
			['11:30:00', 'slack', 'ann', 'T1'],
		],
	},
	'a repeat that waits is not sent for a ticket that was resolved meanwhile': {
		people: [ann],
		policy: HOURLY,
		push: [['10:00', comment('T1')], ['10:30', presence('dnd', '13:00')], resolvedAt('12:00')],
		want: [['10:00:30', 'slack', 'ann', 'T1']],
	},
	'urgent passes: its repeats do not wait for the end of the focus': {
		people: [ann],
		policy: { ...HOURLY, silence: { urgent: { priorities: [], types: ['ticket_updated'] } } },
		push: [
			['10:00', comment('T1')],
			['10:30', presence('focused', '13:00')],
			['10:40', event('ticket_updated', 'T1', ['nobody-here'])],
			resolvedAt('11:30'),
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['11:00:30', 'slack', 'ann', 'T1'],
		],
	},
};

describe('gate: repeats', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});

	test('with silence.action drop a repeat that is silenced is dropped, with a record', async () => {
		const { decisions } = await runTimetable({
			people: [ann],
			policy: { ...HOURLY, silence: { action: 'drop' } },
			push: [['10:00', comment('T1')], ['10:30', presence('dnd', '11:30')], resolvedAt('12:30')],
			want: [
				['10:00:30', 'slack', 'ann', 'T1'],
				['12:00:30', 'slack', 'ann', 'T1'],
			],
		});
		expect(decisions.map(({ at, action, reason }) => [at, action, reason])).toContainEqual([
			instant('11:00:30'),
			'silence',
			'do_not_disturb',
		]);
	});

	test('no two repeats are one delivery, also where each counts from one that had waited', async () => {
		const { decisions } = await runTimetable({
			people: [ann],
			policy: HOURLY,
			push: [
				['10:00', comment('T1')],
				['10:30', presence('dnd', '11:20')],
				['12:00', presence('dnd', '12:40')],
				resolvedAt('13:00'),
			],
			want: [
				['10:00:30', 'slack', 'ann', 'T1'],
				['11:20:00', 'slack', 'ann', 'T1'],
				['12:40:00', 'slack', 'ann', 'T1'],
			],
		});
		const held = decisions.filter(({ reason }) => reason === 'do_not_disturb');
		expect(new Set(held.map((d) => d.delivery_id)).size).toBe(2);
	});
});
