import { event, instant, person, runTimetable, type Timetable } from './timetable';

const assigned = (id: string): { event: Record<string, unknown> } => event('ticket_assigned', id);
const BATCH = { frequency: 'batch', batch_time: '12:00' };
const slackInBatches = (email: object = {}): Record<string, unknown> =>
	person('ann', { channel: { slack: BATCH, email } }, ['slack', 'email']);
const slackIsOut: [string, Record<string, unknown>] = [
	'11:00',
	{ outage: { channel: 'slack', until: instant('23:00') } },
];
const policy = { retry: { first: '1m', factor: 1, max: '1m', give_up_after: '3m' } };

const tables: Record<string, Timetable> = {
	'RP3 a digest that is given up goes to the next channel': {
		people: [slackInBatches({ categories: ['none'] })],
		policy,
		push: [['10:00', assigned('T1')], ['10:10', assigned('T2')], slackIsOut],
		want: [['12:03', 'email', 'ann', 'T1 T2', 'digest']],
	},
	'RP3 unless that has carried all of it': {
		people: [slackInBatches()],
		policy,
		push: [['10:00', assigned('T1')], ['10:10', assigned('T2')], slackIsOut],
		want: [
			['10:00', 'email', 'ann', 'T1'],
			['10:10', 'email', 'ann', 'T2'],
		],
	},
	'RP3 nor where it carries it in a digest of its own': {
		people: [slackInBatches(BATCH)],
		policy,
		push: [['10:00', assigned('T1')], ['10:10', assigned('T2')], slackIsOut],
		want: [['12:00', 'email', 'ann', 'T1 T2', 'digest']],
	},
	'RP3 nor where it is held there': {
		people: [slackInBatches({ ...BATCH, batch_time: '13:00' })],
		policy,
		push: [['10:00', assigned('T1')], ['10:10', assigned('T2')], slackIsOut],
		want: [['13:00', 'email', 'ann', 'T1 T2', 'digest']],
	},
	'RP3 of a digest in part: the rest goes, as it is then': {
		people: [slackInBatches({ categories: ['created'] })],
		policy,
		push: [
			['10:00', assigned('T1')],
			['10:10', event('ticket_created', 'T2')],
			['10:20', assigned('T3')],
			slackIsOut,
			['12:01', event('status_update', 'T3', ['nobody'], { status: 'pending' })],
		],
		want: [
			['10:10', 'email', 'ann', 'T2'],
			['12:03', 'email', 'ann', 'T1 T3=pending', 'digest'],
		],
	},
	'RP3 two digests that fail at the same instant: their next channel gets one of them': {
		people: [
			person('ann', { channel: { slack: BATCH, email: BATCH, wecom: { categories: ['none'] } } }, [
				'slack',
				'email',
				'wecom',
			]),
		],
		policy,
		push: [
			['10:00', assigned('T1')],
			['10:10', assigned('T2')],
			slackIsOut,
			['11:00', { outage: { channel: 'email', until: instant('23:00') } }],
		],
		want: [['12:03', 'wecom', 'ann', 'T1 T2', 'digest']],
	},
	'RP3 two events of one ticket, of which one has been carried': {
		people: [slackInBatches({ categories: ['status'] })],
		policy: { ...policy, aggregation: { types: [] } },
		push: [
			['10:00', assigned('T1')],
			['10:10', event('status_update', 'T1', undefined, { status: 'pending' })],
			slackIsOut,
		],
		want: [
			['10:10', 'email', 'ann', 'T1=pending'],
			['12:03', 'email', 'ann', 'T1=pending'],
		],
	},
};

describe('fallback', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});
});
