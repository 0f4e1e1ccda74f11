import { comment, event, person, runTimetable, type Timetable } from './timetable';

const ann = person('ann');

/** Everything aggregates, so that created and resolved meet in one window. */
const ALL = {
	aggregation: { types: ['ticket_created', 'ticket_resolved', 'ticket_comment', 'status_update'] },
};
const ONE_GROUP = {
	aggregation: {
		types: ['ticket_created', 'ticket_resolved', 'ticket_comment', 'status_update'],
		group_by: ['recipient', 'channel'],
	},
};

const tables: Record<string, Timetable> = {
	'RA1 two events inside group_wait give one message, group_wait after the first': {
		people: [ann],
		push: [
			['10:00:00', comment('T1')],
			['10:00:20', comment('T1')],
		],
		want: [['10:00:30', 'slack', 'ann', 'T1']],
	},
	'RN1 a kind of its own waits as an update of its ticket does': {
		people: [ann],
		policy: { aggregation: { types: ['ticket_updated'] } },
		push: [['10:00:00', event('on_fire', 'T1')]],
		want: [['10:00:30', 'slack', 'ann', 'T1']],
	},
	'RA1 a group already notified waits for the next group_interval': {
		people: [ann],
		push: [
			['10:00:00', comment('T1')],
			['10:01:00', comment('T1')],
			['10:02:00', comment('T1')],
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['10:05:30', 'slack', 'ann', 'T1'],
		],
	},
	'RA1 no new event: no message; the grid of group_interval goes on from the first flush': {
		people: [ann],
		push: [
			['10:00:00', comment('T1')],
			['10:12:00', comment('T1')],
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['10:15:30', 'slack', 'ann', 'T1'],
		],
	},
	'RA1 repeat_interval repeats while the ticket is open': {
		people: [ann],
		policy: { aggregation: { repeat_interval: '1h' } },
		until: '12:30',
		push: [
			['10:00:00', comment('T1')],
			['11:30:00', event('ticket_resolved', 'T1', ['bob'])],
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['11:00:30', 'slack', 'ann', 'T1'],
		],
	},
	'RA2 created and resolved before the first message: nothing': {
		people: [ann],
		policy: ALL,
		push: [
			['10:00:00', event('ticket_created', 'T1', undefined, { status: 'new' })],
			['10:00:10', event('ticket_resolved', 'T1', undefined, { status: 'resolved' })],
		],
		want: [],
	},
	'RA2 whatever the group: the other tickets of the digest go out': {
		people: [ann],
		policy: ONE_GROUP,
		push: [
			['10:00:00', event('ticket_created', 'T1', undefined, { status: 'new' })],
			['10:00:05', event('ticket_created', 'T2', undefined, { status: 'new' })],
			['10:00:10', event('ticket_resolved', 'T1', undefined, { status: 'resolved' })],
		],
		want: [['10:00:30', 'slack', 'ann', 'T2=new']],
	},
	'RA2 resolved between messages: shown as resolved in the next one': {
		people: [ann],
		policy: ALL,
		push: [
			['10:00:00', event('ticket_created', 'T1', undefined, { status: 'new' })],
			['10:02:00', event('ticket_resolved', 'T1', undefined, { status: 'resolved' })],
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1=new'],
			['10:05:30', 'slack', 'ann', 'T1=resolved'],
		],
	},
	'RA5 a full window closes early; the next event opens a new one': {
		people: [ann],
		policy: { aggregation: { max_items: 3 } },
		push: [
			['10:00:00', comment('T1')],
			['10:00:01', comment('T1')],
			['10:00:02', comment('T1')],
			['10:00:03', comment('T1')],
		],
		want: [
			['10:00:02', 'slack', 'ann', 'T1'],
			['10:05:02', 'slack', 'ann', 'T1'],
		],
	},
	'RA5 a sliding window closes group_wait after the last event, max_wait after the first': {
		people: [ann],
		policy: { aggregation: { sliding: true, max_wait: '60s' } },
		push: [
			['10:00:00', comment('T1')],
			['10:00:20', comment('T1')],
			['12:00:00', comment('T2')],
			['12:00:25', comment('T2')],
			['12:00:50', comment('T2')],
			['12:00:59', comment('T2')],
		],
		want: [
			['10:00:50', 'slack', 'ann', 'T1'],
			['12:01:00', 'slack', 'ann', 'T2'],
		],
	},
	'RA6 settings changed while a window is open: the window stays': {
		people: [ann],
		push: [
			['10:00:00', comment('T1')],
			['10:00:05', { policy: { aggregation: { group_wait: '10m' } } }],
			['10:00:10', comment('T1')],
		],
		want: [['10:00:30', 'slack', 'ann', 'T1']],
	},
	'RA8 a missing key field gives its own group per event': {
		people: [ann],
		policy: { aggregation: { group_by: ['content.site'] } },
		push: [
			['10:00:00', event('ticket_comment', 'T1')],
			['10:00:00', event('ticket_comment', 'T2')],
			['10:00:00', event('ticket_comment', 'T3', undefined, { site: 1 })],
			['10:00:00', event('ticket_comment', 'T4', undefined, { site: '1' })],
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['10:00:30', 'slack', 'ann', 'T2'],
			['10:00:30', 'slack', 'ann', 'T3 T4', 'digest'],
		],
	},
	'A1 more than recent_limit notifications: the rest is grouped': {
		people: [ann],
		policy: { aggregation: { recent_limit: 2, group_by: ['recipient', 'channel'] } },
		push: [
			['10:00:00', event('ticket_assigned', 'T1')],
			['10:00:01', event('ticket_assigned', 'T2')],
			['10:00:02', event('ticket_assigned', 'T3')],
			['10:00:03', event('ticket_assigned', 'T4')],
			['10:00:04', event('ticket_assigned', 'T5')],
		],
		want: [
			['10:00:00', 'slack', 'ann', 'T1'],
			['10:00:01', 'slack', 'ann', 'T2'],
			['10:00:02', 'slack', 'ann', 'T3'],
			['10:00:33', 'slack', 'ann', 'T4 T5', 'digest'],
		],
	},
	'A1 somebody who does not want aggregation gets each at once': {
		people: [person('ann', { enable_aggregation: false })],
		push: [
			['10:00:00', comment('T1')],
			['10:00:01', comment('T1')],
		],
		want: [
			['10:00:00', 'slack', 'ann', 'T1'],
			['10:00:01', 'slack', 'ann', 'T1'],
		],
	},
	'urgent never waits, and takes along what waited of its ticket': {
		people: [ann],
		push: [
			['10:00:00', comment('T1')],
			['10:00:10', event('ticket_updated', 'T1', undefined, { priority: 'Critical' })],
		],
		want: [['10:00:10', 'slack', 'ann', 'T1']],
	},
	'RA12 a restart: timers are kept, overdue digests go out once, together': {
		people: [ann],
		push: [
			['10:00:00', comment('T1')],
			['10:00:05', comment('T2')],
			['10:00:10', { restart: { down_for: '2h' } }],
			['11:00:00', comment('T1')],
		],
		want: [['12:00:10', 'slack', 'ann', 'T1 T2', 'digest']],
	},
	'RA10 batch times in the zone of the person': {
		people: [
			person('ann', {
				timezone: 'Asia/Shanghai',
				channel: { slack: { frequency: 'batch', batch_time: '09:00,14:00' } },
			}),
		],
		push: [
			['00:30:00', event('ticket_assigned', 'T1')],
			['00:40:00', event('ticket_assigned', 'T2')],
			['01:00:01', event('ticket_assigned', 'T3')],
		],
		want: [
			['01:00:00', 'slack', 'ann', 'T1 T2', 'digest'],
			['06:00:00', 'slack', 'ann', 'T3'],
		],
	},
};

describe('gate: aggregation', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});

	test('RA3 the same event again while it waits: no extra message, the newer content is shown', async () => {
		const again = (title: string): { event: Record<string, unknown> } => ({
			event: {
				event_id: 'same',
				event_type: 'ticket_comment',
				source: 'test',
				target_users: ['ann'],
				content: { ticket_id: 'T1', ticket_title: title, priority: 'Low' },
			},
		});
		const result = await runTimetable({
			people: [ann],
			push: [
				['10:00:00', again('old')],
				['10:00:10', again('new')],
				['11:00:00', again('newest')],
			],
			want: [['10:00:30', 'slack', 'ann', 'T1']],
		});
		expect(result.messages[0].entries[0].title).toBe('new');
		expect(result.decisions.at(-1)).toMatchObject({ action: 'silence', reason: 'duplicate_event' });
	});
});
