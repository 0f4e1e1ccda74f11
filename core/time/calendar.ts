import { ItsmNotifyError, messageOf } from '../errors';
import { dayOf, timeOfDay, weekdayOf } from './wall';

export const WEEKDAYS = [
	'monday',
	'tuesday',
	'wednesday',
	'thursday',
	'friday',
	'saturday',
	'sunday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** `{"monday": [["09:00","12:00"],["13:00","18:00"]], …}`: local times; an end before its start is on the next day. */
export type WeekHours = Partial<Record<Weekday, ReadonlyArray<readonly [string, string]> | null>>;

/** When a person is reachable, in local time. Treated as immutable: results are cached by object and content. */
export interface Schedule {
	readonly working_hours?: WeekHours | null;
	readonly quiet_hours?: WeekHours | null;
	/** Local dates, `YYYY-MM-DD`, that open no window. */
	readonly holidays?: readonly string[] | null;
	/** Local dates that open their weekday's windows, else those of the first weekday that has any. Wins over `holidays`. */
	readonly extra_working_days?: readonly string[] | null;
}

export interface ScheduleProblem {
	/** Path inside the schedule, such as `['working_hours', 'monday', 0]`. */
	path: Array<string | number>;
	message: string;
}

/** Minutes after the midnight of the day on which it starts; an end over 1,440 is on the next day. */
export type MinuteWindow = readonly [start: number, end: number];
/** Seven lists, Monday first. */
export type Week = ReadonlyArray<readonly MinuteWindow[]>;

const DAY = 1_440;
const WEEK = 7 * DAY;
const WHOLE_WEEK: Week = WEEKDAYS.map(() => [[0, DAY]]);

/** A schedule made ready for reckoning. */
export interface Calendar {
	/** Whether working hours are given; without them every day is open from 00:00 to 24:00. */
	hasHours: boolean;
	quiet: Week | undefined;
	holidays: ReadonlySet<number>;
	/** All holidays and extra days as day numbers, rising. */
	specials: readonly number[];
	workOf(day: number): readonly MinuteWindow[];
}

export function calendarOf(schedule: Schedule): Calendar {
	const work = schedule.working_hours
		? readWeek(schedule.working_hours, 'working_hours')
		: WHOLE_WEEK;
	const extra = readDates(schedule.extra_working_days, 'extra_working_days');
	const holidays = new Set(
		[...readDates(schedule.holidays, 'holidays')].filter((day) => !extra.has(day)),
	);
	const first = work.find((windows) => windows.length > 0) ?? [];
	return {
		hasHours: Boolean(schedule.working_hours),
		quiet: schedule.quiet_hours ? readWeek(schedule.quiet_hours, 'quiet_hours') : undefined,
		holidays,
		specials: [...new Set([...holidays, ...extra])].sort((a, b) => a - b),
		workOf(day) {
			if (holidays.has(day)) return [];
			const own = work[weekdayOf(day)];
			return extra.has(day) && own.length === 0 ? first : own;
		},
	};
}

/** What is wrong with a schedule: an unreadable part, or that it can never open (RT3). Undefined where it is sound. */
export function scheduleProblem(schedule: Schedule): ScheduleProblem | undefined {
	const { working_hours, quiet_hours, holidays, extra_working_days } = schedule;
	if (!working_hours && !quiet_hours && !holidays && !extra_working_days) return undefined;
	// People of one company share a few sets of hours: each is looked through once.
	const key = JSON.stringify([working_hours, quiet_hours, holidays, extra_working_days]);
	if (checked.has(key)) return checked.get(key);
	const problem = findProblem(schedule);
	if (checked.size >= MAX_CHECKED) checked.clear();
	checked.set(key, problem);
	return problem;
}

const MAX_CHECKED = 500;
const checked = new Map<string, ScheduleProblem | undefined>();

function findProblem(schedule: Schedule): ScheduleProblem | undefined {
	try {
		const work = schedule.working_hours
			? readWeek(schedule.working_hours, 'working_hours')
			: WHOLE_WEEK;
		const quiet = schedule.quiet_hours ? readWeek(schedule.quiet_hours, 'quiet_hours') : undefined;
		readDates(schedule.holidays, 'holidays');
		readDates(schedule.extra_working_days, 'extra_working_days');
		if (work === WHOLE_WEEK && !quiet) return undefined;
		const open = minutesOf(work);
		if (!open.includes(1))
			return {
				path: ['working_hours'],
				message: 'has no window, so it would never open; leave it out for "always open"',
			};
		const shut = quiet ? minutesOf(quiet) : undefined;
		if (shut && !open.some((on, minute) => on === 1 && shut[minute] === 0)) {
			return {
				path: ['quiet_hours'],
				message: 'leaves no minute open, so nothing could ever be sent',
			};
		}
		return undefined;
	} catch (error) {
		return error instanceof CalendarError ? error.problem : { path: [], message: messageOf(error) };
	}
}

/** Throws `invalid_schedule` naming the field (`prefix` goes before it). */
export function validateSchedule(schedule: Schedule, prefix = ''): void {
	const problem = scheduleProblem(schedule);
	if (problem) throw asError(problem, prefix);
}

class CalendarError extends ItsmNotifyError {
	constructor(readonly problem: ScheduleProblem) {
		const field = problem.path.join('.');
		super('invalid_schedule', `${field}: ${problem.message}`, { field, status: 400 });
	}
}

const asError = (problem: ScheduleProblem, prefix: string): CalendarError =>
	new CalendarError({
		path: prefix ? [prefix, ...problem.path] : problem.path,
		message: problem.message,
	});

const refuse = (path: Array<string | number>, message: string): never => {
	throw new CalendarError({ path, message });
};

function readWeek(hours: WeekHours, field: string): Week {
	if (typeof hours !== 'object' || Array.isArray(hours))
		refuse([field], 'must be an object with weekdays: {"monday": [["09:00","18:00"]]}');
	for (const key of Object.keys(hours)) {
		if (!(WEEKDAYS as readonly string[]).includes(key))
			refuse([field, key], `is no weekday (${WEEKDAYS.join(', ')})`);
	}
	return WEEKDAYS.map((day) => {
		const windows: unknown = hours[day] ?? [];
		if (!Array.isArray(windows))
			return refuse([field, day], 'must be a list of windows: [["09:00","18:00"]]');
		return windows.map((window, index) => readWindow(window, [field, day, index]));
	});
}

function readWindow(window: unknown, path: Array<string | number>): MinuteWindow {
	if (!Array.isArray(window) || window.length !== 2)
		return refuse(path, 'must be a pair of times: ["09:00","18:00"]');
	const [start, end] = window.map(timeOfDay);
	if (start === undefined || start === DAY)
		return refuse([...path, 0], `"${String(window[0])}" is not a time from 00:00 to 23:59`);
	if (end === undefined)
		return refuse([...path, 1], `"${String(window[1])}" is not a time from 00:00 to 24:00`);
	if (start === end)
		return refuse(path, 'starts and ends at the same time; a whole day is ["00:00","24:00"]');
	return [start, end > start ? end : end + DAY];
}

function readDates(dates: readonly string[] | null | undefined, field: string): Set<number> {
	if (dates === null || dates === undefined) return new Set();
	if (!Array.isArray(dates)) return refuse([field], 'must be a list of dates: ["2027-01-01"]');
	return new Set(
		dates.map(
			(text: unknown, index) =>
				(typeof text === 'string' ? dayOf(text) : undefined) ??
				refuse([field, index], `"${String(text)}" is not a date such as 2027-01-01`),
		),
	);
}

/** The minutes of a week that a week's windows cover; a window of Sunday night runs into Monday. */
function minutesOf(week: Week): Uint8Array {
	const minutes = new Uint8Array(WEEK);
	week.forEach((windows, weekday) => {
		for (const [start, end] of windows) {
			const from = weekday * DAY + start;
			const to = weekday * DAY + end;
			minutes.fill(1, from, to);
			if (to > WEEK) minutes.fill(1, 0, to - WEEK);
		}
	});
	return minutes;
}
