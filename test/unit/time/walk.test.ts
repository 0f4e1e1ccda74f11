import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IANAZone } from 'luxon';

import { nextDaily, openAt, WEEKDAYS, type Schedule, type WeekHours } from '../../../core/time';

/** Clock changes of many kinds; the walk begins two days before each. */
const PLACES: Array<[zone: string, change: string]> = [
	['America/New_York', '2027-03-14'],
	['America/New_York', '2026-11-01'],
	['Europe/London', '2027-03-28'],
	['Europe/London', '2026-10-25'],
	['Australia/Lord_Howe', '2026-10-04'],
	['Australia/Lord_Howe', '2027-04-04'],
	['America/Sao_Paulo', '2018-11-04'],
	['America/Sao_Paulo', '2018-02-18'],
	['Africa/Cairo', '2026-04-24'],
	['Africa/Cairo', '2026-10-30'],
	['America/Havana', '2026-11-01'],
	['America/Havana', '2027-03-14'],
	['America/St_Johns', '2010-11-07'],
	['America/Nuuk', '2024-03-31'],
	['Pacific/Apia', '2011-12-30'],
	['Asia/Kathmandu', '2027-01-10'],
	['Asia/Shanghai', '2027-01-10'],
];
const MINUTE = 60_000;
const DAYS = 6;

/** The wall clock minute by minute: the oracle knows nothing of gaps and passes, it only sees hands move. */
interface Walk {
	zone: string;
	start: number;
	/** Local minutes since 1970, per elapsed minute. */
	wall: number[];
	days: number[];
}

const walks: Walk[] = PLACES.map(([zone, change]) => {
	const start = Date.parse(`${change}T00:00:00Z`) - 3 * 86_400_000;
	const iana = IANAZone.create(zone);
	const wall = Array.from({ length: DAYS * 1_440 }, (_, i) =>
		Math.round((start + i * MINUTE) / MINUTE + iana.offset(start + i * MINUTE)),
	);
	return { zone, start, wall, days: [...new Set(wall.map((w) => Math.floor(w / 1_440)))] };
});

/** First pass: the first minute at which the hands show this time or a later one. */
const firstCrossing = (wall: number[], x: number): number => wall.findIndex((w) => w >= x);
/** Second pass: the last minute at which they show exactly this time; a time that they leap over as above. */
function lastPass(wall: number[], x: number): number {
	const last = wall.lastIndexOf(x);
	const first = firstCrossing(wall, x);
	return last >= 0 ? last : first >= 0 ? first : wall.length;
}

const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

function covered(
	walk: Walk,
	windowsOf: (day: number) => ReadonlyArray<readonly [string, string]>,
): boolean[] {
	const inside = new Array<boolean>(walk.wall.length).fill(false);
	for (const day of walk.days) {
		for (const [start, end] of windowsOf(day)) {
			const from = firstCrossing(walk.wall, day * 1_440 + minutes(start));
			const to = lastPass(
				walk.wall,
				day * 1_440 + minutes(end) + (minutes(end) > minutes(start) ? 0 : 1_440),
			);
			if (from >= 0) inside.fill(true, from, Math.max(from, to));
		}
	}
	return inside;
}

