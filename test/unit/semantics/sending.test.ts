import { event, instant, person, runTimetable, type Timetable } from './timetable';

const outage = (channel: string, until: string): Record<string, unknown> => ({
	outage: { channel, until: instant(until) },
});
const assigned = (id: string, to?: string[]): { event: Record<string, unknown> } =>
	event('ticket_assigned', id, to);
const RETRY = { retry: { first: '30s', factor: 2, max: '1h', give_up_after: '24h' } };

const tables: Record<string, Timetable> = {
	'RD1 an outage: tried again with growing waits until the channel takes it': {
		people: [person('ann')],
		policy: RETRY,
		push: [
			['10:00:00', outage('slack', '10:03')],
			['10:00:00', assigned('T1')],
		],
		want: [['10:03:30', 'slack', 'ann', 'T1']],
	},
	'RA11 a failing channel does not make the other one send twice': {
		people: [person('ann', {}, ['slack', 'email'])],
		policy: RETRY,
		push: [
			['10:00:00', outage('slack', '10:01')],
			['10:00:10', assigned('T1')],
		],
		want: [
			['10:00:10', 'email', 'ann', 'T1'],
			['10:01:40', 'slack', 'ann', 'T1'],
		],
	},
	'RD1 given up: the next channel of the person that has not carried it': {
		people: [person('ann', { channel: { email: { categories: ['none'] } } }, ['slack', 'email'])],
		policy: { retry: { first: '1m', factor: 1, max: '1m', give_up_after: '3m' } },
		push: [
			['10:00', outage('slack', '23:00')],
			['10:00', assigned('T1')],
		],
		want: [['10:03', 'email', 'ann', 'T1']],
	},
};

describe('sending', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});
});
