import { str } from './paths';

const CALENDAR =
	/^(\d{4})[-./](\d{2})[-./](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

/** Below this a time is an "unset" spelling: 0001-01-01 (Alertmanager), 1970-01-01 (RT). */
const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);

/** Seconds, milliseconds, microseconds and nanoseconds since 1970 are told apart by their size. */
function fromEpoch(value: number): number {
	if (value < 1e11) return value * 1000;
	if (value < 1e14) return value;
	return value < 1e17 ? value / 1e3 : value / 1e6;
}

function fromCalendar(value: string): number {
	const match = CALENDAR.exec(value);
	if (!match) return Number.NaN;
	const [
		,
		year,
		month,
		day,
		hour = '00',
		minute = '00',
		second = '00',
		fraction = '0',
		zone = 'Z',
	] = match;
	// PostgreSQL writes whole hours without minutes: +08.
	const minutes = zone.length > 3 ? zone.slice(-2) : '00';
	const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${minutes}` : 'Z';
	const millis = fraction.padEnd(3, '0').slice(0, 3);
	return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}${offset}`);
}

/**
 * The instant of a payload's time in ms, or undefined. A calendar time without a zone is UTC, never the
 * server's own zone.
 */
export function instant(value: unknown): number | undefined {
	const source = str(value);
	if (source === undefined || source.length > 64) return undefined;
	let ms = /^\d{9,19}(\.\d+)?$/.test(source) ? fromEpoch(Number(source)) : fromCalendar(source);
	// Mail-style dates are taken only with a zone of their own: Date.parse would add the server's.
	if (Number.isNaN(ms) && /^[a-z]{3}[a-z]*,? .*(GMT|UTC|Z|[+-]\d{4})$/i.test(source))
		ms = Date.parse(source);
	return ms >= EARLIEST && ms <= LATEST ? Math.trunc(ms) : undefined;
}

/** ISO 8601 in UTC, without a fraction of zero, or undefined. */
export function iso(value: unknown): string | undefined {
	const ms = instant(value);
	return ms === undefined ? undefined : new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** The earliest of several times, as ISO. */
export function earliest(values: unknown[]): string | undefined {
	const known = values.map(instant).filter((ms) => ms !== undefined);
	return known.length ? iso(Math.min(...known)) : undefined;
}

/** Whether two times are at most `seconds` apart; false if either is unknown. */
export function close(a: unknown, b: unknown, seconds: number): boolean {
	const [first, second] = [instant(a), instant(b)];
	return first !== undefined && second !== undefined && Math.abs(first - second) <= seconds * 1000;
}
