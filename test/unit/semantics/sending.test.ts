import { simulate } from '../../../core/simulation';
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
	'RD1 two outages that overlap are one': {
		people: [person('ann')],
		policy: { retry: { first: '1m', factor: 1, max: '1m' } },
		push: [
			['09:00', outage('slack', '10:20')],
			['09:30', outage('slack', '10:10')],
			['10:00', assigned('T1')],
		],
		want: [['10:20', 'slack', 'ann', 'T1']],
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
	'RS2 a digest that had to wait for its channel shows its tickets as they are then': {
		people: [person('ann')],
		policy: { retry: { first: '5m', factor: 1, max: '5m', give_up_after: '1h' } },
		push: [
			['09:00', { presence: { user_id: 'ann', status: 'dnd', until: instant('10:00') } }],
			['09:10', event('ticket_assigned', 'T1', ['ann'], { status: 'assigned' })],
			['09:10', event('ticket_assigned', 'T2', ['ann'], { status: 'assigned' })],
			['09:50', outage('slack', '10:03')],
			['10:02', event('ticket_updated', 'T1', ['nobody-here'], { status: 'pending' })],
		],
		want: [['10:05', 'slack', 'ann', 'T1=pending T2=assigned', 'digest']],
	},
	'RD1 the next channel has a time of its own to be tried again in': {
		people: [person('ann', { channel: { email: { categories: ['none'] } } }, ['slack', 'email'])],
		policy: { retry: { first: '1m', factor: 1, max: '1m', give_up_after: '3m' } },
		push: [
			['10:00', outage('slack', '23:00')],
			['10:00', outage('email', '10:05')],
			['10:00', assigned('T1')],
		],
		want: [['10:05', 'email', 'ann', 'T1']],
	},
};

/** An event that is known by its id: a message shows its ticket as it stands, so only the id tells which one it is. */
const named = (
	id: string,
	type = 'ticket_updated',
	more: Record<string, unknown> = {},
	to: string[] = ['ann'],
): { event: Record<string, unknown> } => event(type, 'T1', to, more, { event_id: id });

/** What is sent: instant, channel, recipient and event. */
const order: Record<string, Omit<Timetable, 'want'> & { want: string[] }> = {
	'what comes later waits behind the one that is tried again, another ticket does not': {
		people: [person('ann')],
		policy: RETRY,
		push: [
			['10:00:00', outage('slack', '10:01')],
			['10:00:00', named('first')],
			['10:01:10', named('second')],
			['10:01:20', event('ticket_assigned', 'T2', ['ann'], {}, { event_id: 'other' })],
		],
		want: ['10:01:20 slack ann other', '10:01:30 slack ann first', '10:01:30 slack ann second'],
	},
	'three in a row keep their order, also where the first fails once more': {
		people: [person('ann')],
		policy: RETRY,
		push: [
			['10:00:00', outage('slack', '10:01')],
			['10:00:00', named('first')],
			['10:00:10', named('second')],
			['10:00:20', named('third')],
		],
		want: ['10:01:30 slack ann first', '10:01:30 slack ann second', '10:01:30 slack ann third'],
	},
	'two of one instant keep their order, whatever their ids': {
		people: [person('ann')],
		policy: RETRY,
		push: [
			['10:00:00', outage('slack', '10:01')],
			...['a', 'b', 'c', 'd', 'e'].map((id): [string, Record<string, unknown>] => [
				'10:00:00',
				named(id),
			]),
		],
		want: ['a', 'b', 'c', 'd', 'e'].map((id) => `10:01:30 slack ann ${id}`),
	},
	'urgent passes what waits, and does not hold it up': {
		people: [person('ann')],
		policy: RETRY,
		push: [
			['10:00:00', outage('slack', '10:01')],
			['10:00:00', named('first')],
			['10:00:10', named('second')],
			['10:01:10', named('urgent', 'ticket_updated', { priority: 'Critical' })],
		],
		want: ['10:01:10 slack ann urgent', '10:01:30 slack ann first', '10:01:30 slack ann second'],
	},
	'what comes after an urgent one that waits has its turn after it': {
		people: [person('ann')],
		policy: RETRY,
		push: [
			['10:00:00', outage('slack', '10:00:20')],
			['10:00:00', named('urgent', 'ticket_updated', { priority: 'Critical' })],
			['10:00:25', named('calm')],
		],
		want: ['10:00:30 slack ann urgent', '10:00:30 slack ann calm'],
	},
	'another channel and another person wait for nobody': {
		people: [person('ann', {}, ['slack', 'email']), person('bob', {}, ['slack', 'email'])],
		policy: RETRY,
		push: [
			['10:00:00', outage('slack', '10:00:10')],
			['10:00:00', named('first')],
			['10:00:20', named('second', 'ticket_updated', {}, ['ann', 'bob'])],
		],
		want: [
			'10:00:00 email ann first',
			'10:00:20 email ann second',
			'10:00:20 slack bob second',
			'10:00:20 email bob second',
			'10:00:30 slack ann first',
			'10:00:30 slack ann second',
		],
	},
	'waits of 0s are a second each, not one instant for ever': {
		people: [person('ann')],
		policy: { retry: { first: '0s', factor: 1, max: '0s' } },
		push: [
			['10:00:00', outage('slack', '10:00:03')],
			['10:00:00', named('first')],
		],
		want: ['10:00:03 slack ann first'],
	},
	'the first is given up, and the next has its turn at once': {
		people: [person('ann')],
		policy: { retry: { first: '1m', factor: 1, max: '1m', give_up_after: '150s' } },
		push: [
			['10:00:00', outage('slack', '10:01:50')],
			['10:00:00', named('first')],
			['10:00:30', named('second')],
		],
		want: ['10:02 slack ann first', '10:02 slack ann second'],
	},
};

describe('sending', () => {
	test.each(Object.entries(order))(
		'order behind a retry: %s',
		async (_name, { want, ...table }) => {
			const { messages } = await simulate({
				start: instant('00:00'),
				end: instant('+1 23:59'),
				preferences: table.people,
				policy: table.policy,
				timeline: table.push.map(([at, entry]) => ({ at: instant(at), ...entry })),
			});
			const got = messages.map((m) => `${m.at} ${m.channel} ${m.recipient} ${m.event_ids.join()}`);
			expect(got).toEqual(want.map((line) => line.replace(/^\S+/, (time) => instant(time))));
		},
	);

	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});
});
