import { comment, event, instant, person, runTimetable, type Timetable } from './timetable';

const ann = person('ann');
const OFFICE = {
	monday: [['09:00', '18:00']],
	tuesday: [['09:00', '18:00']],
	wednesday: [['09:00', '18:00']],
	thursday: [['09:00', '18:00']],
	friday: [['09:00', '18:00']],
};
const office = person('ann', { working_hours: OFFICE });

const presence = (status: string, until?: string): Record<string, unknown> => ({
	presence: { user_id: 'ann', status, ...(until ? { until: instant(until) } : {}) },
});
const silence = (matchers: string[], until: string): Record<string, unknown> => ({
	silence: { id: 's1', matchers, ends_at: instant(until), author: 'eve', comment: 'maintenance' },
});
const assigned = (
	id: string,
	content: Record<string, unknown> = {},
): { event: Record<string, unknown> } => event('ticket_assigned', id, undefined, content);
const high = { priority: 'High' };

/** 2027-03-10 is a Wednesday. */
const tables: Record<string, Timetable> = {
	'S1 outside working hours: deferred to one digest at their start, urgent at once': {
		people: [office],
		push: [
			['19:00', assigned('T1')],
			['19:10', assigned('T2')],
			['19:20', assigned('T3', high)],
		],
		want: [
			['19:20', 'slack', 'ann', 'T3'],
			['+1 09:00', 'slack', 'ann', 'T1 T2', 'digest'],
		],
	},
	'S1 in a meeting: everything waits, urgent too (the seed)': {
		people: [ann],
		push: [
			['10:00', presence('in_meeting', '11:00')],
			['10:10', assigned('T1', high)],
		],
		want: [['11:00', 'slack', 'ann', 'T1']],
	},
	'S1 focused: urgent passes, the rest waits': {
		people: [ann],
		push: [
			['10:00', presence('focused', '11:00')],
			['10:10', assigned('T1', high)],
			['10:20', assigned('T2')],
		],
		want: [
			['10:10', 'slack', 'ann', 'T1'],
			['11:00', 'slack', 'ann', 'T2'],
		],
	},
	'RS1 urgent passes do-not-disturb where the policy says so': {
		people: [ann],
		policy: { silence: { urgent_passes: ['dnd'] } },
		push: [
			['10:00', presence('dnd')],
			['10:10', assigned('T1', high)],
			['10:20', assigned('T2')],
		],
		want: [['10:10', 'slack', 'ann', 'T1']],
	},
	'RS2 held is shown in the state at release; resolved meanwhile is shown as resolved, once': {
		people: [office],
		push: [
			['19:00', event('ticket_created', 'T1', undefined, { status: 'new' })],
			['19:05', assigned('T2', { status: 'assigned' })],
			['20:00', event('ticket_resolved', 'T1', undefined, { status: 'resolved' })],
		],
		want: [['+1 09:00', 'slack', 'ann', 'T1=resolved T2=assigned', 'digest']],
	},
	'RS2 resolved meanwhile is dropped where the policy says so': {
		people: [office],
		policy: { silence: { resolved_while_held: 'drop' } },
		push: [
			['19:00', event('ticket_created', 'T1', undefined, { status: 'new' })],
			['19:05', assigned('T2', { status: 'assigned' })],
			['20:00', event('ticket_resolved', 'T1', undefined, { status: 'resolved' })],
		],
		want: [['+1 09:00', 'slack', 'ann', 'T2=assigned']],
	},
	'RS2 reopened meanwhile is not shown as resolved, though nobody names a status': {
		people: [office, person('bob')],
		push: [
			['19:00', event('ticket_resolved', 'T1', undefined, { status: 'resolved' })],
			['19:05', event('ticket_resolved', 'T2', undefined, { status: 'resolved' })],
			['20:00', event('ticket_reopened', 'T1', ['bob'])],
		],
		want: [
			['20:00', 'slack', 'bob', 'T1'],
			['+1 09:00', 'slack', 'ann', 'T1 T2=resolved', 'digest'],
		],
	},
	'RS2 the same where it comes alone': {
		people: [office, person('bob')],
		push: [
			['19:00', event('ticket_resolved', 'T1', undefined, { status: 'resolved' })],
			['20:00', event('ticket_reopened', 'T1', ['bob'])],
		],
		want: [
			['20:00', 'slack', 'bob', 'T1'],
			['+1 09:00', 'slack', 'ann', 'T1'],
		],
	},
	'S1 drop: never comes': {
		people: [office],
		policy: { silence: { action: 'drop' } },
		push: [['19:00', assigned('T1')]],
		want: [],
	},
	'RS3 a held item whose ticket becomes urgent goes at once, with the news': {
		people: [office],
		push: [
			['19:00', assigned('T1')],
			['19:30', event('ticket_updated', 'T1', undefined, high)],
		],
		want: [['19:30', 'slack', 'ann', 'T1']],
	},
	'RS3 also where the urgent news itself is for somebody else': {
		people: [office, person('bob')],
		push: [
			['19:00', assigned('T1')],
			['19:30', event('ticket_updated', 'T1', ['bob'], high)],
		],
		want: [
			['19:30', 'slack', 'bob', 'T1'],
			['19:30', 'slack', 'ann', 'T1'],
		],
	},
	'RS4 do-not-disturb switched off releases what it held, once': {
		people: [ann],
		push: [
			['10:00', presence('dnd')],
			['10:10', assigned('T1')],
			['10:20', assigned('T2')],
			['12:00', presence('available')],
			['12:05', presence('available')],
		],
		want: [['12:00', 'slack', 'ann', 'T1 T2', 'digest']],
	},
	'RS4 hours changed while items are held: the release is computed anew': {
		people: [office],
		push: [
			['19:00', assigned('T1')],
			[
				'20:00',
				{ preferences: person('ann', { working_hours: { wednesday: [['09:00', '23:00']] } }) },
			],
		],
		want: [['20:00', 'slack', 'ann', 'T1']],
	},
	'RS4 a zone changed while items are held': {
		people: [office],
		push: [
			['19:00', assigned('T1')],
			[
				'20:00',
				{ preferences: person('ann', { working_hours: OFFICE, timezone: 'America/New_York' }) },
			],
		],
		want: [['20:00', 'slack', 'ann', 'T1']],
	},
	'RS5 an administrator silences: nothing passes, ended early it counts at once': {
		people: [ann],
		push: [
			['10:00', silence(['content.priority="Critical"'], '12:00')],
			['10:10', assigned('T1', { priority: 'Critical' })],
			['10:20', assigned('T2')],
			['11:00', { end_silence: 's1' }],
			['11:30', assigned('T3', { priority: 'Critical' })],
		],
		want: [
			['10:20', 'slack', 'ann', 'T2'],
			['11:00', 'slack', 'ann', 'T1'],
			['11:30', 'slack', 'ann', 'T3'],
		],
	},
	'RS5 a silence covers part of a digest: the rest goes out': {
		people: [ann],
		policy: { aggregation: { group_by: ['recipient', 'channel'] } },
		push: [
			['10:00:00', comment('T1')],
			['10:00:05', comment('T2')],
			['10:00:10', silence(['content.ticket_id=~"T2"'], '10:30')],
		],
		want: [
			['10:00:30', 'slack', 'ann', 'T1'],
			['10:30:00', 'slack', 'ann', 'T2'],
		],
	},
	'a person mutes one ticket: theirs waits, the others and the other people do not; what is mandatory passes':
		{
			people: [ann, person('bob')],
			push: [
				['10:00', silence(['recipient.user_id="ann"', 'content.ticket_id="T1"'], '12:00')],
				['10:10', event('ticket_assigned', 'T1', ['ann', 'bob'], high)],
				['10:20', event('ticket_assigned', 'T2', ['ann'])],
				['10:30', event('security_alert', 'T1', ['ann'])],
			],
			want: [
				['10:10', 'slack', 'bob', 'T1'],
				['10:20', 'slack', 'ann', 'T2'],
				['10:30', 'slack', 'ann', 'T1'],
				['12:00', 'slack', 'ann', 'T1'],
			],
		},
	'RS6 mandatory types ignore preferences, hours and states': {
		people: [
			person('ann', { working_hours: OFFICE, channel: { slack: { categories: ['assigned'] } } }),
		],
		push: [
			['19:00', presence('dnd')],
			['19:10', event('security_alert', 'T1', undefined, { priority: 'Low' })],
			['19:20', event('approval_requested', 'T2', undefined, { priority: 'Low' })],
		],
		want: [
			['19:10', 'slack', 'ann', 'T1'],
			['19:20', 'slack', 'ann', 'T2'],
		],
	},
	'RS6 an administrator still stops a mandatory type': {
		people: [ann],
		push: [
			['10:00', silence(['event_type="security_alert"'], '11:00')],
			['10:10', event('security_alert', 'T1')],
		],
		want: [['11:00', 'slack', 'ann', 'T1']],
	},
	'RS7 children wait while the parent is open; an event on both sides does not hold itself': {
		people: [ann],
		policy: {
			silence: {
				inhibition: [
					{
						source: ['content.kind="switch"'],
						target: ['content.kind=~"host|switch"'],
						equal: ['content.site'],
					},
				],
			},
		},
		push: [
			[
				'10:00',
				event('system_failure', 'P', undefined, { kind: 'switch', site: 'S1', status: 'new' }),
			],
			[
				'10:01',
				event('system_failure', 'C1', undefined, { kind: 'host', site: 'S1', status: 'new' }),
			],
			[
				'10:02',
				event('system_failure', 'C2', undefined, { kind: 'host', site: 'S2', status: 'new' }),
			],
			['10:03', event('system_failure', 'C3', undefined, { kind: 'host', status: 'new' })],
			[
				'10:30',
				event('ticket_resolved', 'P', undefined, {
					kind: 'switch',
					site: 'S1',
					status: 'resolved',
				}),
			],
		],
		want: [
			['10:00', 'slack', 'ann', 'P=new'],
			['10:02', 'slack', 'ann', 'C2=new'],
			['10:03', 'slack', 'ann', 'C3=new'],
			['10:30', 'slack', 'ann', 'P=resolved'],
			['10:30', 'slack', 'ann', 'C1=new'],
		],
	},
	'RS8 what was held goes as one digest across groups, without a further group_wait': {
		people: [ann],
		push: [
			['10:00', presence('in_meeting', '11:00')],
			['10:10', comment('T1')],
			['10:20', comment('T2')],
			['10:30', assigned('T3')],
		],
		want: [['11:00', 'slack', 'ann', 'T1 T2 T3', 'digest']],
	},
	'RS8 a batch time inside quiet hours waits for their end': {
		people: [
			person('ann', {
				quiet_hours: { wednesday: [['13:00', '15:30']] },
				channel: { slack: { frequency: 'batch', batch_time: '14:00,17:00' } },
			}),
		],
		push: [['12:00', assigned('T1')]],
		want: [['15:30', 'slack', 'ann', 'T1']],
	},
	'RS8 a batch entry looked at again before its time keeps its batch time': {
		people: [
			person('ann', {
				quiet_hours: { wednesday: [['09:00', '10:00']] },
				channel: { slack: { frequency: 'batch', batch_time: '12:00' } },
			}),
		],
		push: [
			['08:00', assigned('T1')],
			[
				'09:30',
				{
					preferences: person('ann', {
						quiet_hours: { wednesday: [['09:00', '10:00']] },
						channel: { slack: { frequency: 'batch', batch_time: '12:00' } },
					}),
				},
			],
		],
		want: [['12:00', 'slack', 'ann', 'T1']],
	},
	'RA12 a batch time that passed while it was down goes out on return, not at the next one': {
		people: [person('ann', { channel: { slack: { frequency: 'batch', batch_time: '09:00' } } })],
		push: [
			['08:00:00', assigned('T1')],
			['08:30:00', { restart: { down_for: '45m' } }],
		],
		want: [['09:15', 'slack', 'ann', 'T1']],
	},
};

