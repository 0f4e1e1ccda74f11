import type { FailureClass } from './types';

/** A circuit breaker as plain data, so that it can live in the store. Instants are epoch ms. */
export interface BreakerState extends Record<string, unknown> {
	state: 'closed' | 'open' | 'half_open';
	failures: number;
	/** When an open one lets one call through. */
	retry_at: number;
	/** How long it was open last, ms; doubles while the provider stays down. */
	open_for: number;
	reason?: string;
}

export interface BreakerRules {
	/** Failures in a row that open it. */
	threshold: number;
	openMs: number;
	maxOpenMs: number;
}

export const BREAKER_RULES: BreakerRules = { threshold: 5, openMs: 30_000, maxOpenMs: 10 * 60_000 };

export const closedBreaker = (): BreakerState => ({ state: 'closed', failures: 0, retry_at: 0, open_for: 0 });

/** May a call be made? An open breaker whose time has come lets exactly one through: it becomes half open. */
export function admit(state: BreakerState, now: number, rules = BREAKER_RULES): { allowed: boolean; state: BreakerState } {
	if (state.state === 'closed') return { allowed: true, state };
	if (now < state.retry_at) return { allowed: false, state };
	// A probe that never reports back must not keep it half open for ever.
	return { allowed: true, state: { ...state, state: 'half_open', retry_at: now + rules.openMs } };
}

/** The state after an outcome. What is wrong with the message or the person says nothing of the provider. */
export function afterOutcome(state: BreakerState, failure: { class: FailureClass; code: string; retryAfterMs?: number } | undefined, now: number, rules = BREAKER_RULES): BreakerState {
	if (!failure) return state.state === 'closed' && state.failures === 0 ? state : closedBreaker();
	if (failure.class === 'recipient' || failure.class === 'payload') return state.state === 'half_open' ? closedBreaker() : state;
	const failures = state.failures + 1;
	const atOnce = failure.class === 'auth';
	if (state.state !== 'half_open' && !atOnce && failures < rules.threshold) return { ...state, failures };
	const openFor = Math.min(state.open_for > 0 ? state.open_for * 2 : rules.openMs, rules.maxOpenMs);
	return { state: 'open', failures, open_for: openFor, retry_at: now + Math.max(openFor, failure.retryAfterMs ?? 0), reason: failure.code };
}
