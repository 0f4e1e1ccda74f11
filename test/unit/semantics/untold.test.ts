import { comment, event, person, runTimetable, type Timetable } from './timetable';

const ann = person('ann');
const bob = person('bob');
const inBatches = person('ann', {
	channel: { slack: { frequency: 'batch', batch_time: '12:00' } },
});
const readInBatches = {
	email: { frequency: 'batch', batch_time: '12:00' },
	wecom: { frequency: 'batch', batch_time: '12:00' },
};
const COLLECT = { aggregation: { types: ['ticket_created', 'ticket_comment'] } };
const created = (id = 'T1'): { event: Record<string, unknown> } => event('ticket_created', id);
/** Told to the requester, as the default table of recipients does. */
const resolved = (id = 'T1'): { event: Record<string, unknown> } =>
	event('ticket_resolved', id, ['bob'], { status: 'resolved' });

const tables: Record<string, Timetable> = {
	'RA2 resolved before the window closes, and told to somebody else: no message': {
		people: [ann, bob],
		policy: COLLECT,
		push: [
			['10:00:00', created()],
			['10:00:10', resolved()],
		],
		want: [['10:00:10', 'slack', 'bob', 'T1=resolved']],
	},
	'RA2 the same before a batch time; other tickets of the digest stay': {
		people: [inBatches, bob],
		push: [
			['10:00', created()],
			['10:01', created('T2')],
			['11:00', resolved()],
		],
		want: [
			['11:00', 'slack', 'bob', 'T1=resolved'],
			['12:00', 'slack', 'ann', 'T2'],
		],
	},
	'RA2 whatever the group: a comment in another group says nothing either': {
		people: [ann, bob],
		policy: { aggregation: { ...COLLECT.aggregation, group_by: ['event_type'] } },
		push: [
			['10:00:00', created()],
			['10:00:05', comment('T1')],
			['10:00:10', resolved()],
		],
		want: [['10:00:10', 'slack', 'bob', 'T1=resolved']],
	},
	'RA2 told before: it is shown as resolved': {
		people: [ann, bob],
		policy: COLLECT,
		push: [
			['10:00:00', created()],
			['10:01:00', comment('T1')],
			['10:02:00', resolved()],
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['10:02:00', 'slack', 'bob', 'T1=resolved'],
			['10:05:30', 'slack', 'ann', 'T1=resolved'],
		],
	},
	'RA2 nothing on any of the person’s channels': {
		people: [person('ann', { channel: readInBatches }, ['slack', 'email', 'wecom'])],
		policy: COLLECT,
		push: [
			['10:00:00', created()],
			['10:00:10', event('ticket_resolved', 'T1', ['ann'], { status: 'resolved' })],
		],
		want: [],
	},
	'RA2 nothing on a channel either that leaves out the first event': {
		people: [
			person('ann', { channel: { email: { muted_categories: ['created'] } } }, ['slack', 'email']),
		],
		policy: COLLECT,
		push: [
			['10:00:00', created()],
			['10:00:10', event('ticket_resolved', 'T1', ['ann'], { status: 'resolved' })],
		],
		want: [],
	},
	'RA2 one event that is both, told on one channel, is told on the other': {
		people: [
			person('ann', { channel: { slack: { frequency: 'batch', batch_time: '12:00' } } }, [
				'slack',
				'email',
			]),
		],
		push: [['10:00:00', event('ticket_created', 'T1', ['ann'], { status: 'closed' })]],
		want: [
			['10:00:00', 'email', 'ann', 'T1=closed'],
			['12:00', 'slack', 'ann', 'T1=closed'],
		],
	},
	'RA2 reopened before the window closes: it is told': {
		people: [ann, bob],
		policy: COLLECT,
		push: [
			['10:00:00', created()],
			['10:00:10', resolved()],
			['10:00:20', event('ticket_reopened', 'T1', ['bob'], { status: 'in_progress' })],
		],
		want: [
			['10:00:10', 'slack', 'bob', 'T1=resolved'],
			['10:00:20', 'slack', 'bob', 'T1=in_progress'],
			['10:00:30', 'slack', 'ann', 'T1=in_progress'],
		],
	},
};

describe('gate: created and resolved before anybody was told', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});

	test('RA2 there is a record of what was not said', async () => {
		const { decisions } = await runTimetable({
			people: [inBatches, bob],
			push: [
				['10:00', created()],
				['11:00', resolved()],
			],
			want: [['11:00', 'slack', 'bob', 'T1=resolved']],
		});
		expect(decisions.at(-1)).toMatchObject({
			recipient: 'ann',
			action: 'silence',
			reason: 'resolved_before_first_message',
		});
	});

	test('RA2 the record says it of every event that was held', async () => {
		const { decisions } = await runTimetable({
			people: [inBatches],
			push: [
				['10:00', created()],
				['10:30', comment('T1')],
				['11:00', event('ticket_closed', 'T1', ['ann'], { status: 'closed' })],
			],
			want: [],
		});
		expect(decisions.map(({ action }) => action)).toEqual([
			'hold',
			'hold',
			'silence',
			'silence',
			'silence',
		]);
	});
});
