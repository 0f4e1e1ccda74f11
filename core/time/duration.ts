import { ItsmNotifyError } from '../errors';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A hundred years: what begins in our time ends before instants have a fifth digit in their year, or are none. */
const LONGEST_MS = 36_500 * UNIT_MS.d;

/** `30s`, `5m`, `2h`, `1d`, `0s` → milliseconds; undefined for anything else, and for more than a hundred years. */
export function durationMs(text: unknown): number | undefined {
	if (typeof text !== 'string') return undefined;
	const match = /^(\d+(?:\.\d+)?)\s*(s|m|h|d)$/.exec(text.trim());
	if (!match) return undefined;
	const ms = Math.round(Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]);
	return ms <= LONGEST_MS ? ms : undefined;
}

/** As durationMs, but refuses what it cannot read, naming the field. */
export function parseDuration(text: unknown, field: string): number {
	const ms = durationMs(text);
	if (ms === undefined) {
		throw new ItsmNotifyError('invalid_duration', `${field}: "${String(text)}" is not a duration`, {
			field,
			fix: 'Write a number and s, m, h or d, such as 30s, 5m, 2h or 1d; at most 36500d.',
			status: 400,
		});
	}
	return ms;
}