describe('gate: silence', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		await runTimetable(table);
	});

	test('RS5 a silence that would match everything is refused with a warning unless confirmed', async () => {
		const result = await runTimetable({
			people: [ann],
			push: [
				['10:00', silence(['content.priority=~".*"'], '12:00')],
				['10:10', assigned('T1')],
				[
					'10:20',
					{
						silence: {
							id: 's2',
							matchers: [],
							ends_at: instant('12:00'),
							author: 'eve',
							comment: '',
							confirmed: true,
						},
					},
				],
				['10:30', assigned('T2')],
			],
			want: [
				['10:10', 'slack', 'ann', 'T1'],
				['12:00', 'slack', 'ann', 'T2'],
			],
		});
		expect(result.warnings).toEqual([
			expect.objectContaining({ code: 'silence_matches_everything', field: 'matchers' }),
		]);
	});

	test('RS1 every decision carries its reason and until when', async () => {
		const result = await runTimetable({
			people: [office],
			push: [['19:00', assigned('T1')]],
			want: [['+1 09:00', 'slack', 'ann', 'T1']],
		});
		expect(result.decisions).toEqual([
			expect.objectContaining({
				action: 'hold',
				reason: 'outside_working_hours',
				until: instant('+1 09:00'),
			}),
		]);
	});
});
