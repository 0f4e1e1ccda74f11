import type { TokenCache } from './types';

/** A token is renewed this long before it expires; a short-lived one at half its life. */
const MARGIN_MS = 5 * 60_000;

interface Cached {
	token: string;
	freshUntil: number;
}

/**
 * Access tokens in memory. Callers that come while a renewal is under way share it; a failed one is not kept.
 * `now` gives epoch ms.
 */
export function createTokenCache(now: () => number): TokenCache {
	const cached = new Map<string, Cached>();
	const renewals = new Map<string, Promise<string>>();

	async function renewed(
		key: string,
		renew: () => Promise<{ token: string; expiresInMs: number }>,
	): Promise<string> {
		const asked = now();
		const { token, expiresInMs } = await renew();
		const life = Number.isFinite(expiresInMs) && expiresInMs > 0 ? expiresInMs : 0;
		cached.set(key, { token, freshUntil: asked + life - Math.min(MARGIN_MS, life / 2) });
		return token;
	}

	return {
		async get(key, renew) {
			const known = cached.get(key);
			if (known && known.freshUntil > now()) return known.token;
			const running = renewals.get(key);
			if (running) return await running;
			const renewal = renewed(key, renew).finally(() => renewals.delete(key));
			renewals.set(key, renewal);
			return await renewal;
		},
		drop(key, token) {
			if (token === undefined || cached.get(key)?.token === token) cached.delete(key);
		},
	};
}
