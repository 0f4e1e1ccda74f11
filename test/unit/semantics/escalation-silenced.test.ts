import { event, instant, person, runTimetable, type Timetable } from './timetable';

const people = [person('ann', { manager: 'max' }), person('max')];
const STEPS = { escalation: { steps: [{ after: '10m', to: 'manager' }] } };
const PARENTS = {
	silence: {
		inhibition: [
			{ source: ['event_type="system_failure"'], target: ['event_type="sla_breached"'], equal: [] },
		],
	},
};
const breach = event(
	'sla_breached',
	'T1',
	['ann'],
	{ assignee: 'ann' },
	{ context: { sla_deadline: instant('09:00') } },
);
const silence = (ends: string): Record<string, unknown> => ({
	silence: {
		id: 's1',
		matchers: ['content.ticket_id="T1"'],
		ends_at: instant(ends),
		author: 'eve',
		comment: '',
	},
});
const mute = (ends: string): Record<string, unknown> => ({
	silence: {
		id: 'mute',
		matchers: ['recipient.user_id="ann"', 'content.ticket_id="T1"'],
		ends_at: instant(ends),
	},
});
const dnd = (until: string): Record<string, unknown> => ({
	presence: { user_id: 'ann', status: 'dnd', until: instant(until) },
});
const acknowledge = { acknowledge: { ticket_id: 'T1', user_id: 'ann' } };

const tables: Record<string, Timetable> = {
	'the chain begins when the silence ends': {
		people,
		policy: STEPS,
		push: [
			['09:00', silence('11:00')],
			['10:00', breach],
		],
		want: [
			['11:00', 'slack', 'ann', 'T1'],
			['11:10', 'slack', 'max', 'T1', 'escalation'],
		],
	},
	'and when the person is not to be disturbed then: quiet does not stall it (RE4)': {
		people,
		policy: STEPS,
		push: [
			['09:00', silence('11:00')],
			['10:00', breach],
			['10:30', dnd('12:00')],
		],
		want: [
			['11:10', 'slack', 'max', 'T1', 'escalation'],
			['12:00', 'slack', 'ann', 'T1'],
		],
	},
	'RE4 quiet hours do not stall it, also where they drop the message': {
		people,
		policy: { ...STEPS, silence: { action: 'drop' } },
		push: [
			['09:30', dnd('12:00')],
			['10:00', breach],
		],
		want: [['10:10', 'slack', 'max', 'T1', 'escalation']],
	},
	'a mute is a matter of the person too: what waits for it escalates': {
		people,
		policy: STEPS,
		push: [
			['09:30', mute('12:00')],
			['10:00', breach],
		],
		want: [
			['10:10', 'slack', 'max', 'T1', 'escalation'],
			['12:00', 'slack', 'ann', 'T1'],
		],
	},
	'and what it drops': {
		people,
		policy: { ...STEPS, silence: { action: 'drop' } },
		push: [
			['09:30', mute('12:00')],
			['10:00', breach],
		],
		want: [['10:10', 'slack', 'max', 'T1', 'escalation']],
	},
	'dropped for a silence it never begins': {
		people,
		policy: { ...STEPS, silence: { action: 'drop' } },
		push: [
			['09:00', silence('11:00')],
			['10:00', breach],
		],
		want: [],
	},
	'it begins once, though the message is held a second time': {
		people,
		policy: STEPS,
		push: [
			['09:00', silence('11:00')],
			['10:00', breach],
			['10:30', dnd('14:00')],
			[
				'12:00',
				{ ...silence('13:00'), silence: { ...(silence('13:00').silence as object), id: 's2' } },
			],
		],
		want: [
			['11:10', 'slack', 'max', 'T1', 'escalation'],
			['14:00', 'slack', 'ann', 'T1'],
		],
	},
	'RE1 acknowledged while it was silenced: no chain': {
		people,
		policy: STEPS,
		push: [
			['09:00', silence('11:00')],
			['10:00', breach],
			['10:30', acknowledge],
		],
		want: [['11:00', 'slack', 'ann', 'T1']],
	},
	'RE1 in work by then: no chain': {
		people,
		policy: STEPS,
		push: [
			['09:00', silence('11:00')],
			['10:00', breach],
			['10:30', event('ticket_updated', 'T1', ['nobody-here'], { status: 'in_progress' })],
		],
		want: [['11:00', 'slack', 'ann', 'T1=in_progress']],
	},
	'the chain of a child begins when its parent is closed': {
		people,
		policy: { ...STEPS, ...PARENTS },
		push: [
			['09:00', event('system_failure', 'P', ['nobody-here'])],
			['10:00', breach],
			['11:00', event('ticket_resolved', 'P', ['nobody-here'], { status: 'resolved' })],
		],
		want: [
			['11:00', 'slack', 'ann', 'T1'],
			['11:10', 'slack', 'max', 'T1', 'escalation'],
		],
	},
};

describe('escalation of what an administrator or a parent has held', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});

	test('a step that a new chain of its ticket has made pointless is on record, with the message that begins it', async () => {
		const again = { event: { ...breach.event, event_id: 'again' } };
		const { decisions } = await runTimetable({
			people,
			policy: STEPS,
			push: [
				['10:00', breach],
				['10:05', silence('11:00')],
				['10:20', again],
			],
			want: [
				['10:00', 'slack', 'ann', 'T1'],
				['11:00', 'slack', 'ann', 'T1'],
				['11:10', 'slack', 'max', 'T1', 'escalation'],
			],
		});
		const last = decisions.filter((d) => d.recipient === 'max' && d.event_id !== 'again').pop();
		expect(last).toMatchObject({
			at: instant('11:00'),
			action: 'silence',
			reason: 'acknowledged_before_send',
		});
	});
});
