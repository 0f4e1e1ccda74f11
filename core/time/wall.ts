import { IANAZone } from 'luxon';

import { ItsmNotifyError } from '../errors';

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A local time that exists twice: a window starts on its first pass and ends on its second (RT6). */
export type Pass = 'first' | 'second';

/** A zone's offset from UTC at an instant, in ms. Asked anew every time: offsets are never cached (RT5). */
export const offsetAt = (zone: string, instantMs: number): number => {
	const offset = IANAZone.create(zone).offset(instantMs);
	if (Number.isNaN(offset))
		throw new ItsmNotifyError('invalid_zone', `"${zone}" is not a known IANA zone`, {
			field: 'timezone',
		});
	return Math.round(offset * MINUTE_MS);
};

/** The local date of an instant as days since 1970-01-01. */
export const localDay = (zone: string, instantMs: number): number =>
	Math.floor((instantMs + offsetAt(zone, instantMs)) / DAY_MS);

/** 0 = Monday … 6 = Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** `YYYY-MM-DD` → days since 1970-01-01; undefined for what is no date. */
export function dayOf(text: string): number | undefined {
	const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
	if (!match) return undefined;
	const ms = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
	return new Date(ms).toISOString().startsWith(text) ? ms / DAY_MS : undefined;
}

/** The wall clock of one local date in one zone. */
export interface WallDay {
	/** False where the zone skipped the whole date (Pacific/Apia, 2011-12-30). */
	exists: boolean;
	/** The instant of a local time, in minutes after midnight: a missing one is the first instant after the gap. */
	at(minutes: number, pass: Pass): number;
}

/** Reads the offsets around a local date once, for every time of that date. */
export function wallDay(zone: string, day: number): WallDay {
	const midnight = day * DAY_MS;
	// Local times of this date lie between UTC+14 and UTC-12; one clock change at most is assumed in between.
	const before = offsetAt(zone, midnight - 15 * HOUR_MS);
	const after = offsetAt(zone, midnight + 37 * HOUR_MS);
	if (before === after)
		return { exists: true, at: (minutes) => midnight + minutes * MINUTE_MS - before };
	const change = transition(zone, midnight - 15 * HOUR_MS, midnight + 37 * HOUR_MS, before);
	const at = (minutes: number, pass: Pass): number => {
		const wall = midnight + minutes * MINUTE_MS;
		const early = wall - before;
		const late = wall - after;
		const earlyHolds = early < change;
		const lateHolds = late >= change;
		if (earlyHolds && lateHolds) return pass === 'first' ? early : late;
		if (earlyHolds) return early;
		return lateHolds ? late : change;
	};
	return { exists: at(24 * 60, 'second') > at(0, 'first'), at };
}

/** The instant, to the ms, at which the offset stops being `before`. */
function transition(zone: string, from: number, to: number, before: number): number {
	let low = from;
	let high = to;
	while (high - low > 1) {
		const middle = Math.floor((low + high) / 2);
		if (offsetAt(zone, middle) === before) low = middle;
		else high = middle;
	}
	return high;
}

/** `09:00`, `9:00`, `09:00:00`, full-width `０９：００`, and `24:00` → minutes after midnight; undefined for anything else. */
export function timeOfDay(text: unknown): number | undefined {
	if (typeof text !== 'string') return undefined;
	const match = /^(\d{1,2}):(\d{2})(?::00)?$/.exec(text.normalize('NFKC').trim());
	if (!match) return undefined;
	const minutes = Number(match[1]) * 60 + Number(match[2]);
	return Number(match[2]) < 60 && minutes <= 24 * 60 ? minutes : undefined;
}
