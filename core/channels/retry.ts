import type { Policy } from '../preferences/policy';
import { parseDuration } from '../time/duration';

export interface RetryQuestion {
	/** Tries made so far, the last one included. */
	attempts: number;
	/** Epoch ms of the first try. */
	firstAt: number;
	now: number;
	/** The provider's own wait; it wins where it is longer. */
	retryAfterMs?: number;
	retry: Policy['retry'];
	random(): number;
}

/** Half of the wait is fixed, half is spread, so that many do not come back at once; 0.5 gives the plan itself. */
const spread = (ms: number, random: number): number => Math.round(ms * (0.75 + 0.5 * random));

/** `0s` means soon, not again and again in the same instant. */
const LEAST_WAIT_MS = 1_000;

/** When to try again, epoch ms: first × factor^(n-1), at most max; undefined where giving up is due. */
export function nextRetryAt({
	attempts,
	firstAt,
	now,
	retryAfterMs,
	retry,
	random,
}: RetryQuestion): number | undefined {
	const first = Math.max(parseDuration(retry.first, 'retry.first'), LEAST_WAIT_MS);
	const max = Math.max(parseDuration(retry.max, 'retry.max'), LEAST_WAIT_MS);
	const plain = Math.min(first * retry.factor ** Math.max(attempts - 1, 0), max);
	const at = now + Math.max(spread(plain, random()), retryAfterMs ?? 0);
	return at - firstAt > parseDuration(retry.give_up_after, 'retry.give_up_after') ? undefined : at;
}
