import type { Failure } from './types';

/** A circuit breaker as plain data, one per credential, so that it can live in the store. Instants are epoch ms. */
export interface BreakerState extends Record<string, unknown> {
	state: 'closed' | 'open' | 'half_open';
	/** Failures in a row. */
	failures: number;
	/** open: when one probe is let through. half_open: when a probe that never reported is given up. */
	retry_at: number;
	/** How long it was open last, ms; doubles while probes fail. */
	open_for: number;
	/** Code of the failure that opened it. */
	reason?: string;
}

export interface BreakerRules {
	/** Failures in a row that open it. */
	threshold: number;
	openMs: number;
	maxOpenMs: number;
	/** A wrong password does not mend itself in seconds, and asking on may lock the account. */
	authOpenMs: number;
	/** How long one probe may take. */
	probeMs: number;
}

export const BREAKER_RULES: BreakerRules = {
	threshold: 5,
	openMs: 30_000,
	maxOpenMs: 10 * 60_000,
	authOpenMs: 5 * 60_000,
	probeMs: 30_000,
};

export const closedBreaker = (): BreakerState => ({
	state: 'closed',
	failures: 0,
	retry_at: 0,
	open_for: 0,
});

/**
 * May a call be made? After its time an open breaker lets one probe through and is half open (keep that state
 * before the call, so that other processes see it); until the probe reports, others wait.
 */
export function admit(
	state: BreakerState | undefined,
	now: number,
	rules: BreakerRules = BREAKER_RULES,
): { allowed: boolean; probe: boolean; state: BreakerState; waitMs: number } {
	const before = state ?? closedBreaker();
	if (before.state === 'closed') return { allowed: true, probe: false, state: before, waitMs: 0 };
	if (now < before.retry_at)
		return { allowed: false, probe: false, state: before, waitMs: before.retry_at - now };
	return {
		allowed: true,
		probe: true,
		state: { ...before, state: 'half_open', retry_at: now + rules.probeMs },
		waitMs: 0,
	};
}

type Seen = Pick<Failure, 'class' | 'code'> & Partial<Failure>;

/** True where the failure tells of the credential or the provider, not of one message, person or limit. */
const counts = (failure: Seen): boolean =>
	failure.class === 'retry' ||
	((failure.class === 'auth' || failure.class === 'config') && !failure.onlyHere);

/**
 * The state after an outcome; `failure` is undefined for a success. Authentication and set-up faults open it at
 * once, others in a row. A refused recipient or payload and a rate limit prove that provider and credential work.
 */
export function afterOutcome(
	state: BreakerState | undefined,
	failure: Seen | undefined,
	now: number,
	rules: BreakerRules = BREAKER_RULES,
): BreakerState {
	const before = state ?? closedBreaker();
	// A straggler of the time before it opened neither closes it nor makes it longer: only the probe does.
	if (before.state === 'open') return before;
	if (!failure || !counts(failure))
		return before.state === 'closed' && before.failures === 0 ? before : closedBreaker();
	const failures = before.failures + 1;
	const isLasting = failure.class !== 'retry';
	if (before.state === 'closed' && !isLasting && failures < rules.threshold)
		return { ...before, failures };
	const first = isLasting ? rules.authOpenMs : rules.openMs;
	const doubled = before.state === 'half_open' ? Math.max(before.open_for * 2, first) : first;
	const open_for = Math.min(doubled, rules.maxOpenMs);
	const wait = Math.max(open_for, Math.min(failure.retryAfterMs ?? 0, rules.maxOpenMs));
	return { state: 'open', failures, open_for, retry_at: now + wait, reason: failure.code };
}

/** True where this outcome has opened it: the moment to tell the owner. */
export const hasOpened = (before: BreakerState | undefined, after: BreakerState): boolean =>
	after.state === 'open' && (before?.state ?? 'closed') === 'closed';
