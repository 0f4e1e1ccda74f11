import { DateTime } from 'luxon';

import { ItsmNotifyError } from '../errors';

/** Instants are compared as texts: a later one has a fifth digit in its year, and would count as early. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const EARLIEST_MS = Date.parse('0000-01-01T00:00:00Z');
/** Smaller numbers are seconds, or no time at all. */
const FIRST_MS = 1e11;

/**
 * An instant as the user gave it: ISO text, a Date, a luxon DateTime or epoch milliseconds. Text without a zone, as n8n's
 * picker writes it, is local time in `zone`; what lies after the year 9999 is its end. Throws `invalid_time` naming the field.
 */
export function readInstant(value: unknown, field: string, zone: string): string {
	const ms = msOf(value, zone);
	if (!(ms >= EARLIEST_MS))
		throw new ItsmNotifyError('invalid_time', `"${field}" is no time: ${String(value)}`, {
			field,
			fix: 'Write it as 2027-03-01T18:00:00, or with a zone as 2027-03-01T18:00:00+08:00.',
			status: 400,
		});
	return new Date(Math.min(ms, LATEST_MS)).toISOString();
}

function msOf(value: unknown, zone: string): number {
	if (value instanceof Date) return value.getTime();
	if (DateTime.isDateTime(value)) return value.toMillis();
	if (typeof value === 'string') return DateTime.fromISO(value.trim(), { zone }).toMillis();
	return typeof value === 'number' && value >= FIRST_MS && value <= LATEST_MS ? value : NaN;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/i;

/** An ISO 8601 instant as epoch ms, without a zone in UTC; undefined for anything else. */
export function instantMs(text: string): number | undefined {
	if (!INSTANT.test(text)) return undefined;
	const at = DateTime.fromISO(text, { zone: 'utc' });
	return at.isValid ? Math.min(at.toMillis(), LATEST_MS) : undefined;
}
