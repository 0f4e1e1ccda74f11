import type { ChannelRate, RateLimit } from './types';

/** Plain data, so that processes can share it in the store. Instants are epoch ms. */
export interface BucketState extends Record<string, unknown> {
	/** Below zero where slots are taken in advance. */
	tokens: number;
	at: number;
	/** Nothing goes out before: the provider asked to wait. */
	blockedUntil?: number;
}

export interface Taken {
	/** False: the wait would be longer than `maxWaitMs`, and nothing was taken. */
	taken: boolean;
	/** How long to wait before sending. */
	waitMs: number;
	state: BucketState;
}

const EPSILON = 1e-9;

/** Clocks of several processes lie less apart; where one is further behind, it was set back. */
const CLOCK_SET_BACK_MS = 60_000;

/** The bucket as it is at `now`. A clock that went back gives nothing; one that was set back counts from there on. */
function filled(state: BucketState | undefined, limit: RateLimit, now: number): BucketState {
	const burst = limit.burst ?? limit.count;
	if (!state) return { tokens: burst, at: now };
	const gained = (Math.max(now - state.at, 0) * limit.count) / limit.perMs;
	const { blockedUntil } = state;
	return {
		tokens: Math.min(state.tokens + gained, burst),
		at: state.at - now > CLOCK_SET_BACK_MS ? now : Math.max(now, state.at),
		...(blockedUntil !== undefined && blockedUntil > now ? { blockedUntil } : {}),
	};
}

/**
 * Takes one slot: now where there is one, else the next one to come where that is within `maxWaitMs` (else nothing).
 * Whoever is told to wait owns the slot, so callers of many processes line up without asking again.
 */
export function take(
	state: BucketState | undefined,
	limit: RateLimit,
	now: number,
	maxWaitMs = Infinity,
): Taken {
	const before = filled(state, limit, now);
	const perToken = limit.perMs / limit.count;
	const missing = Math.max(1 - before.tokens - EPSILON, 0);
	const from = Math.max(before.at - now, 0);
	const waitMs = Math.ceil(
		Math.max(missing > 0 ? from + missing * perToken : 0, (before.blockedUntil ?? now) - now),
	);
	if (waitMs > maxWaitMs) return { taken: false, waitMs, state: before };
	return { taken: true, waitMs, state: { ...before, tokens: before.tokens - 1 } };
}

/** The provider asked to wait: nobody sends before. A shorter wait does not end a longer one. */
export function block(
	state: BucketState | undefined,
	limit: RateLimit,
	now: number,
	waitMs: number,
): BucketState {
	const before = filled(state, limit, now);
	return { ...before, blockedUntil: Math.max(before.blockedUntil ?? 0, now + waitMs) };
}

export interface BucketStates {
	perCredential?: BucketState;
	perRecipient?: BucketState;
}

/** One slot of the credential's and of the recipient's bucket, both or none. */
export function takeBoth(
	states: BucketStates,
	rate: ChannelRate,
	now: number,
	maxWaitMs = Infinity,
): { taken: boolean; waitMs: number; states: BucketStates } {
	const results = (['perCredential', 'perRecipient'] as const).flatMap((name) => {
		const limit = rate[name];
		return limit ? [{ name, ...take(states[name], limit, now, maxWaitMs) }] : [];
	});
	const waitMs = Math.max(0, ...results.map((result) => result.waitMs));
	if (results.some((result) => !result.taken)) return { taken: false, waitMs, states };
	return {
		taken: true,
		waitMs,
		states: { ...states, ...Object.fromEntries(results.map(({ name, state }) => [name, state])) },
	};
}
