import { comment, event, instant, person, runTimetable, type Timetable } from './timetable';

const BOTH = ['slack', 'email'];
const off = { enabled: false };
const onEmail = { email: { categories: ['comment'] } };
const until12: [string, Record<string, unknown>] = [
	'09:00',
	{ presence: { user_id: 'ann', status: 'dnd', until: instant('12:00') } },
];
const assigned = (id: string): { event: Record<string, unknown> } => event('ticket_assigned', id);
const becomes = (document: Record<string, unknown>): Record<string, unknown> => ({
	preferences: document,
});
const HOURLY = { aggregation: { repeat_interval: '1h' } };

const tables: Record<string, Timetable> = {
	'a channel that was switched off while it held something: the next one tells it (RP3)': {
		people: [person('ann', { channel: onEmail }, BOTH)],
		push: [
			until12,
			['10:00', assigned('T1')],
			['10:10', assigned('T2')],
			['11:00', becomes(person('ann', { channel: { ...onEmail, slack: off } }, BOTH))],
		],
		want: [['12:00', 'email', 'ann', 'T1 T2', 'digest']],
	},
	'or is no longer listed, where a listed one can be written to': {
		people: [person('ann')],
		push: [until12, ['10:00', assigned('T1')], ['11:00', becomes(person('ann', {}, ['email']))]],
		want: [['12:00', 'email', 'ann', 'T1']],
	},
	'what the next channel has told is not told again': {
		people: [
			person('ann', { channel: { slack: { frequency: 'batch', batch_time: '12:00' } } }, BOTH),
		],
		push: [
			['10:00', assigned('T1')],
			['11:00', becomes(person('ann', { channel: { slack: off } }, BOTH))],
		],
		want: [['10:00', 'email', 'ann', 'T1']],
	},
	'switched off between two tries': {
		people: [person('ann', { channel: onEmail }, BOTH)],
		policy: { retry: { first: '5m', factor: 1, max: '5m' } },
		push: [
			['09:59', { outage: { channel: 'slack', until: instant('23:00') } }],
			['10:00', assigned('T1')],
			['10:07', becomes(person('ann', { channel: { ...onEmail, slack: off } }, BOTH))],
		],
		want: [['10:10', 'email', 'ann', 'T1']],
	},
	'and the next one shows the tickets as they are then': {
		people: [person('ann', { channel: { email: { categories: ['none'] } } }, BOTH)],
		policy: {
			aggregation: { group_by: ['recipient', 'channel'] },
			retry: { first: '5m', factor: 1, max: '5m' },
		},
		push: [
			['09:59', { outage: { channel: 'slack', until: instant('23:00') } }],
			['10:00', comment('T1')],
			['10:00', comment('T2')],
			['10:06', event('ticket_resolved', 'T1', ['nobody'], { status: 'resolved' })],
			['10:07', becomes(person('ann', { channel: { slack: off } }, BOTH))],
		],
		want: [['10:10:30', 'email', 'ann', 'T1=resolved T2', 'digest']],
	},
	'a step of an escalation that waited for them too': {
		people: [
			person(
				'ann',
				{ channel: { email: { categories: ['none'] }, wecom: { categories: ['none'] } } },
				[...BOTH, 'wecom'],
			),
		],
		policy: {
			priority: {
				base: { ticket_assigned: 60 },
				thresholds: { escalation: 50, immediate: 40, standard: 0 },
			},
			escalation: { steps: [{ after: '10m', to: 'fallback' }] },
		},
		push: [
			['10:00', assigned('T1')],
			['10:05', { presence: { user_id: 'ann', status: 'dnd', until: instant('12:00') } }],
			['11:00', becomes(person('ann', { channel: { email: off } }, [...BOTH, 'wecom']))],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['12:00', 'wecom', 'ann', 'T1', 'escalation'],
		],
	},
	'the next channel is read in batches: at its next time': {
		people: [person('ann')],
		push: [
			until12,
			['10:00', assigned('T1')],
			[
				'11:00',
				becomes(
					person('ann', { channel: { email: { frequency: 'batch', batch_time: '15:00' } } }, [
						'email',
					]),
				),
			],
		],
		want: [['15:00', 'email', 'ann', 'T1']],
	},
	'a digest too, and its parts as they are then': {
		people: [person('ann')],
		push: [
			until12,
			['10:00', assigned('T1')],
			['10:10', assigned('T2')],
			['10:20', assigned('T3')],
			[
				'11:00',
				becomes(
					person('ann', { channel: { email: { frequency: 'batch', batch_time: '15:00' } } }, [
						'email',
					]),
				),
			],
			[
				'14:00',
				{
					silence: {
						id: 's1',
						matchers: ['content.ticket_id="T2"'],
						ends_at: instant('16:00'),
						author: 'eve',
						comment: '',
					},
				},
			],
		],
		want: [
			['15:00', 'email', 'ann', 'T1 T3', 'digest'],
			['16:00', 'email', 'ann', 'T2'],
		],
	},
	'both channels switched off: the next one tells it once': {
		people: [person('ann', {}, BOTH)],
		push: [
			until12,
			['10:00', assigned('T1')],
			['10:10', assigned('T2')],
			['11:00', becomes(person('ann', {}, ['wecom']))],
		],
		want: [['12:00', 'wecom', 'ann', 'T1 T2', 'digest']],
	},
	'a fallback need not be listed': {
		people: [person('ann', { channel: onEmail }, BOTH)],
		policy: { retry: { first: '5m', factor: 1, max: '5m', give_up_after: '6m' } },
		push: [
			['09:59', { outage: { channel: 'slack', until: instant('23:00') } }],
			['09:59', { outage: { channel: 'email', until: instant('10:08') } }],
			['10:00', assigned('T1')],
			[
				'10:07',
				becomes({
					...person('ann'),
					notification_preferences: {
						channels: ['slack'],
						slack: { userid: 'S', categories: ['all'] },
						email: { address: 'ann@example.com' },
					},
				}),
			],
		],
		want: [['10:10', 'email', 'ann', 'T1']],
	},
	'somebody who is not active any more is told nothing': {
		people: [person('ann'), person('bob')],
		push: [
			until12,
			['10:00', event('ticket_assigned', 'T1', ['ann', 'bob'])],
			['11:00', becomes(person('ann', { active: false }))],
		],
		want: [['10:00', 'slack', 'bob', 'T1']],
	},
	...Object.fromEntries(
		Object.entries({
			'who has left': person('ann', { active: false }),
			'on a channel that was switched off': person('ann', { channel: { slack: off } }, BOTH),
			'of what the person has muted': person('ann', {
				channel: { slack: { muted_categories: ['comment'] } },
			}),
		}).map(([name, document]): [string, Timetable] => [
			`RA1 no repeat ${name}`,
			{
				people: [person('ann')],
				policy: HOURLY,
				push: [
					['10:00', comment('T1')],
					['11:30', becomes(document)],
				],
				want: [
					['10:00:30', 'slack', 'ann', 'T1'],
					['11:00:30', 'slack', 'ann', 'T1'],
				],
			},
		]),
	),
	'RA1 repeats of two tickets go nowhere else either': {
		people: [person('ann', { channel: { email: { categories: ['none'] } } }, BOTH)],
		policy: HOURLY,
		push: [
			['10:00', comment('T1')],
			['10:01', comment('T2')],
			['10:30', { presence: { user_id: 'ann', status: 'dnd', until: instant('11:30') } }],
			[
				'11:10',
				becomes(person('ann', { channel: { slack: off, email: { categories: ['none'] } } }, BOTH)),
			],
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['10:01:30', 'slack', 'ann', 'T2'],
		],
	},
	'RA1 a repeat that waits for its channel goes nowhere else': {
		people: [person('ann', { channel: { email: { categories: ['none'] } } }, BOTH)],
		policy: { ...HOURLY, retry: { first: '5m', factor: 1, max: '5m' } },
		push: [
			['10:00', comment('T1')],
			['10:30', { outage: { channel: 'slack', until: instant('23:00') } }],
			['11:02', becomes(person('ann', { channel: { slack: off } }, BOTH))],
		],
		want: [['10:00:30', 'slack', 'ann', 'T1']],
	},
};

describe('people change while something waits for them', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});

	test('each end has its record', async () => {
		const { decisions } = await runTimetable({
			people: [person('ann'), person('bob', {}, BOTH)],
			push: [
				['09:00', { presence: { user_id: 'ann', status: 'dnd', until: instant('12:00') } }],
				['09:00', { presence: { user_id: 'bob', status: 'dnd', until: instant('12:00') } }],
				['10:00', event('ticket_assigned', 'T1', ['ann', 'bob'])],
				['11:00', becomes(person('ann', { active: false }))],
				['11:00', becomes(person('bob', { channel: { slack: off } }, BOTH))],
			],
			want: [['12:00', 'email', 'bob', 'T1']],
		});
		const noon = decisions.filter((d) => d.at === instant('12:00'));
		expect(noon.map((d) => [d.recipient, d.channel, d.action, d.reason]).sort()).toEqual([
			['ann', 'slack', 'silence', 'inactive'],
			['bob', 'slack', 'silence', 'channel_off'],
		]);
	});
});
