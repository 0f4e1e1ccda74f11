import { comment, event, person, runTimetable, type Timetable } from './timetable';

const ann = person('ann', {}, ['slack']);

const tables: Record<string, Timetable> = {
	'RA12 two windows that a short stop has delayed go out as one message': {
		people: [ann],
		push: [
			['10:00:00', comment('T1')],
			['10:00:05', comment('T2')],
			['10:00:10', { restart: { down_for: '1m' } }],
		],
		want: [['10:01:10', 'slack', 'ann', 'T1 T2', 'digest']],
	},
	'RA12 one delayed window and a delayed batch are one message': {
		people: [
			person('ann', {
				channel: { slack: { frequency: 'immediate', batch_time: '12:00' } },
			}),
		],
		policy: { priority: { base: { ticket_updated: 1 } } },
		push: [
			['11:50:00', event('ticket_updated', 'T1')],
			['11:59:50', comment('T2')],
			['11:59:55', { restart: { down_for: '1h' } }],
		],
		want: [['12:59:55', 'slack', 'ann', 'T1 T2', 'digest']],
	},
	'RA12 a restart over nothing that is due changes nothing': {
		people: [ann],
		push: [
			['10:00:00', comment('T1')],
			['10:00:05', { restart: { down_for: '10s' } }],
			['10:00:20', comment('T2')],
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['10:00:50', 'slack', 'ann', 'T2'],
		],
	},
};

describe('after a restart', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});
});
