import type { Failure } from '../types';
import type { ReconnectRule } from './types';

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** Trying again does not help: somebody has to correct something first. */
const SLOW_MS = 5 * 60_000;

/** Nobody is helped by trying again soon. */
export const needsHands = (failure: Failure | undefined): boolean =>
	failure !== undefined && failure.class !== 'retry' && failure.class !== 'rate';

/**
 * The wait before connecting again. `failures` counts the connections in a row that did not last; `random` in [0, 1)
 * spreads many clients over half of the wait, or over the provider's own span.
 */
export function reconnectPause(
	{ failures, failure, rule }: { failures: number; failure?: Failure; rule?: ReconnectRule },
	random: number,
): number {
	const spread = (ms: number): number => Math.round(ms * (0.5 + random / 2));
	if (needsHands(failure)) return spread(SLOW_MS);
	const own = failure?.retryAfterMs ?? 0;
	if (failures === 0) return Math.max(own, Math.round((rule?.spreadMs ?? FIRST_MS) * random));
	const grown = Math.min(FIRST_MS * 2 ** Math.min(failures, 10), LONGEST_MS);
	return Math.max(own, spread(rule?.pauseMs ?? grown));
}