const weekday = (day: number): (typeof WEEKDAYS)[number] => WEEKDAYS[(day + 3) % 7];
const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** By index: a walk would fill the report of a counterexample. */
const place = fc.integer({ min: 0, max: PLACES.length - 1 });
const time = fc
	.integer({ min: 0, max: 95 })
	.map(
		(n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`,
	);
const end = fc.oneof(
	{ weight: 6, arbitrary: time },
	{ weight: 1, arbitrary: fc.constant('24:00') },
);
const window = fc.tuple(time, end).filter(([s, e]) => s !== e);
const week: fc.Arbitrary<WeekHours> = fc
	.array(fc.array(window, { maxLength: 3 }), { minLength: 7, maxLength: 7 })
	.map((days) => Object.fromEntries(days.map((windows, i) => [WEEKDAYS[i], windows])));
const filled = week.filter((w) => Object.values(w).some((windows) => (windows ?? []).length > 0));

describe('schedules, walked minute by minute', () => {
	it('RT1 RT2 RT6 RT8: inside, next change and reason are what the hands of the clock show', () => {
		fc.assert(
			fc.property(
				place,
				fc.option(filled, { nil: undefined, freq: 8 }),
				fc.option(week, { nil: undefined, freq: 2 }),
				fc.subarray([0, 1, 2, 3, 4, 5], { maxLength: 2 }),
				fc.subarray([0, 1, 2, 3, 4, 5], { maxLength: 2 }),
				(index, working_hours, quiet_hours, off, extra) => {
					const walk = walks[index];
					const holidays = off.filter((i) => i < walk.days.length).map((i) => dateOf(walk.days[i]));
					const extra_working_days = extra
						.filter((i) => i < walk.days.length)
						.map((i) => dateOf(walk.days[i]));
					const schedule: Schedule = { working_hours, quiet_hours, holidays, extra_working_days };
					const hours =
						working_hours ??
						Object.fromEntries(WEEKDAYS.map((d) => [d, [['00:00', '24:00'] as const]]));
					const first = WEEKDAYS.map((d) => hours[d] ?? []).find((w) => w.length > 0) ?? [];
					const workOf = (day: number): ReadonlyArray<readonly [string, string]> => {
						const own = hours[weekday(day)] ?? [];
						if (extra_working_days.includes(dateOf(day))) return own.length > 0 ? own : first;
						return holidays.includes(dateOf(day)) ? [] : own;
					};
					// Without hours a day begins where the hands first show its date, also where they go back once more.
					let highest = -Infinity;
					const work = working_hours
						? covered(walk, workOf)
						: walk.wall.map((w) => {
								highest = Math.max(highest, w);
								return workOf(Math.floor(highest / 1_440)).length > 0;
							});
					const quiet = quiet_hours ? covered(walk, (day) => quiet_hours[weekday(day)] ?? []) : [];
					const open = work.map((w, i) => w && !quiet[i]);
					// The first two days lack what began before the walk; the last has no tomorrow.
					const from = walk.wall.findIndex((w) => w >= walk.days[2] * 1_440);
					const to = walk.wall.length - 1_600;
					let next = -1;
					const upcoming = new Array<number>(open.length);
					for (let i = open.length - 120; i >= from; i--) {
						upcoming[i] = next;
						if (i > 0 && open[i] !== open[i - 1]) next = i;
					}
					for (let i = from; i < to; i += 1) {
						const at = walk.start + i * MINUTE;
						const answer = openAt(schedule, at, walk.zone);
						if (answer.open !== open[i])
							throw new Error(`${walk.zone} ${new Date(at).toISOString()}: open is ${answer.open}`);
						const should = upcoming[i] < 0 ? undefined : walk.start + upcoming[i] * MINUTE;
						if (should !== undefined && answer.until !== should) {
							throw new Error(
								`${walk.zone} ${new Date(at).toISOString()}: until is ${new Date(answer.until ?? 0).toISOString()}, not ${new Date(should).toISOString()}`,
							);
						}
						if (answer.open !== (answer.why === 'working' || answer.why === 'always'))
							throw new Error(`why ${answer.why}`);
						if ((answer.why === 'quiet_hours') !== (work[i] && quiet[i] === true))
							throw new Error(`why ${answer.why}`);
					}
				},
			),
			{
				numRuns: 150,
				examples: [
					// Havana: the holiday's midnight comes twice.
					[10, undefined, undefined, [4], []],
					// St. John's: the last hour of the holiday comes once more after its end.
					[12, undefined, undefined, [3], []],
				],
			},
		);
	});

	it('RT1: the answer changes exactly at `until`, to the millisecond', () => {
		fc.assert(
			fc.property(
				place,
				filled,
				fc.option(week, { nil: undefined }),
				fc.integer({ min: 0, max: DAYS * 86_400_000 }),
				(index, working_hours, quiet_hours, shift) => {
					const walk = walks[index];
					const schedule: Schedule = { working_hours, quiet_hours };
					let at = walk.start + shift;
					for (let step = 0; step < 12; step++) {
						const { open, until } = openAt(schedule, at, walk.zone);
						if (until === null) return;
						expect(until).toBeGreaterThan(at);
						expect(openAt(schedule, until - 1, walk.zone)).toMatchObject({ open, until });
						expect(openAt(schedule, until, walk.zone).open).toBe(!open);
						at = until;
					}
				},
			),
			{ numRuns: 100 },
		);
	});
});

describe('daily jobs, walked minute by minute', () => {
	it('RT6 RT7: once per local day, on the first pass or the first instant after a gap', () => {
		fc.assert(
			fc.property(place, fc.uniqueArray(time, { minLength: 1, maxLength: 4 }), (index, times) => {
				const { zone, wall, days, start } = walks[index];
				const inner = days.slice(1, -1);
				const due = [
					...new Set(
						inner.flatMap((day) => times.map((t) => firstCrossing(wall, day * 1_440 + minutes(t)))),
					),
				]
					.sort((a, b) => a - b)
					.map((i) => start + i * MINUTE);
				const found: number[] = [];
				let at = due[0] - 1;
				while (found.length < due.length)
					found.push((at = nextDaily(times, at, zone, { strictlyAfter: true })));
				expect(found).toEqual(due);
				for (const instant of due)
					expect(nextDaily(times, instant, zone, { strictlyAfter: false })).toBe(instant);
			}),
			{ numRuns: 200 },
		);
	});
});
