import { event, instant, person, runTimetable, type Timetable } from './timetable';

const inBatches = (times: string, more: Record<string, unknown> = {}): Record<string, unknown> =>
	person('ann', { channel: { slack: { frequency: 'batch', batch_time: times } }, ...more });
const assigned = (id: string): { event: Record<string, unknown> } => event('ticket_assigned', id);
const presence = (status: string, until?: string): Record<string, unknown> => ({
	presence: { user_id: 'ann', status, ...(until ? { until: instant(until) } : {}) },
});

const team = (times: string): Record<string, unknown> => ({
	routing: {
		teams: {
			ops: {
				notification_preferences: { slack: { frequency: 'batch', batch_time: times } },
			},
		},
	},
});

const tables: Record<string, Timetable> = {
	'RS8 what came while a state lasted, whose batch time came in it too, goes at its end': {
		people: [inBatches('12:00')],
		push: [
			['10:00', assigned('T1')],
			['11:00', presence('dnd', '13:00')],
			['11:30', assigned('T2')],
		],
		want: [['13:00', 'slack', 'ann', 'T1 T2', 'digest']],
	},
	'RS8 a state that ends before the batch time: it waits for that': {
		people: [inBatches('12:00')],
		push: [
			['09:00', presence('dnd', '11:00')],
			['10:00', assigned('T1')],
		],
		want: [['12:00', 'slack', 'ann', 'T1']],
	},
	'RS8 several batch times pass in a state: one digest at its end, the next batch is the next': {
		people: [inBatches('12:00,14:00,18:00')],
		push: [
			['11:00', presence('dnd', '15:00')],
			['11:30', assigned('T1')],
			['13:30', assigned('T2')],
			['14:30', assigned('T3')],
		],
		want: [
			['15:00', 'slack', 'ann', 'T1 T2', 'digest'],
			['18:00', 'slack', 'ann', 'T3'],
		],
	},
	'RS5 a batch time inside a silence: what it held goes at its end': {
		people: [inBatches('12:00')],
		push: [
			[
				'11:00',
				{
					silence: {
						id: 's1',
						matchers: ['content.ticket_id="T1"'],
						ends_at: instant('13:00'),
						author: 'eve',
						comment: '',
					},
				},
			],
			['11:30', assigned('T1')],
			['11:30', assigned('T2')],
		],
		want: [
			['12:00', 'slack', 'ann', 'T2'],
			['13:00', 'slack', 'ann', 'T1'],
		],
	},
	'RS4 batch times of a team that change while it is held are worked out anew': {
		people: [person('ann', { team: 'ops', channel: { slack: { frequency: undefined } } })],
		policy: team('12:00'),
		push: [
			['10:00', assigned('T1')],
			['10:30', { policy: team('11:00') }],
		],
		want: [['11:00', 'slack', 'ann', 'T1']],
	},
	'RS4 batch times that change while it is held are worked out from now': {
		people: [inBatches('12:00')],
		push: [
			['10:00', presence('dnd', '13:00')],
			['11:30', assigned('T1')],
			['12:30', { preferences: inBatches('17:00') }],
		],
		want: [['17:00', 'slack', 'ann', 'T1']],
	},
};

describe('gate: batch times and what else holds', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});
});
