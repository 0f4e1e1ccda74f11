import { comment, event, instant, person, runTimetable, type Push } from '../semantics/timetable';

const STEPS = {
	escalation: {
		steps: [
			{ after: '10m', to: 'manager' },
			{ after: '20m', to: 'user:zoe' },
		],
	},
};
const breach: Push = [
	'10:00',
	event(
		'sla_breached',
		'T1',
		['ann'],
		{ assignee: 'ann' },
		{
			event_id: 'breach',
			context: { sla_deadline: instant('09:00') },
		},
	),
];
const created: Push = ['10:00', event('ticket_created', 'T1', ['ann'], {}, { event_id: 'e' })];
const first: [string, string, string, string] = ['10:00', 'slack', 'ann', 'T1'];

describe('a simulation tells what did not happen', () => {
	test('RE3 a step to somebody who has left is skipped: unrouted', async () => {
		const { unrouted, warnings } = await runTimetable({
			people: [person('ann', { manager: 'max' }), person('max'), person('zoe')],
			policy: STEPS,
			push: [breach, ['10:05', { preferences: person('max', { active: false }) }]],
			want: [first, ['10:20', 'slack', 'zoe', 'T1', 'escalation']],
		});
		expect(unrouted).toEqual([
			{ at: instant('10:10'), event_id: 'breach', recipient: 'max', reason: 'inactive' },
		]);
		expect(warnings).toEqual([]);
	});

	test('a step that finds nobody is skipped: a warning', async () => {
		const { unrouted, warnings } = await runTimetable({
			people: [person('ann'), person('zoe')],
			policy: STEPS,
			push: [breach],
			want: [first, ['10:20', 'slack', 'zoe', 'T1', 'escalation']],
		});
		expect(unrouted).toEqual([]);
		expect(warnings).toEqual([
			expect.objectContaining({
				code: 'escalation_step_skipped',
				message: expect.stringContaining('no_manager'),
			}),
		]);
	});

	test('RE6 a reminder to somebody who is not known: unrouted', async () => {
		const { unrouted } = await runTimetable({
			people: [person('ann'), person('zoe')],
			policy: { escalation: { ...STEPS.escalation, remind_after: '10m' } },
			push: [breach, ['10:05', { acknowledge: { ticket_id: 'T1', user_id: 'ghost' } }]],
			want: [first],
		});
		expect(unrouted).toEqual([
			{ at: instant('10:15'), event_id: 'breach', recipient: 'ghost', reason: 'unknown_person' },
		]);
	});

	test('RD1 a message that is given up with no channel left: a warning', async () => {
		const { warnings } = await runTimetable({
			people: [person('ann')],
			policy: { retry: { first: '1m', factor: 1, max: '1m', give_up_after: '3m' } },
			push: [['09:00', { outage: { channel: 'slack', until: instant('23:00') } }], created],
			want: [],
		});
		expect(warnings).toEqual([
			expect.objectContaining({ code: 'gave_up', message: expect.stringContaining('ann') }),
		]);
	});

	test('RP3, RN2 a listed channel without an address, or that does not exist: a warning, once', async () => {
		const { warnings } = await runTimetable({
			people: [
				person('ann', { channel: { email: { address: undefined } } }, ['slack', 'email', 'pigeon']),
			],
			push: [created, ['11:00', event('ticket_created', 'T2')]],
			want: [first, ['11:00', 'slack', 'ann', 'T2']],
		});
		expect(warnings.map(({ code, field }) => `${code} ${field}`)).toEqual([
			'no_address notification_preferences.email',
			'unsupported_channel notification_preferences.pigeon',
		]);
	});

	test('RT5 a zone that nobody knows: a warning, once', async () => {
		const { warnings } = await runTimetable({
			people: [person('ann', { timezone: 'Mars/Phobos' })],
			push: [created, ['11:00', event('ticket_created', 'T2')]],
			want: [first, ['11:00', 'slack', 'ann', 'T2']],
		});
		expect(warnings.map(({ code }) => code)).toEqual(['unknown_zone']);
	});

	test('one per event and person: the same event again adds none', async () => {
		const { unrouted } = await runTimetable({
			people: [person('ann', { active: false })],
			push: [created, ['10:05', created[1]]],
			want: [],
		});
		expect(unrouted).toHaveLength(1);
	});

	test('a message about one ticket shows it on an SMS too', async () => {
		const { messages } = await runTimetable({
			people: [person('ann', { channel: { sms: { number: '+4915112345678' } } }, ['sms'])],
			push: [
				['10:00:00', comment('T1')],
				['10:00:10', comment('T1')],
			],
			want: [['10:00:30', 'sms', 'ann', 'T1']],
		});
		expect(messages[0].event_ids).toHaveLength(2);
	});
});
