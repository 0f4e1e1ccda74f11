/** A token bucket as plain data, so that it can live in the store. `at` in epoch ms. */
export interface BucketState extends Record<string, unknown> {
	tokens: number;
	at: number;
}

export interface Rate {
	count: number;
	perMs: number;
}

/** Takes one token; `waitMs` is how long to wait before the call (0 = now). The bucket may go below zero: later callers wait longer. */
export function take(state: BucketState | undefined, rate: Rate, now: number, amount = 1): { state: BucketState; waitMs: number } {
	const perToken = rate.perMs / rate.count;
	const before = state ?? { tokens: rate.count, at: now };
	const filled = Math.min(rate.count, before.tokens + Math.max(now - before.at, 0) / perToken);
	const tokens = filled - amount;
	return { state: { tokens, at: Math.max(now, before.at) }, waitMs: tokens >= 0 ? 0 : Math.ceil(-tokens * perToken) };
}
