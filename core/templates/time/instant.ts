import { DateTime } from 'luxon';

import { NAMELESS } from '../context/nameless';

const INSTANT = Symbol('instant');

/** A point in time inside the context: prints in the reader's zone and language wherever it is used. */
export interface Instant {
	[INSTANT]: true;
	/** Epoch milliseconds. */
	ms: number;
}

export const isInstant = (value: unknown): value is Instant =>
	typeof value === 'object' && value !== null && (value as Partial<Instant>)[INSTANT] === true;

/** The end of what dates can hold, less a day: in every zone's local time too. */
const FURTHEST_MS = 8.64e15 - 86_400_000;

function fromMs(ms: number): Instant | undefined {
	if (!Number.isFinite(ms) || Math.abs(ms) > FURTHEST_MS) return undefined;
	const instant = Object.create(NAMELESS) as Instant;
	instant[INSTANT] = true;
	instant.ms = ms;
	return instant;
}

/** An instant from ISO 8601 (no offset means UTC, never the server's zone), a Date or epoch milliseconds. */
export function toInstant(value: unknown): Instant | undefined {
	if (isInstant(value)) return value;
	if (value instanceof Date) return fromMs(value.getTime());
	if (typeof value === 'number') return fromMs(value);
	if (typeof value !== 'string' || !/^[+-]?\d{4}/.test(value)) return undefined;
	// The usual form of all our documents, without luxon's cost.
	if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(value)) return fromMs(Date.parse(value));
	const parsed = DateTime.fromISO(value, { zone: 'utc' });
	return parsed.isValid ? fromMs(parsed.toMillis()) : undefined;
}
