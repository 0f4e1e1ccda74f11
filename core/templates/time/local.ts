import { DateTime } from 'luxon';

import { zoneOf } from './zone';

/** The wall clock of a zone at an instant. */
export interface LocalTime {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	/** 1 = Monday … 7 = Sunday. */
	weekday: number;
}

const MAX_FORMATS = 200;
const formats = new Map<string, Intl.DateTimeFormat>();
const MAX_LOCALS = 1000;
const locals = new Map<string, LocalTime>();

/** One event goes to many readers: the same instant in the same zone is worked out once. */
export function localTime(ms: number, zone: string): LocalTime {
	const key = `${zone} ${ms}`;
	let local = locals.get(key);
	if (!local) {
		local = readOff(ms, zoneOf(zone)?.name ?? 'UTC');
		if (locals.size >= MAX_LOCALS) locals.clear();
		locals.set(key, local);
	}
	return local;
}

/** The text of one formatter per zone, taken apart: a quarter of what `formatToParts` or luxon costs. */
function readOff(ms: number, zone: string): LocalTime {
	const match = /^(\d\d)\/(\d\d)\/(\d{4}), (\d\d):(\d\d)$/.exec(formatOf(zone).format(ms));
	// Years of other than four digits, before Christ for one, come in other forms.
	if (!match || ms < FIRST) return viaLuxon(ms, zone);
	const [month, day, year, hour, minute] = match.slice(1).map(Number);
	const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
	return { year, month, day, hour, minute, weekday };
}

const FIRST = Date.UTC(1900, 0, 1);

function viaLuxon(ms: number, zone: string): LocalTime {
	const { year, month, day, hour, minute, weekday } = DateTime.fromMillis(ms, { zone });
	return { year, month, day, hour, minute, weekday };
}

function formatOf(zone: string): Intl.DateTimeFormat {
	let format = formats.get(zone);
	if (!format) {
		format = new Intl.DateTimeFormat('en-US', {
			timeZone: zone,
			calendar: 'gregory',
			numberingSystem: 'latn',
			hourCycle: 'h23',
			year: 'numeric',
			month: '2-digit',
			day: '2-digit',
			hour: '2-digit',
			minute: '2-digit',
		});
		if (formats.size >= MAX_FORMATS) formats.clear();
		formats.set(zone, format);
	}
	return format;
}
