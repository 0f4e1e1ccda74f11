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

const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/i;

/** An ISO 8601 instant as epoch ms, without a zone in UTC; undefined for anything else. */
export function instantMs(text: string): number | undefined {
	if (!INSTANT.test(text)) return undefined;
	const at = DateTime.fromISO(text, { zone: 'utc' });
	return at.isValid ? at.toMillis() : undefined;
}
