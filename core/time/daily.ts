import { ItsmNotifyError } from '../errors';
import { localDay, timeOfDay, wallDay } from './wall';

/**
 * Batch times: `"09:00,14:00,17:00"` or a list of times → sorted, unique `HH:MM`. Full-width digits, colons and commas
 * and the Chinese enumeration comma are read too. Throws `invalid_batch_time` naming `field`.
 */
export function parseBatchTimes(value: unknown, field = 'batch_time'): string[] {
	const result = readBatchTimes(value);
	if (typeof result !== 'string') return result;
	throw new ItsmNotifyError('invalid_batch_time', `${field}: ${result}`, {
		field,
		fix: 'Write local times such as 09:00,14:00,17:00.',
		status: 400,
	});
}

/** As parseBatchTimes, but gives what is wrong as a text. */
export function readBatchTimes(value: unknown): string[] | string {
	const parts =
		typeof value === 'string'
			? value.normalize('NFKC').split(/[,;、\s]+/)
			: Array.isArray(value)
				? (value as unknown[])
				: undefined;
	if (!parts) return 'must be a text such as "09:00,14:00" or a list of times';
	const times = new Set<number>();
	for (const part of parts) {
		if (part === '') continue;
		const minutes = timeOfDay(part);
		if (minutes === undefined || minutes === 1_440)
			return `"${String(part)}" is not a time from 00:00 to 23:59`;
		times.add(minutes);
	}
	if (times.size === 0) return 'names no time';
	return [...times].sort((a, b) => a - b).map((m) => `${pad(Math.floor(m / 60))}:${pad(m % 60)}`);
}

const pad = (n: number): string => String(n).padStart(2, '0');

/**
 * The next instant (epoch ms) of jobs that run daily at these local times: wall time is kept across clock changes,
 * a missing time means the first instant after the gap, one that comes twice runs on its first pass only, and a date
 * that the zone skips runs nothing (RT6, RT7). Times that fall on one instant are one run.
 * `strictlyAfter: false` gives `instantMs` itself where a job runs right then.
 */
export function nextDaily(
	times: readonly string[],
	instantMs: number,
	zone: string,
	options: { strictlyAfter: boolean },
): number {
	const minutes = parseBatchTimes(times).map((time) => timeOfDay(time) as number);
	const today = localDay(zone, instantMs);
	let best: number | undefined;
	// The day before, because a gap over midnight moves its last job to today; then on, because dates can be skipped.
	for (let day = today - 1; day <= today + 3; day++) {
		const wall = wallDay(zone, day);
		if (!wall.exists) continue;
		for (const minute of minutes) {
			const instant = wall.at(minute, 'first');
			const counts = options.strictlyAfter ? instant > instantMs : instant >= instantMs;
			if (counts && (best === undefined || instant < best)) best = instant;
		}
		if (best !== undefined && day > today) break;
	}
	return best as number;
}
