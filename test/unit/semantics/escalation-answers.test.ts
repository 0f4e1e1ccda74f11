import { event, instant, person, runTimetable, type Timetable } from './timetable';

const QUIET = { wednesday: [['10:00', '12:00']] };
const ann = person('ann', { manager: 'max' });
const max = person('max', { quiet_hours: QUIET });
const zoe = person('zoe');
const policy = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
	escalation: {
		steps: [
			{ after: '10m', to: 'manager' },
			{ after: '20m', to: 'user:zoe' },
		],
		...more,
	},
});
const breach = (assignee: unknown = 'ann', to = ['ann']): { event: Record<string, unknown> } =>
	event('sla_breached', 'T1', to, { assignee }, { context: { sla_deadline: instant('09:00') } });
const acknowledge = (user = 'ann'): Record<string, unknown> => ({
	acknowledge: { ticket_id: 'T1', user_id: user },
});
const changed = (content: Record<string, unknown>): { event: Record<string, unknown> } =>
	event('ticket_updated', 'T1', ['nobody-here'], content);

const tables: Record<string, Timetable> = {
	'RE1 a step that waits for quiet hours is not sent once the ticket is acknowledged': {
		people: [ann, max, zoe],
		policy: policy(),
		push: [
			['10:00', breach()],
			['11:00', acknowledge()],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:20', 'slack', 'zoe', 'T1', 'escalation'],
		],
	},
	'RE1 a step that waits is not sent once the ticket makes progress': {
		people: [ann, max, zoe],
		policy: policy(),
		push: [
			['10:00', breach()],
			['11:00', changed({ status: 'in_progress' })],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:20', 'slack', 'zoe', 'T1', 'escalation'],
		],
	},
	'RE1 a step that waits is no part of a digest either': {
		people: [ann, max, zoe],
		policy: policy(),
		push: [
			['10:00', breach()],
			['10:30', event('ticket_assigned', 'T2', ['max'])],
			['11:00', acknowledge()],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:20', 'slack', 'zoe', 'T1', 'escalation'],
			['12:00', 'slack', 'max', 'T2'],
		],
	},
	'a step that waited for quiet hours does not wait for a batch time as well': {
		people: [
			ann,
			person('max', {
				quiet_hours: QUIET,
				channel: { slack: { frequency: 'batch', batch_time: '18:00' } },
			}),
			zoe,
		],
		policy: policy(),
		push: [['10:00', breach()]],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:20', 'slack', 'zoe', 'T1', 'escalation'],
			['12:00', 'slack', 'max', 'T1', 'escalation'],
		],
	},
	'RE6 acknowledged after the last step: there is still one reminder': {
		people: [ann, person('max'), zoe],
		policy: policy({ remind_after: '30m', resume_after: '10m' }),
		push: [
			['10:00', breach()],
			['10:30', acknowledge()],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:10', 'slack', 'max', 'T1', 'escalation'],
			['10:20', 'slack', 'zoe', 'T1', 'escalation'],
			['11:00', 'slack', 'ann', 'T1', 'reminder'],
		],
	},
	'RE6 a chain without steps reminds as well': {
		people: [ann],
		policy: { escalation: { remind_after: '15m' } },
		push: [
			['10:00', breach()],
			['10:05', acknowledge()],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:20', 'slack', 'ann', 'T1', 'reminder'],
		],
	},
	'RE6 a reminder that is answered: escalation does not go on': {
		people: [ann, person('max'), zoe],
		policy: policy({ remind_after: '15m', resume_after: '10m' }),
		push: [
			['10:00', breach()],
			['10:05', acknowledge()],
			['10:30', acknowledge()],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:20', 'slack', 'ann', 'T1', 'reminder'],
		],
	},
	'RE6 a reminder that waits is not sent once the ticket makes progress': {
		people: [person('ann', { manager: 'max', quiet_hours: { wednesday: [['10:10', '12:00']] } })],
		policy: policy({ remind_after: '15m' }),
		push: [
			['10:00', breach()],
			['10:05', acknowledge()],
			['11:00', changed({ status: 'in_progress' })],
		],
		want: [['10:00', 'slack', 'ann', 'T1']],
	},
	'RE6 an acknowledgement before the reminder moves nothing': {
		people: [ann, person('max'), zoe],
		policy: policy({ remind_after: '15m' }),
		push: [
			['10:00', breach()],
			['10:05', acknowledge()],
			['10:10', acknowledge('zoe')],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:20', 'slack', 'ann', 'T1', 'reminder'],
		],
	},
	'RE3 reassigned by any event: the old chain stops': {
		people: [ann, person('max'), zoe],
		policy: policy(),
		push: [
			['10:00', breach()],
			['10:05', changed({ assignee: 'bea' })],
		],
		want: [['10:00', 'slack', 'ann', 'T1']],
	},
	'RE3 reassigned by an event that escalates: a new chain begins with it': {
		people: [ann, person('max'), zoe, person('bea', { manager: 'zoe' })],
		policy: policy(),
		push: [
			['10:00', breach()],
			['10:05', breach('bea', ['bea'])],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:05', 'slack', 'bea', 'T1'],
			['10:15', 'slack', 'zoe', 'T1', 'escalation'],
			['10:25', 'slack', 'zoe', 'T1', 'escalation'],
		],
	},
	'RE3 a step of the old chain that waits is not sent either': {
		people: [ann, max, zoe, person('bea')],
		policy: policy(),
		push: [
			['10:00', breach()],
			['10:15', breach('bea', ['bea'])],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:15', 'slack', 'bea', 'T1'],
			['10:35', 'slack', 'zoe', 'T1', 'escalation'],
		],
	},
	'RE3 the same assignee in other words is not reassigned': {
		people: [ann, person('max'), zoe],
		policy: policy(),
		push: [
			['10:00', breach({ id: 'ann', name: 'Ann' })],
			['10:05', changed({ assignee: { id: 'ann', name: 'Ann Lee' } })],
			['10:06', changed({ assignee: { email: 'ann@example.com' } })],
			['10:07', changed({ assignee: 'ann' })],
			['10:08', changed({})],
		],
		want: [
			['10:00', 'slack', 'ann', 'T1'],
			['10:10', 'slack', 'max', 'T1', 'escalation'],
			['10:20', 'slack', 'zoe', 'T1', 'escalation'],
		],
	},
};

describe('escalation: answers, progress and other hands', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});
});
