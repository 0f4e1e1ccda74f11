import { nextDaily, openAt, resolveZone, type OpenReason, type Schedule } from '../../../core/time';

/** Local hours of one working week, used by most rows. */
export const OFFICE: Schedule = {
	working_hours: Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => [day, [['09:00', '18:00']]])),
};
const night = (day: string): Schedule => ({ working_hours: { [day]: [['22:00', '06:00']] } });
const on = (day: string, ...windows: Array<[string, string]>): Schedule => ({ working_hours: { [day]: windows } });
const quiet = (day: string, ...windows: Array<[string, string]>): Schedule => ({ quiet_hours: { [day]: windows } });

export interface OpenRow {
	rule: string;
	what: string;
	schedule: Schedule;
	zone: string;
	at: string;
	open: boolean;
	until: string | null;
	why: OpenReason;
}

const row = (rule: string, what: string, schedule: Schedule, zone: string, at: string, open: boolean, until: string | null, why: OpenReason): OpenRow => ({ rule, what, schedule, zone, at, open, until, why });

const NY = 'America/New_York';
const SH = 'Asia/Shanghai';
const UTC = 'UTC';

export const OPEN_ROWS: OpenRow[] = [
	row('RT1', 'the last millisecond before a window', OFFICE, UTC, '2027-03-01T08:59:59.999Z', false, '2027-03-01T09:00:00.000Z', 'outside_working_hours'),
	row('RT1', 'the start belongs to it', OFFICE, UTC, '2027-03-01T09:00:00.000Z', true, '2027-03-01T18:00:00.000Z', 'working'),
	row('RT1', 'its last millisecond', OFFICE, UTC, '2027-03-01T17:59:59.999Z', true, '2027-03-01T18:00:00.000Z', 'working'),
	row('RT1', 'the end does not belong to it', OFFICE, UTC, '2027-03-01T18:00:00.000Z', false, '2027-03-02T09:00:00.000Z', 'outside_working_hours'),
	row('RT1', 'over a weekend', OFFICE, UTC, '2027-03-05T18:00:00Z', false, '2027-03-08T09:00:00.000Z', 'outside_working_hours'),
	row('RT2', 'across midnight, first evening', night('monday'), UTC, '2027-03-01T23:00:00Z', true, '2027-03-02T06:00:00.000Z', 'working'),
	row('RT2', 'across midnight, next morning, a day without windows', night('monday'), UTC, '2027-03-02T05:59:00Z', true, '2027-03-02T06:00:00.000Z', 'working'),
	row('RT2', 'across midnight, the morning of its own day is shut', night('monday'), UTC, '2027-03-01T05:00:00Z', false, '2027-03-01T22:00:00.000Z', 'outside_working_hours'),
	row('RT2', 'Sunday night runs into Monday', night('sunday'), UTC, '2027-03-08T01:00:00Z', true, '2027-03-08T06:00:00.000Z', 'working'),
	row('RT2', 'touching windows are one', on('monday', ['12:00', '18:00'], ['09:00', '12:00']), UTC, '2027-03-01T10:00:00Z', true, '2027-03-01T18:00:00.000Z', 'working'),
	row('RT2', 'overlapping windows are one', on('monday', ['11:00', '15:00'], ['09:00', '12:00']), UTC, '2027-03-01T09:00:00Z', true, '2027-03-01T15:00:00.000Z', 'working'),
	row('RT2', 'a window inside another changes nothing', on('monday', ['09:00', '18:00'], ['10:00', '11:00']), UTC, '2027-03-01T09:00:00Z', true, '2027-03-01T18:00:00.000Z', 'working'),
	row('RT2', 'a lunch break', on('monday', ['09:00', '12:00'], ['13:00', '18:00']), UTC, '2027-03-01T12:00:00Z', false, '2027-03-01T13:00:00.000Z', 'outside_working_hours'),
	row('RT2', '24:00 is the end of the day', on('monday', ['09:00', '24:00']), UTC, '2027-03-01T23:59:59Z', true, '2027-03-02T00:00:00.000Z', 'working'),
	row('RT2', '24:00 touches the next midnight', { working_hours: { monday: [['20:00', '24:00']], tuesday: [['00:00', '02:00']] } }, UTC, '2027-03-01T21:00:00Z', true, '2027-03-02T02:00:00.000Z', 'working'),
	row('RT2', 'a null day is off', { working_hours: { monday: [['22:00', '02:00']], tuesday: null } }, UTC, '2027-03-02T01:00:00Z', true, '2027-03-02T02:00:00.000Z', 'working'),
	row('RT2', 'quiet hours across midnight', quiet('monday', ['22:00', '07:00']), UTC, '2027-03-02T03:00:00Z', false, '2027-03-02T07:00:00.000Z', 'quiet_hours'),
	row('RT2', 'open until the next quiet window, a week on', quiet('monday', ['22:00', '07:00']), UTC, '2027-03-02T07:00:00Z', true, '2027-03-08T22:00:00.000Z', 'always'),
	row('RT2', 'quiet hours end when work is over: shut goes on', { working_hours: { monday: [['09:00', '18:00']] }, quiet_hours: { monday: [['17:00', '20:00']] } }, UTC, '2027-03-01T17:30:00Z', false, '2027-03-08T09:00:00.000Z', 'quiet_hours'),
	row('RT3', 'nothing given is always open', {}, UTC, '2027-03-01T00:00:00Z', true, null, 'always'),
	row('RT3', 'every day whole is open for ever', { working_hours: Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((d) => [d, [['00:00', '24:00']]])) }, NY, '2027-03-01T00:00:00Z', true, null, 'working'),
	row('RT4', 'nine in Shanghai is one in UTC', OFFICE, SH, '2027-03-01T01:00:00Z', true, '2027-03-01T10:00:00.000Z', 'working'),
	row('RT4', 'nine in Kathmandu is 03:15 in UTC', OFFICE, 'Asia/Kathmandu', '2027-03-01T03:14:59Z', false, '2027-03-01T03:15:00.000Z', 'outside_working_hours'),
	row('RT4', 'the weekday is the local one', OFFICE, SH, '2027-02-28T23:00:00Z', false, '2027-03-01T01:00:00.000Z', 'outside_working_hours'),
	// New York: 02:00 → 03:00 on 2027-03-14 (07:00Z), 02:00 → 01:00 on 2026-11-01 (06:00Z).
	row('RT6', 'a start inside the gap is the first instant after it', on('sunday', ['02:30', '05:00']), NY, '2027-03-14T06:59:00Z', false, '2027-03-14T07:00:00.000Z', 'outside_working_hours'),
	row('RT6', 'an end inside the gap is the first instant after it', on('sunday', ['01:00', '02:30']), NY, '2027-03-14T06:30:00Z', true, '2027-03-14T07:00:00.000Z', 'working'),
	row('RT6', 'a window inside the gap does not open that day', on('sunday', ['02:10', '02:50']), NY, '2027-03-14T05:00:00Z', false, '2027-03-21T06:10:00.000Z', 'outside_working_hours'),
	row('RT6', 'a repeated start is the first pass', on('sunday', ['01:30', '05:00']), NY, '2026-11-01T05:29:00Z', false, '2026-11-01T05:30:00.000Z', 'outside_working_hours'),
	row('RT6', 'a repeated end is the second pass', on('sunday', ['00:00', '01:30']), NY, '2026-11-01T05:45:00Z', true, '2026-11-01T06:30:00.000Z', 'working'),
	row('RT6', 'half an hour back (Lord Howe)', on('sunday', ['00:00', '01:45']), 'Australia/Lord_Howe', '2027-04-03T14:50:00Z', true, '2027-04-03T15:15:00.000Z', 'working'),
	row('RT6', 'a day without midnight (São Paulo)', on('sunday', ['00:00', '06:00']), 'America/Sao_Paulo', '2018-11-04T02:59:59Z', false, '2018-11-04T03:00:00.000Z', 'outside_working_hours'),
	row('RT6', 'days of 25 hours touch without a gap', { working_hours: { saturday: [['00:00', '24:00']], sunday: [['00:00', '24:00']] } }, 'America/Havana', '2026-10-31T12:00:00Z', true, '2026-11-02T05:00:00.000Z', 'working'),
	row('RT7', 'wall time is kept over a clock change', OFFICE, NY, '2027-03-12T23:00:00Z', false, '2027-03-15T13:00:00.000Z', 'outside_working_hours'),
	row('RT8', 'a holiday opens nothing', { ...OFFICE, holidays: ['2027-03-02'] }, UTC, '2027-03-02T10:00:00Z', false, '2027-03-03T09:00:00.000Z', 'holiday'),
	row('RT8', 'closing time before a holiday', { ...OFFICE, holidays: ['2027-03-02'] }, UTC, '2027-03-01T18:00:00Z', false, '2027-03-03T09:00:00.000Z', 'outside_working_hours'),
	row('RT8', 'the night shift before a holiday runs out', { ...night('monday'), holidays: ['2027-03-02'] }, UTC, '2027-03-02T03:00:00Z', true, '2027-03-02T06:00:00.000Z', 'working'),
	row('RT8', 'a make-up Saturday takes the first weekday that has windows', { ...OFFICE, extra_working_days: ['2027-03-06'] }, SH, '2027-03-06T02:00:00Z', true, '2027-03-06T10:00:00.000Z', 'working'),
	row('RT8', 'a make-up day uses its own weekday where that has windows', { working_hours: { monday: [['09:00', '10:00']], saturday: [['11:00', '12:00']] }, holidays: ['2027-03-06'], extra_working_days: ['2027-03-06'] }, UTC, '2027-03-06T09:30:00Z', false, '2027-03-06T11:00:00.000Z', 'outside_working_hours'),
	row('RT8', 'a date in both lists works', { ...OFFICE, holidays: ['2027-03-02'], extra_working_days: ['2027-03-02'] }, UTC, '2027-03-02T10:00:00Z', true, '2027-03-02T18:00:00.000Z', 'working'),
	row('RT8', 'a holiday without working hours shuts the day', { holidays: ['2027-03-02'] }, UTC, '2027-03-01T10:00:00Z', true, '2027-03-02T00:00:00.000Z', 'always'),
	row('RT8', 'and it opens at midnight, for ever', { holidays: ['2027-03-02'] }, UTC, '2027-03-02T10:00:00Z', false, '2027-03-03T00:00:00.000Z', 'holiday'),
	row('RT8', 'a holiday years away is found', { holidays: ['2039-03-02'] }, SH, '2027-03-02T10:00:00Z', true, '2039-03-01T16:00:00.000Z', 'always'),
	row('RT8', 'the National Day week with its make-up Sunday', { ...OFFICE, holidays: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'], extra_working_days: ['2026-10-10'] }, SH, '2026-09-30T10:00:00Z', false, '2026-10-08T01:00:00.000Z', 'outside_working_hours'),
];

export interface DailyRow {
	rule: string;
	what: string;
	times: string[];
	zone: string;
	at: string;
	strictlyAfter: boolean;
	next: string;
}

const daily = (rule: string, what: string, times: string[], zone: string, at: string, next: string, strictlyAfter = true): DailyRow => ({ rule, what, times, zone, at, strictlyAfter, next });

export const DAILY_ROWS: DailyRow[] = [
	daily('RT7', 'the next of three', ['09:00', '14:00', '17:00'], SH, '2027-03-01T01:00:00Z', '2027-03-01T06:00:00.000Z'),
	daily('RT7', 'now counts where it may', ['09:00', '14:00'], SH, '2027-03-01T01:00:00Z', '2027-03-01T01:00:00.000Z', false),
	daily('RT7', 'after the last of the day', ['09:00', '14:00'], SH, '2027-03-01T06:00:01Z', '2027-03-02T01:00:00.000Z'),
	daily('RT7', 'wall time before the change', ['09:00'], NY, '2027-03-12T20:00:00Z', '2027-03-13T14:00:00.000Z'),
	daily('RT7', 'wall time after the change: 23 h later', ['09:00'], NY, '2027-03-13T14:00:00Z', '2027-03-14T13:00:00.000Z'),
	daily('RT6', 'a missing time runs at the first instant after the gap', ['02:30'], NY, '2027-03-14T05:00:00Z', '2027-03-14T07:00:00.000Z'),
	daily('RT6', 'and not again that day', ['02:30'], NY, '2027-03-14T07:00:00Z', '2027-03-15T06:30:00.000Z'),
	daily('RT6', 'two missing times are one run', ['02:15', '02:45'], NY, '2027-03-14T07:00:00Z', '2027-03-15T06:15:00.000Z'),
	daily('RT6', 'a repeated time runs on its first pass', ['01:30'], NY, '2026-11-01T05:00:00Z', '2026-11-01T05:30:00.000Z'),
	daily('RT6', 'and not on the second', ['01:30'], NY, '2026-11-01T05:30:00Z', '2026-11-02T06:30:00.000Z'),
	daily('RT7', 'a day without midnight (São Paulo)', ['00:00'], 'America/Sao_Paulo', '2018-11-03T12:00:00Z', '2018-11-04T03:00:00.000Z'),
	daily('RT7', 'a day without midnight (Cairo)', ['00:00'], 'Africa/Cairo', '2026-04-23T12:00:00Z', '2026-04-23T22:00:00.000Z'),
	daily('RT7', 'half an hour on (Lord Howe)', ['02:15'], 'Australia/Lord_Howe', '2026-10-03T12:00:00Z', '2026-10-03T15:30:00.000Z'),
	daily('RT7', 'half an hour back (Lord Howe)', ['01:45'], 'Australia/Lord_Howe', '2027-04-03T14:45:00Z', '2027-04-04T15:15:00.000Z'),
	daily('RT7', 'a date that the zone skips runs nothing (Apia)', ['09:00'], 'Pacific/Apia', '2011-12-29T20:00:00Z', '2011-12-30T19:00:00.000Z'),
];

export const ZONE_ROWS: Array<{ what: string; candidates: Array<string | null | undefined>; zone: string; warning?: string }> = [
	{ what: 'the own one', candidates: ['Asia/Shanghai', 'UTC'], zone: 'Asia/Shanghai' },
	{ what: 'unknown: the team’s, with a warning', candidates: ['Mars/Olympus', 'Europe/Berlin'], zone: 'Europe/Berlin', warning: 'unknown_zone' },
	{ what: 'empty: the default, with a warning', candidates: ['', null, 'Asia/Tokyo'], zone: 'Asia/Tokyo', warning: 'no_zone' },
	{ what: 'absent: the team’s', candidates: [undefined, 'Europe/Berlin'], zone: 'Europe/Berlin' },
	{ what: 'none at all: UTC, with a warning', candidates: [undefined, null], zone: 'UTC', warning: 'no_zone' },
	{ what: 'an abbreviation is not read as a zone', candidates: ['CST', 'EST', '+08:00'], zone: 'UTC', warning: 'unknown_zone' },
];

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Every row's answer, for comparison under another TZ. */
export const answers = (): unknown => ({
	open: OPEN_ROWS.map(({ schedule, at, zone }) => {
		const { open, until, why } = openAt(schedule, Date.parse(at), zone);
		return { open, until: iso(until), why };
	}),
	daily: DAILY_ROWS.map(({ times, at, zone, strictlyAfter }) => iso(nextDaily(times, Date.parse(at), zone, { strictlyAfter }))),
	zones: ZONE_ROWS.map(({ candidates }) => resolveZone(candidates).zone),
});
