import { DateTime, IANAZone } from 'luxon';

import { Lru } from '../engine/lru';
import type { ReaderClock } from '../engine/state';
import type { Instant } from './instant';
import { toInstant } from './instant';

export const DATE_FORMATS = ['medium', 'short', 'long', 'day', 'time', 'iso'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

const pad = (value: number): string => String(value).padStart(2, '0');
const WEEKDAYS_ZH = ['一', '二', '三', '四', '五', '六', '日'];
const zones = new Map<string, IANAZone | null>();

/** The zone object of an IANA id; undefined for abbreviations (CST), offsets and unknown names. */
export function zoneOf(id: string | null | undefined): IANAZone | undefined {
	if (!id || !(id.includes('/') || id === 'UTC')) return undefined;
	let zone = zones.get(id);
	if (zone === undefined) {
		const made = IANAZone.create(id);
		zone = made.isValid ? made : null;
		if (zones.size < 1000) zones.set(id, zone);
	}
	return zone ?? undefined;
}

const locals = new Lru<DateTime>({ entries: 1000, weight: 1000 });

/** One event goes to many readers: the same instant in the same zone is worked out once. */
function localTime(ms: number, zone: string): DateTime {
	const key = `${zone} ${ms}`;
	let local = locals.get(key);
	if (!local) {
		local = DateTime.fromMillis(ms, { zone: zoneOf(zone) ?? 'utc' });
		locals.set(key, local, 1);
	}
	return local;
}

const clockTime = (local: DateTime): string => `${pad(local.hour)}:${pad(local.minute)}`;

function chinese(local: DateTime, format: DateFormat, sameYear: boolean): string {
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
function english(local: DateTime, format: DateFormat, sameYear: boolean): string {
	const day = `${local.day} ${local.toFormat('LLL', { locale: 'en' })}`;
	switch (format) {
		case 'time':
			return clockTime(local);
		case 'day':
			return `${day} ${local.year}`;
		case 'short':
			return `${sameYear ? day : `${day} ${local.year}`}, ${clockTime(local)}`;
		case 'long':
			return `${local.toFormat('cccc, d LLLL yyyy', { locale: 'en' })}, ${clockTime(local)}`;
		default:
			return `${day} ${local.year}, ${clockTime(local)}`;
	}
}

/** Readers of other languages, and of en-US, get their own locale's usual form. */
function localised(local: DateTime, format: DateFormat, language: string): string {
	const options = {
		time: DateTime.TIME_SIMPLE,
		day: DateTime.DATE_MED,
		short: DateTime.DATETIME_MED,
		long: DateTime.DATETIME_HUGE,
		medium: DateTime.DATETIME_MED,
		iso: DateTime.DATETIME_MED,
	}[format];
	const plain = { ...options, timeZoneName: undefined };
	return local
		.setLocale(language)
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
	const local = localTime(instant.ms, clock.zone);
	const sameYear = format === 'short' && isThisYear(local, clock.now);
	const text = inLanguage(local, format, clock.language, sameYear);
	return clock.zoneKnown || format === 'day' ? text : `${text} UTC`;
}

const DAY = 86_400_000;

function isThisYear(local: DateTime, now: number): boolean {
	const year = new Date(now).getUTCFullYear();
	// A zone lookup costs more than all else here; away from New Year UTC gives the same year.
	const clear = [now - DAY, now + DAY].every((ms) => new Date(ms).getUTCFullYear() === year);
	return local.year === (clear ? year : DateTime.fromMillis(now, { zone: local.zone }).year);
}

function inLanguage(local: DateTime, format: DateFormat, language: string, sameYear: boolean) {
	if (/^zh\b/i.test(language)) return chinese(local, format, sameYear);
	if (/^en\b/i.test(language) && !/^en-us$/i.test(language))
		return english(local, format, sameYear);
	try {
		return localised(local, format, language);
	} catch {
		// A language tag that Intl refuses.
		return english(local, format, sameYear);
	}
}
