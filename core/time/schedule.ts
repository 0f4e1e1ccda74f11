import { calendarOf, type Calendar, type MinuteWindow, type Schedule } from './calendar';
import { DAY_MS, localDay, wallDay, weekdayOf, type WallDay } from './wall';

export { scheduleProblem, validateSchedule, WEEKDAYS } from './calendar';
export type { Schedule, ScheduleProblem, Weekday, WeekHours } from './calendar';

export type OpenReason = 'working' | 'always' | 'outside_working_hours' | 'holiday' | 'quiet_hours';

export interface OpenState {
	/** Inside working hours (or none given) and not inside quiet hours. */
	open: boolean;
	/** The next instant (epoch ms) at which `open` changes; null = never. */
	until: number | null;
	/** `working` and `always` are open; the others say what closes it, in the order of the silence rules. */
	why: OpenReason;
}

type Interval = readonly [from: number, to: number];

interface Segment {
	from: number;
	state: { open: boolean; why: OpenReason };
	/** Worked out on first use: the answer as it is handed out. */
	answer?: Readonly<OpenState>;
}

/** One local date as instants: the segments cover [from, to) without a gap. */
interface Plan {
	day: number;
	from: number;
	to: number;
	segments: Segment[];
}

interface Almanac {
	zone: string;
	calendar: Calendar;
	plans: Map<number, Plan>;
	last?: Plan;
}

/** A clock change may swallow a weekly window once; two weeks without a change mean there is none. */
const CALM_DAYS = 16;
const MAX_PLANS = 64;
const MAX_ALMANACS = 500;

const byObject = new WeakMap<Schedule, Map<string, Almanac>>();
const byContent = new Map<string, Almanac>();

/**
 * Is the schedule open at an instant, and when does that change next? One function for both, so they agree at every
 * second (RT1). Windows are half-open; days, clock changes, holidays and extra days as in RT2, RT6 and RT8.
 * `zone` is an IANA id. Throws `invalid_schedule` naming the field, `invalid_zone`.
 */
export function openAt(schedule: Schedule, instantMs: number, zone: string): Readonly<OpenState> {
	const almanac = almanacOf(schedule, zone);
	const plan = planAt(almanac, instantMs);
	let segment = plan.segments[0];
	for (const next of plan.segments) {
		if (next.from > instantMs) break;
		segment = next;
	}
	segment.answer ??= Object.freeze({
		open: segment.state.open,
		until: nextChange(almanac, plan, segment),
		why: segment.state.why,
	});
	return segment.answer;
}

function almanacOf(schedule: Schedule, zone: string): Almanac {
	let zones = byObject.get(schedule);
	if (!zones) byObject.set(schedule, (zones = new Map()));
	let almanac = zones.get(zone);
	if (almanac) return almanac;
	// People of one team have equal hours in different objects: they share the reckoning.
	const key = JSON.stringify([
		zone,
		schedule.working_hours,
		schedule.quiet_hours,
		schedule.holidays,
		schedule.extra_working_days,
	]);
	almanac = byContent.get(key);
	if (!almanac) {
		almanac = { zone, calendar: calendarOf(schedule), plans: new Map() };
		if (byContent.size >= MAX_ALMANACS) byContent.clear();
		byContent.set(key, almanac);
	}
	zones.set(zone, almanac);
	return almanac;
}

function planAt(almanac: Almanac, instantMs: number): Plan {
	const last = almanac.last;
	if (last && last.from <= instantMs && instantMs < last.to) return last;
	let day = localDay(almanac.zone, instantMs);
	let plan = planOf(almanac, day);
	// A clock set back across midnight makes a date come twice: plans are told apart by instants.
	while (instantMs < plan.from) plan = planOf(almanac, --day);
	while (instantMs >= plan.to) plan = planOf(almanac, ++day);
	almanac.last = plan;
	return plan;
}

function planOf(almanac: Almanac, day: number): Plan {
	const known = almanac.plans.get(day);
	if (known) return known;
	const { zone, calendar } = almanac;
	const walls = [-2, -1, 0, 1, 2].map((shift) => wallDay(zone, day + shift));
	const from = walls[2].at(0, 'first');
	const to = walls[3].at(0, 'first');
	// Windows of the two days before may still run; one of the next day may begin early by a clock change.
	const days = [-2, -1, 0, 1];
	// Without hours a day ends where the next date begins: where that midnight comes twice, a holiday has both.
	const midnight = calendar.hasHours ? 'second' : 'first';
	const work = days.flatMap((shift, i) =>
		intervals(calendar.workOf(day + shift), walls[i], walls[i + 1], midnight),
	);
	const quiet = days.flatMap((shift, i) =>
		intervals(calendar.quiet?.[weekdayOf(day + shift)] ?? [], walls[i], walls[i + 1]),
	);
	const bounds = new Set([from]);
	for (const interval of [...work, ...quiet])
		for (const bound of interval) if (bound > from && bound < to) bounds.add(bound);
	const stateAt = (instant: number): Segment['state'] => {
		if (!inside(work, instant))
			return { open: false, why: calendar.holidays.has(day) ? 'holiday' : 'outside_working_hours' };
		if (inside(quiet, instant)) return { open: false, why: 'quiet_hours' };
		return { open: true, why: calendar.hasHours ? 'working' : 'always' };
	};
	const segments = [...bounds]
		.sort((a, b) => a - b)
		.map((bound) => ({ from: bound, state: stateAt(bound) }));
	const plan: Plan = { day, from, to, segments };
	if (almanac.plans.size >= MAX_PLANS) almanac.plans.clear();
	almanac.plans.set(day, plan);
	return plan;
}

function intervals(
	windows: readonly MinuteWindow[],
	wall: WallDay,
	next: WallDay,
	midnight: 'first' | 'second' = 'second',
): Interval[] {
	if (!wall.exists) return [];
	return windows
		.map(
			([start, end]): Interval => [
				wall.at(start, 'first'),
				end < 1_440
					? wall.at(end, 'second')
					: next.at(end - 1_440, end === 1_440 ? midnight : 'second'),
			],
		)
		.filter(([from, to]) => from < to);
}

const inside = (list: readonly Interval[], instant: number): boolean =>
	list.some(([from, to]) => from <= instant && instant < to);

function nextChange(almanac: Almanac, start: Plan, segment: Segment): number | null {
	const { open } = segment.state;
	for (const later of start.segments)
		if (later.from > segment.from && later.state.open !== open) return later.from;
	let calm = 0;
	for (let day = start.day + 1; ; day++) {
		const { segments, from, to } = planOf(almanac, day);
		// A skipped date has no instants.
		if (from < to) for (const later of segments) if (later.state.open !== open) return later.from;
		calm = special(almanac.calendar, day) ? 0 : calm + 1;
		if (calm <= CALM_DAYS) continue;
		const next = almanac.calendar.specials.find((date) => date > day);
		if (next === undefined) return null;
		// Nothing but a holiday or an extra day can change it: go on shortly before that one.
		day = Math.max(day, next - 2);
		calm = 0;
	}
}

const special = (calendar: Calendar, day: number): boolean => calendar.specials.includes(day);

/** For tests and callers that show dates: the local date of an instant as `YYYY-MM-DD`. */
export const localDate = (instantMs: number, zone: string): string =>
	new Date(localDay(zone, instantMs) * DAY_MS).toISOString().slice(0, 10);
