import { DateTime } from 'luxon';

import type { ReaderClock } from '../engine/state';
import type { Instant } from './instant';
import { toInstant } from './instant';
import { localTime, type LocalTime } from './local';
import { zoneOf } from './zone';

export const DATE_FORMATS = ['medium', 'short', 'long', 'day', 'time', 'iso'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

const pad = (value: number): string => String(value).padStart(2, '0');
const WEEKDAYS_ZH = ['一', '二', '三', '四', '五', '六', '日'];
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];

const clockTime = (local: LocalTime): string => `${pad(local.hour)}:${pad(local.minute)}`;

function chinese(local: LocalTime, format: DateFormat, sameYear: boolean): string {
	const day = `${local.year}-${pad(local.month)}-${pad(local.day)}`;
	switch (format) {
		case 'time':
			return clockTime(local);
		case 'day':
			return day;
		case 'short':
			return `${sameYear ? day.slice(-5) : day} ${clockTime(local)}`;
		case 'long':
			return `${local.year}年${local.month}月${local.day}日 星期${WEEKDAYS_ZH[local.weekday - 1]} ${clockTime(local)}`;
		default:
			return `${day} ${clockTime(local)}`;
	}
}

/** "6 Sep 2023, 20:00": day before month and 24 hours, so that no reader takes it for another date. */
function english(local: LocalTime, format: DateFormat, sameYear: boolean): string {
	const month = MONTHS[local.month - 1];
	const day = `${local.day} ${month.slice(0, 3)}`;
	switch (format) {
		case 'time':
			return clockTime(local);
		case 'day':
			return `${day} ${local.year}`;
		case 'short':
			return `${sameYear ? day : `${day} ${local.year}`}, ${clockTime(local)}`;
		case 'long':
			return `${WEEKDAYS[local.weekday - 1]}, ${local.day} ${month} ${local.year}, ${clockTime(local)}`;
		default:
			return `${day} ${local.year}, ${clockTime(local)}`;
	}
}

/** Readers of other languages, and of en-US, get their own locale's usual form. */
function localised(ms: number, format: DateFormat, { zone, language }: ReaderClock): string {
	const options = {
		time: DateTime.TIME_SIMPLE,
		day: DateTime.DATE_MED,
		short: DateTime.DATETIME_MED,
		long: DateTime.DATETIME_HUGE,
		medium: DateTime.DATETIME_MED,
		iso: DateTime.DATETIME_MED,
	}[format];
	const plain = { ...options, timeZoneName: undefined };
	return DateTime.fromMillis(ms, { zone: zoneOf(zone) ?? 'utc', locale: language })
		.toLocaleString(plain)
		.replace(/[\u202f\u00a0]/g, ' ');
}

/** A date in the reader's zone and language; null for no value, undefined for one that is no date. */
export function formatDate(
	value: unknown,
	format: DateFormat,
	clock: ReaderClock,
): string | null | undefined {
	if (value === null || value === undefined || value === '') return null;
	const instant: Instant | undefined = toInstant(value);
	if (!instant) return undefined;
	if (format === 'iso') return new Date(instant.ms).toISOString();
	const text = inLanguage(instant.ms, format, clock);
	return clock.zoneKnown || format === 'day' ? text : `${text} UTC`;
}

const DAY = 86_400_000;

function isThisYear(local: LocalTime, { now, zone }: ReaderClock): boolean {
	const year = new Date(now).getUTCFullYear();
	// A zone lookup costs more than all else here; away from New Year UTC gives the same year.
	const clear = [now - DAY, now + DAY].every((ms) => new Date(ms).getUTCFullYear() === year);
	return local.year === (clear ? year : localTime(now, zone).year);
}

function inLanguage(ms: number, format: DateFormat, clock: ReaderClock): string {
	const { language, zone } = clock;
	const local = localTime(ms, zone);
	const sameYear = format === 'short' && isThisYear(local, clock);
	if (/^zh\b/i.test(language)) return chinese(local, format, sameYear);
	if (/^en\b/i.test(language) && !/^en-us$/i.test(language))
		return english(local, format, sameYear);
	try {
		return localised(ms, format, clock);
	} catch {
		// A language tag that Intl refuses.
		return english(local, format, sameYear);
	}
}
