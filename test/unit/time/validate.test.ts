import { describe, expect, it } from '@jest/globals';

import {
	checkZone,
	durationMs,
	nextDaily,
	openAt,
	parseBatchTimes,
	refusedZone,
	validateSchedule,
	validZone,
	type Schedule,
} from '../../../core/time';

const thrown = (run: () => unknown): { code?: string; field?: string } => {
	try {
		run();
	} catch (error) {
		return error as { code: string; field: string };
	}
	return {};
};

describe('RT3 schedules that are refused, with the field', () => {
	it.each<[string, unknown, string]>([
		['no weekday at all', { working_hours: {} }, 'working_hours'],
		['only empty days', { working_hours: { monday: [], friday: null } }, 'working_hours'],
		[
			'extra days cannot open what has no window',
			{ working_hours: {}, extra_working_days: ['2027-03-06'] },
			'working_hours',
		],
		[
			'quiet all week',
			{
				quiet_hours: Object.fromEntries(
					['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map(
						(d) => [d, [['00:00', '24:00']]],
					),
				),
			},
			'quiet_hours',
		],
		[
			'quiet over all of work, from the night before',
			{
				working_hours: { tuesday: [['01:00', '05:00']] },
				quiet_hours: { monday: [['22:00', '06:00']] },
			},
			'quiet_hours',
		],
		[
			'quiet Sunday night over Monday morning',
			{
				working_hours: { monday: [['01:00', '05:00']] },
				quiet_hours: { sunday: [['22:00', '06:00']] },
			},
			'quiet_hours',
		],
		[
			'start equals end',
			{ working_hours: { monday: [['09:00', '09:00']] } },
			'working_hours.monday.0',
		],
		[
			'24:00 as a start',
			{ working_hours: { monday: [['24:00', '09:00']] } },
			'working_hours.monday.0.0',
		],
		['no time', { working_hours: { monday: [['nine', '18:00']] } }, 'working_hours.monday.0.0'],
		['25:00', { quiet_hours: { monday: [['09:00', '25:00']] } }, 'quiet_hours.monday.0.1'],
		['a bare pair', { working_hours: { monday: ['09:00', '18:00'] } }, 'working_hours.monday.0'],
		['an unknown weekday', { working_hours: { mon: [['09:00', '18:00']] } }, 'working_hours.mon'],
		['a list instead of days', { working_hours: [['09:00', '18:00']] }, 'working_hours'],
		['no date', { holidays: ['2027-02-30'] }, 'holidays.0'],
		['no list of dates', { extra_working_days: '2027-02-03' }, 'extra_working_days'],
	])('%s', (_, schedule, field) => {
		expect(thrown(() => validateSchedule(schedule as Schedule))).toMatchObject({
			code: 'invalid_schedule',
			field,
		});
	});

	it.each<[string, Schedule]>([
		['nothing', {}],
		[
			'one minute a week',
			{
				working_hours: { monday: [['09:00', '09:01']] },
				quiet_hours: { monday: [['09:01', '09:00']] },
			},
		],
		['full-width digits', { working_hours: { monday: [['０９：００', '１８：００']] } }],
		['null fields', { working_hours: null, quiet_hours: null, holidays: null }],
	])('accepted: %s', (_, schedule) => {
		expect(() => validateSchedule(schedule)).not.toThrow();
	});

	it('is not read as "always" where it comes unchecked: shut, for ever', () => {
		expect(openAt({ working_hours: {} }, 0, 'UTC')).toEqual({
			open: false,
			until: null,
			why: 'outside_working_hours',
		});
		expect(() => openAt({ working_hours: { monday: [['x', 'y']] } }, 0, 'UTC')).toThrow(
			/working_hours/,
		);
	});
});

describe('RT5 zones', () => {
	it.each([
		'Asia/Shanghai',
		'America/Argentina/Buenos_Aires',
		'UTC',
		'Etc/UTC',
		'Etc/GMT+8',
		'Japan',
		'asia/kolkata',
	])('%s is one', (name) => {
		expect(validZone(name)).toBe(true);
		expect(checkZone(name, 'timezone')).toBe(name);
	});

	it.each([
		'CST',
		'EST',
		'EST5EDT',
		'PST8PDT',
		'cet',
		'GMT',
		'MST',
		'BST',
		'+08:00',
		'-5',
		'8',
		'UTC+8',
		'GMT-05:00',
		'+0800',
		'Z+1',
	])('%s is refused at save time', (name) => {
		expect(validZone(name)).toBe(false);
		expect(refusedZone(name)).toMatch(/IANA/);
		expect(thrown(() => checkZone(name, 'routing.timezone'))).toMatchObject({
			code: 'invalid_zone',
			field: 'routing.timezone',
		});
	});

	it.each(['Mars/Olympus', '', 'local', 'system', 'Asia/Shanghai ', null, 8])(
		'%p is no zone',
		(name) => {
			expect(validZone(name)).toBe(false);
		},
	);

	it('refuses to reckon in a zone that is none', () => {
		expect(
			thrown(() => openAt({ working_hours: { monday: [['09:00', '18:00']] } }, 0, 'Mars/Olympus')),
		).toMatchObject({ code: 'invalid_zone' });
		expect(
			thrown(() => nextDaily(['09:00'], 0, 'Mars/Olympus', { strictlyAfter: true })),
		).toMatchObject({ code: 'invalid_zone' });
	});
});

describe('batch times', () => {
	it.each<[unknown, string[]]>([
		['09:00,14:00,17:00', ['09:00', '14:00', '17:00']],
		['17:00, 9:00 ,09:00', ['09:00', '17:00']],
		['０９：００，１４：００', ['09:00', '14:00']],
		['09:00、14:00；17:00', ['09:00', '14:00', '17:00']],
		[
			['14:00', '09:00:00'],
			['09:00', '14:00'],
		],
		['00:00', ['00:00']],
	])('%p', (value, times) => expect(parseBatchTimes(value)).toEqual(times));

	it.each([undefined, null, '', ' , ', '24:00', '9', '09:60', '25:00', 'noon', [], [9], 900, {}])(
		'%p is refused with the field',
		(value) => {
			expect(thrown(() => parseBatchTimes(value, 'email.batch_time'))).toMatchObject({
				code: 'invalid_batch_time',
				field: 'email.batch_time',
			});
		},
	);
});

describe('durations', () => {
	it.each<[unknown, number | undefined]>([
		['0s', 0],
		['30s', 30_000],
		['5m', 300_000],
		['2h', 7_200_000],
		['1d', 86_400_000],
		['1.5h', 5_400_000],
		['', undefined],
		['5', undefined],
		['-5m', undefined],
		[5, undefined],
	])('%p', (text, ms) => expect(durationMs(text)).toBe(ms));
});

it('a cached answer costs microseconds', () => {
	const schedule: Schedule = { working_hours: { monday: [['09:00', '18:00']] } };
	const start = Date.parse('2027-03-01T08:00:00Z');
	for (let i = 0; i < 1_000; i++) openAt(schedule, start + i, 'America/New_York');
	const before = process.hrtime.bigint();
	for (let i = 0; i < 20_000; i++) openAt(schedule, start + i * 100, 'America/New_York');
	const micros = Number(process.hrtime.bigint() - before) / 1_000 / 20_000;
	process.stdout.write(`openAt, cached: ${micros.toFixed(2)} µs\n`);
});
