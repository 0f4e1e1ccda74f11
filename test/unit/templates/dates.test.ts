import { renderDelivery } from '../../../core/templates/index';
import { toInstant } from '../../../core/templates/time/instant';
import { delivery, NOW, oneLeaf, options } from './helpers';

interface Reader {
	language?: string;
	timezone?: string | null;
	now?: string;
	defaultTimezone?: string;
}

function show(template: string, reader: Reader = {}, due: unknown = '2023-09-06T12:00:00Z') {
	const { language = 'en', timezone = 'Asia/Shanghai', now, defaultTimezone } = reader;
	const result = renderDelivery(
		delivery(
			{ channel: 'sms', recipient: { language, timezone } },
			{ context: { sla_deadline: due } },
		),
		options({
			overrides: [oneLeaf(template)],
			templateId: 't',
			now: now ? new Date(now) : NOW,
			defaultTimezone,
		}),
	);
	return result.ok ? result.message.text : result.code;
}

describe('dates', () => {
	it.each([
		['{{ticket.due}}', 'zh-CN', '2023-09-06 20:00'],
		['{{date ticket.due}}', 'zh-CN', '2023-09-06 20:00'],
		['{{date ticket.due "short"}}', 'zh-CN', '09-06 20:00'],
		['{{date ticket.due "long"}}', 'zh-CN', '2023年9月6日 星期三 20:00'],
		['{{date ticket.due "day"}}', 'zh-CN', '2023-09-06'],
		['{{time ticket.due}}', 'zh-CN', '20:00'],
		['{{date ticket.due "iso"}}', 'zh-CN', '2023-09-06T12:00:00.000Z'],
		['{{ticket.due}}', 'en', '6 Sep 2023, 20:00'],
		['{{date ticket.due "short"}}', 'en-GB', '6 Sep, 20:00'],
		['{{date ticket.due "long"}}', 'en', 'Wednesday, 6 September 2023, 20:00'],
		['{{date ticket.due "day"}}', 'en', '6 Sep 2023'],
		['{{ticket.due}}', 'en-US', 'Sep 6, 2023, 8:00 PM'],
		['{{time ticket.due}}', 'en-US', '8:00 PM'],
		['{{date ticket.due "day"}}', 'de', '6. Sept. 2023'],
		['{{ticket.due}}', '§§', '6 Sep 2023, 20:00'],
		['{{system.current_time}}', 'zh-CN', '2023-09-06 18:35'],
		['{{date event.timestamp}}', 'en', '6 Sep 2023, 18:30'],
		['{{date "2023-09-06T12:00:00+02:00"}}', 'en', '6 Sep 2023, 18:00'],
		['{{date "2023-09-06T12:00:00"}}', 'en', '6 Sep 2023, 20:00'],
		['{{date "tomorrow"}}', 'en', 'tomorrow'],
		['{{date ticket.due.ms}}', 'en', '6 Sep 2023, 20:00'],
	])('%s for %s is "%s"', (template, language, expected) =>
		expect(show(template, { language })).toBe(expected),
	);

	it("short tells the year where it is not this one, in the reader's zone", () => {
		const due = '2023-12-31T20:00:00Z';
		expect(show('{{date ticket.due "short"}}', { now: '2023-12-31T12:00:00Z' }, due)).toBe(
			'1 Jan 2024, 04:00',
		);
		expect(show('{{date ticket.due "short"}}', { now: '2023-12-31T17:00:00Z' }, due)).toBe(
			'1 Jan, 04:00',
		);
		expect(
			show(
				'{{date ticket.due "short"}}',
				{ timezone: 'America/New_York', now: '2024-01-01T03:00:00Z' },
				due,
			),
		).toBe('31 Dec, 15:00');
	});

	it('a deadline that is no date is shown as it came', () => {
		expect(show('{{ticket.due}} {{date ticket.due}}', {}, 'end of day')).toBe(
			'end of day end of day',
		);
	});

	it('no deadline is no value', () => {
		expect(
			show('{{date ticket.due}}|{{relative ticket.due}}|{{#if ticket.due}}x{{/if}}', {}, null),
		).toBe('–|–|');
	});
});

