import { event, instant, person, runTimetable, type Timetable } from './timetable';

const RETRY = { retry: { first: '1m', factor: 1, max: '1m', give_up_after: '24h' } };
const ann = person('ann');
const assigned = (id = 'T1', content = {}): { event: Record<string, unknown> } =>
	event('ticket_assigned', id, ['ann'], content);
const outage = (until: string): Record<string, unknown> => ({
	outage: { channel: 'slack', until: instant(until) },
});
const silence = (until: string): Record<string, unknown> => ({
	silence: {
		id: 's1',
		matchers: ['content.ticket_id="T1"'],
		ends_at: instant(until),
		author: 'eve',
		comment: '',
	},
});
const presence = (status: string, until?: string): Record<string, unknown> => ({
	presence: { user_id: 'ann', status, ...(until ? { until: instant(until) } : {}) },
});
const quiet = person('ann', {
	quiet_hours: { wednesday: [['10:05', '11:30']] },
});

const tables: Record<string, Timetable> = {
	'RS1 an administrator’s silence': {
		people: [ann],
		policy: RETRY,
		push: [
			['09:00', outage('10:10')],
			['10:00', assigned()],
			['10:05', silence('12:00')],
		],
		want: [['12:00', 'slack', 'ann', 'T1']],
	},
	'RS5 until it is ended early': {
		people: [ann],
		policy: RETRY,
		push: [
			['09:00', outage('10:10')],
			['10:00', assigned()],
			['10:05', silence('12:00')],
			['11:00', { end_silence: 's1' }],
		],
		want: [['11:00', 'slack', 'ann', 'T1']],
	},
	'RS1 quiet hours': {
		people: [quiet],
		policy: RETRY,
		push: [
			['09:00', outage('10:10')],
			['10:00', assigned()],
		],
		want: [['11:30', 'slack', 'ann', 'T1']],
	},
	'RS3 but not what is urgent': {
		people: [quiet],
		policy: RETRY,
		push: [
			['09:00', outage('10:10')],
			['10:00', assigned('T1', { priority: 'High' })],
		],
		want: [['10:10', 'slack', 'ann', 'T1']],
	},
	'RS4 do-not-disturb, until it is switched off': {
		people: [ann],
		policy: RETRY,
		push: [
			['09:00', outage('10:10')],
			['10:00', assigned()],
			['10:05', presence('dnd')],
			['11:07', presence('available')],
		],
		want: [['11:07', 'slack', 'ann', 'T1']],
	},
	'RS8 two that waited in a line come as one': {
		people: [ann],
		policy: RETRY,
		push: [
			['09:00', outage('10:10')],
			['10:00', assigned()],
			['10:01', event('ticket_reopened', 'T1', ['ann'], { status: 'in_progress' })],
			['10:05', silence('12:00')],
		],
		want: [['12:00', 'slack', 'ann', 'T1=in_progress']],
	},
	'RS8 a batch whose time has passed does not wait for the next one': {
		people: [person('ann', { channel: { slack: { frequency: 'batch', batch_time: '10:00' } } })],
		policy: RETRY,
		push: [
			['09:00', outage('10:10')],
			['09:30', assigned()],
			['10:05', silence('12:00')],
		],
		want: [['12:00', 'slack', 'ann', 'T1']],
	},
	'a digest of several tickets goes when the state has ended': {
		people: [ann],
		policy: {
			...RETRY,
			aggregation: { types: ['ticket_assigned'], group_by: ['recipient', 'channel'] },
		},
		push: [
			['09:00', outage('10:10')],
			['10:00:00', assigned()],
			['10:00:10', assigned('T2')],
			['10:05', presence('in_meeting', '11:00')],
		],
		want: [['11:00', 'slack', 'ann', 'T1 T2', 'digest']],
	},
	'RS5 a silence covers part of a digest: the rest goes': {
		people: [ann],
		policy: RETRY,
		push: [
			['09:00', outage('10:10')],
			['09:00', presence('dnd', '10:00')],
			['09:10', assigned('T2')],
			['09:20', assigned('T1')],
			['09:30', assigned('T3')],
			['10:05', silence('12:00')],
		],
		want: [
			['10:10', 'slack', 'ann', 'T2 T3', 'digest'],
			['12:00', 'slack', 'ann', 'T1'],
		],
	},
	'RS4 a digest goes when the state is left, whatever its end was': {
		people: [ann],
		policy: {
			...RETRY,
			aggregation: { types: ['ticket_assigned'], group_by: ['recipient', 'channel'] },
		},
		push: [
			['09:00', outage('10:10')],
			['10:00:00', assigned()],
			['10:00:10', assigned('T2')],
			['10:05', presence('in_meeting')],
			['11:07', presence('available')],
		],
		want: [['11:07', 'slack', 'ann', 'T1 T2', 'digest']],
	},
	'it has its time to be tried again in anew': {
		people: [ann],
		policy: { retry: { ...RETRY.retry, give_up_after: '15m' } },
		push: [
			['09:00', outage('10:10')],
			['10:00', assigned()],
			['10:05', silence('12:00')],
			['11:00', outage('12:02')],
		],
		want: [['12:02', 'slack', 'ann', 'T1']],
	},
};

describe('what waits for its channel is held by what comes meanwhile', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});

	test('the record says so', async () => {
		const { decisions } = await runTimetable(tables['RS1 an administrator’s silence']);
		expect(decisions.map(({ action, reason, until }) => ({ action, reason, until }))).toEqual([
			{ action: 'send', reason: 'send_now', until: undefined },
			{ action: 'hold', reason: 'silenced_by_administrator', until: instant('12:00') },
		]);
	});

	test('RA3 the same event again takes nothing away of what several had been made into', async () => {
		const aggregation = { types: ['ticket_assigned'] };
		const second = assigned();
		const { messages } = await runTimetable({
			people: [ann],
			policy: { ...RETRY, aggregation },
			push: [
				['09:00', outage('10:10')],
				['10:00:00', assigned()],
				['10:00:10', second],
				['10:05', silence('12:00')],
				['11:00', second],
			],
			want: [['12:00', 'slack', 'ann', 'T1']],
		});
		expect(messages[0].event_ids).toHaveLength(2);
	});
});
