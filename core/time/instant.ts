import { DateTime } from 'luxon';

import { ItsmNotifyError } from '../errors';

/**
 * An instant as the user gave it: ISO text, a Date or a luxon DateTime. Text without a zone, as n8n's picker writes it,
 * is local time in `zone`. Throws `invalid_time` naming the field.
 */
export function readInstant(value: unknown, field: string, zone: string): string {
	const text =
		value instanceof Date
			? toIso(value.getTime())
			: DateTime.isDateTime(value) || typeof value !== 'string'
				? toIso(Number(value))
				: DateTime.fromISO(value.trim(), { zone }).toUTC().toISO();
	if (text === null)
		throw new ItsmNotifyError('invalid_time', `"${field}" is no time: ${String(value)}`, {
			field,
			fix: 'Write it as 2027-03-01T18:00:00, or with a zone as 2027-03-01T18:00:00+08:00.',
			status: 400,
		});
	return text;
}

const toIso = (ms: number): string | null => DateTime.fromMillis(ms).toUTC().toISO();
