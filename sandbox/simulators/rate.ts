export interface RateRule {
	/** Tokens that come back per `perMs`. */
	count: number;
	perMs: number;
	/** How many may be spent at once. */
	burst: number;
}

/** Token buckets by key; `take` gives 0 where the call is allowed, else the wait in ms. */
export function createRate(
	rule: RateRule | null,
	now: () => number = Date.now,
): { take(key: string): number } {
	const buckets = new Map<string, { tokens: number; at: number }>();
	return {
		take(key) {
			if (rule === null) return 0;
			const time = now();
			const perToken = rule.perMs / rule.count;
			const bucket = buckets.get(key) ?? { tokens: rule.burst, at: time };
			bucket.tokens = Math.min(rule.burst, bucket.tokens + (time - bucket.at) / perToken);
			bucket.at = time;
			buckets.set(key, bucket);
			if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) * perToken);
			bucket.tokens -= 1;
			return 0;
		},
	};
}
