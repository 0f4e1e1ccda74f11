import { event, person, runTimetable, type Timetable } from './timetable';

const ann = person('ann');
const nobody = ['nobody-here'];
const policy = {
	silence: {
		inhibition: [
			{
				source: ['event_type="system_failure"'],
				target: ['event_type="ticket_created"'],
				equal: ['content.site'],
			},
		],
	},
};
const failure = (site: string | undefined = 'a'): { event: Record<string, unknown> } =>
	event('system_failure', 'P', nobody, site ? { site } : {});
const child = (id: string, site = 'a'): { event: Record<string, unknown> } =>
	event('ticket_created', id, ['ann'], { site });
const parent = (type: string, content: Record<string, unknown> = {}) =>
	event(type, 'P', nobody, content);
const resolved = parent('ticket_resolved', { status: 'resolved' });

const tables: Record<string, Timetable> = {
	'RS7 a parent stays one whatever is said of it later, until it is resolved': {
		people: [ann],
		policy,
		push: [
			['09:00', failure()],
			['09:30', parent('ticket_comment')],
			['10:00', child('T1')],
			['10:10', child('T2', 'b')],
			['11:00', resolved],
		],
		want: [
			['10:10', 'slack', 'ann', 'T2'],
			['11:00', 'slack', 'ann', 'T1'],
		],
	},
	'RS7 reopened it holds again': {
		people: [ann],
		policy,
		push: [
			['09:00', failure()],
			['09:10', resolved],
			['09:20', child('T1')],
			['09:30', parent('ticket_reopened', { status: 'in_progress' })],
			['09:40', child('T2')],
			['11:00', resolved],
		],
		want: [
			['09:20', 'slack', 'ann', 'T1'],
			['11:00', 'slack', 'ann', 'T2'],
		],
	},
	'RS7 a parent whose equal value changes holds the children of the new one': {
		people: [ann],
		policy,
		push: [
			['09:00', failure()],
			['09:30', failure('b')],
			['10:00', child('T1')],
			['10:10', child('T2', 'b')],
			['11:00', resolved],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['11:00', 'slack', 'ann', 'T2'],
		],
	},
	'RS7 an update that does not repeat the equal value keeps it': {
		people: [ann],
		policy: {
			silence: {
				inhibition: [
					{
						source: ['content.priority="Critical"'],
						target: ['content.priority="Low"'],
						equal: ['content.site'],
					},
				],
			},
		},
		push: [
			['09:00', event('ticket_created', 'P', nobody, { priority: 'Critical', site: 'a' })],
			['09:30', event('ticket_comment', 'P', nobody, { priority: 'Critical' })],
			['10:00', event('ticket_created', 'T1', ['ann'], { priority: 'Low', site: 'a' })],
			['11:00', resolved],
		],
		want: [['11:00', 'slack', 'ann', 'T1']],
	},
	'RS7 a rule that came later knows the parent by what was said last': {
		people: [ann],
		push: [
			['09:00', failure()],
			['09:30', { policy }],
			['10:00', child('T1')],
			['11:00', resolved],
		],
		want: [['11:00', 'slack', 'ann', 'T1']],
	},
};

describe('gate: inhibition', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});
});
