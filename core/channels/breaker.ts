import type { FailureClass, Outcome } from './types';

/** Plain data, so that it can live in the store: one per credential. Instants are ISO 8601 UTC. */
export interface BreakerState {
	state: 'closed' | 'open' | 'half_open';
	/** Failures in a row. */
	failures: number;
	/** open: when a probe is allowed. half_open: when a probe that never reported is given up. */
	until?: string;
	/** How long it was opened for, so that the next time is longer. */
	openMs?: number;
	/** What opened it. */
	cause?: { class: FailureClass; code: string };
}

export interface BreakerOptions {
	/** Failures in a row that open it. */
	failures: number;
	openMs: number;
	maxOpenMs: number;
	/** A wrong password does not mend itself in seconds, and asking on may lock the account. */
	authOpenMs: number;
	/** How long one probe may take. */
	probeMs: number;
}

export const BREAKER: BreakerOptions = { failures: 5, openMs: 30_000, maxOpenMs: 10 * 60_000, authOpenMs: 5 * 60_000, probeMs: 30_000 };

const CLOSED: BreakerState = { state: 'closed', failures: 0 };

const iso = (ms: number): string => new Date(ms).toISOString();

const waitOf = (state: BreakerState, now: Date): number => Math.max(Date.parse(state.until ?? '') - now.getTime(), 0) || 0;

/**
 * Whether a call may go out now. After its time an open breaker lets one probe through (`probe: true`, the new
 * `state` must be kept first); until that one reports, others wait.
 */
export function admit(
	state: BreakerState | undefined,
	now: Date,
	options: BreakerOptions = BREAKER,
): { allowed: boolean; probe: boolean; state: BreakerState; retryAfterMs: number } {
	if (!state || state.state === 'closed') return { allowed: true, probe: false, state: state ?? CLOSED, retryAfterMs: 0 };
	const wait = waitOf(state, now);
	if (wait > 0) return { allowed: false, probe: false, state, retryAfterMs: wait };
	const probing: BreakerState = { ...state, state: 'half_open', until: iso(now.getTime() + options.probeMs) };
	return { allowed: true, probe: true, state: probing, retryAfterMs: 0 };
}

/** True where the failure says something about the credential or provider, not about one message or person. */
const counts = (outcome: Extract<Outcome, { ok: false }>): boolean =>
	outcome.class === 'retry' || ((outcome.class === 'auth' || outcome.class === 'config') && !outcome.onlyHere);

/**
 * What a call's outcome makes of the state; `opened` is true where it has just opened (tell the owner once).
 * A refused recipient or payload, and a rate limit, prove that credential and provider work.
 */
export function report(
	state: BreakerState | undefined,
	outcome: Outcome,
	now: Date,
	options: BreakerOptions = BREAKER,
): { state: BreakerState; opened: boolean } {
	const before = state ?? CLOSED;
	if (outcome.ok || !counts(outcome)) {
		// A straggler of the time before it opened does not close it: only the probe does.
		return { state: before.state === 'open' ? before : CLOSED, opened: false };
	}
	if (before.state === 'open') return { state: before, opened: false };
	const failures = before.failures + 1;
	const isLasting = outcome.class !== 'retry';
	if (before.state === 'closed' && !isLasting && failures < options.failures) return { state: { ...before, failures }, opened: false };
	const first = isLasting ? options.authOpenMs : options.openMs;
	const openMs = Math.min(before.state === 'half_open' && before.openMs ? before.openMs * 2 : first, options.maxOpenMs);
	const opened: BreakerState = {
		state: 'open',
		failures,
		until: iso(now.getTime() + openMs),
		openMs,
		cause: { class: outcome.class, code: outcome.code },
	};
	return { state: opened, opened: before.state === 'closed' };
}

/** The outcome of a call that an open breaker refuses: tried again when it may close. */
export function circuitOpen(state: BreakerState, retryAfterMs: number): Extract<Outcome, { ok: false }> {
	const why = state.cause ? ` after ${state.cause.code}` : '';
	return { ok: false, class: 'retry', code: 'circuit_open', message: `Nothing is sent with this credential for now${why}.`, retryAfterMs };
}
