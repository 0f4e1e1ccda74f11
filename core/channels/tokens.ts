import type { TokenCache } from './types';

/** Renewed so long before they expire; never more than half of their life. */
const EARLY_MS = 5 * 60_000;

/** Access tokens in memory: one renewal at a time per key, renewed before they expire. `now` in epoch ms. */
export function createTokenCache(now: () => number): TokenCache {
	const known = new Map<string, { token: string; until: number }>();
	const running = new Map<string, Promise<string>>();
	return {
		async get(key, renew) {
			const cached = known.get(key);
			if (cached && cached.until > now()) return cached.token;
			const waiting = running.get(key);
			if (waiting) return waiting;
			const renewal = renew()
				.then(({ token, expiresInMs }) => {
					known.set(key, { token, until: now() + expiresInMs - Math.min(EARLY_MS, expiresInMs / 2) });
					return token;
				})
				.finally(() => running.delete(key));
			running.set(key, renewal);
			return renewal;
		},
		drop(key) {
			known.delete(key);
		},
	};
}
