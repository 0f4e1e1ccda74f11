import { iso } from './read/time';

const ZONELESS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;
/** A date, or a time with its zone: read alike everywhere, so that it stays to the letter. */
const PLAIN = /^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}(:?\d{2})?))?$/i;

/**
 * An ISO 8601 text that names no zone, as UTC; other spellings that can be read (`2027-03-01 10:00:00`, epoch numbers)
 * as ISO; anything else as it is. `Date.parse` would take the server's zone (RT4).
 */
export function inUtc(value: string | number): string {
	const text = String(value);
	if (ZONELESS.test(text)) return `${text}Z`;
	return PLAIN.test(text) ? text : (iso(text) ?? text);
}