describe('zones', () => {
	const at = (due: string, timezone: string) =>
		show('{{date ticket.due "short"}}', { timezone, now: '2027-06-01T00:00:00Z' }, due);

	it.each([
		['before the clock jumps', 'America/New_York', '2027-03-14T06:59:00Z', '14 Mar, 01:59'],
		['after it: 02:00 does not exist', 'America/New_York', '2027-03-14T07:00:00Z', '14 Mar, 03:00'],
		['the first 01:30', 'America/New_York', '2027-11-07T05:30:00Z', '7 Nov, 01:30'],
		['the second 01:30', 'America/New_York', '2027-11-07T06:30:00Z', '7 Nov, 01:30'],
		['half an hour of summer time', 'Australia/Lord_Howe', '2027-04-03T15:00:00Z', '4 Apr, 01:30'],
		['quarter hours', 'Asia/Kathmandu', '2027-01-01T00:00:00Z', '1 Jan, 05:45'],
		['no daylight saving', 'Asia/Shanghai', '2027-07-01T00:00:00Z', '1 Jul, 08:00'],
	])('%s', (_name, zone, due, expected) => expect(at(due, zone)).toBe(expected));

	it.each([
		[
			"the reader's",
			{ timezone: 'Europe/Berlin', defaultTimezone: 'Asia/Tokyo' },
			'6 Sep 2023, 14:00',
		],
		[
			'the default where the reader has none',
			{ timezone: null, defaultTimezone: 'Asia/Tokyo' },
			'6 Sep 2023, 21:00',
		],
		[
			'the default for an abbreviation',
			{ timezone: 'CST', defaultTimezone: 'Asia/Tokyo' },
			'6 Sep 2023, 21:00',
		],
		[
			'the default for an offset',
			{ timezone: 'UTC+8', defaultTimezone: 'Asia/Tokyo' },
			'6 Sep 2023, 21:00',
		],
		[
			'the default for an unknown zone',
			{ timezone: 'Mars/Base', defaultTimezone: 'Asia/Tokyo' },
			'6 Sep 2023, 21:00',
		],
		['UTC, said so, where nobody has one', { timezone: null }, '6 Sep 2023, 12:00 UTC'],
	])('%s', (_name, reader, expected) => expect(show('{{date ticket.due}}', reader)).toBe(expected));
});

describe('relative times', () => {
	it.each([
		['2023-09-06T11:00:00Z', 'in 25 minutes', '25 分钟后', '25 minutes'],
		['2023-09-06T10:36:59Z', 'in 1 minute', '1 分钟后', '1 minute'],
		['2023-09-06T10:35:59Z', 'in less than a minute', '不到 1 分钟后', 'less than a minute'],
		['2023-09-06T10:35:00Z', 'in less than a minute', '不到 1 分钟后', 'less than a minute'],
		['2023-09-06T10:34:30Z', 'less than a minute ago', '不到 1 分钟前', 'less than a minute'],
		['2023-09-06T12:35:00Z', 'in 2 hours', '2 小时后', '2 hours'],
		['2023-09-06T08:30:00Z', '2 hours 5 minutes ago', '2 小时 5 分钟前', '2 hours 5 minutes'],
		['2023-09-07T11:40:00Z', 'in 1 day 1 hour', '1 天 1 小时后', '1 day 1 hour'],
		['2023-09-03T10:35:00Z', '3 days ago', '3 天前', '3 days'],
	])('%s: %s, %s', (due, en, zh, span) => {
		expect(show('{{relative ticket.due}}', {}, due)).toBe(en);
		expect(show('{{relative ticket.due}}', { language: 'zh-CN' }, due)).toBe(zh);
		expect(show('{{duration ticket.due}}', {}, due)).toBe(span);
	});

	it('in another language through Intl', () => {
		expect(show('{{relative ticket.due}}', { language: 'fr' }, '2023-09-06T11:00:00Z')).toBe(
			'dans 25 minutes',
		);
		expect(show('{{relative ticket.due}}', { language: '§§' }, '2023-09-06T11:00:00Z')).toBe(
			'in 25 minutes',
		);
	});

	it('is elapsed time, also over a clock change', () => {
		const reader = { timezone: 'America/New_York', now: '2027-03-14T06:30:00Z' };
		expect(show('{{relative ticket.due}}', reader, '2027-03-14T07:30:00Z')).toBe('in 1 hour');
	});
});

it('an instant at the very end of time is no date in anybody’s zone', () => {
	expect(toInstant('+275760-09-12T16:00:00.001Z')).toBeUndefined();
	expect(toInstant(-8.64e15)).toBeUndefined();
	expect(toInstant('9999-12-31T23:59:59Z')).toBeDefined();
});
