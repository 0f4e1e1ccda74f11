import { createHash } from 'node:crypto';

import {
	admit,
	afterOutcome,
	closedBreaker,
	take,
	type BreakerState,
	type BucketState,
	type Channel,
	type Outcome,
} from '../../../core/channels';
import type { Store } from '../../../core/store';

type Failure = Extract<Outcome, { ok: false }>;

const HOUR_MS = 3_600_000;

/** Breaker and pace of one credential, kept in the store so that they hold across processes. */
export interface Guards {
	/** Undefined where a call may be made now; else why not. */
	before(
		now: number,
		waitUpToMs: number,
		sleep: (ms: number) => Promise<void>,
	): Promise<Failure | undefined>;
	after(outcome: Outcome, now: number): Promise<void>;
}

/** What names a credential without telling it. */
export const credentialKey = (channel: string, credential: object): string =>
	`${channel}:${createHash('sha256').update(JSON.stringify(credential)).digest('hex').slice(0, 20)}`;

export function guardsFor(store: Store, channel: Channel, key: string): Guards {
	const breakerKey = `breaker:${key}`;
	const bucketKey = `bucket:${key}`;
	const iso = (ms: number): string => new Date(ms).toISOString();
	let last: BreakerState | undefined;
	return {
		async before(now, waitUpToMs, sleep) {
			last =
				((await store.shared.get([breakerKey])).get(breakerKey) as BreakerState | undefined) ??
				closedBreaker();
			if (last.state !== 'closed') {
				const allowed = await store.shared.change(breakerKey, iso(now), (value) => {
					const next = admit((value as BreakerState | undefined) ?? closedBreaker(), now);
					return { value: next.state, result: next.allowed, expiresAt: iso(now + 24 * HOUR_MS) };
				});
				if (!allowed)
					return {
						ok: false,
						class: 'config',
						code: 'circuit_open',
						message: `${channel.name} keeps failing (${last.reason ?? 'no answer'}); it is tried again at ${iso(last.retry_at)}.`,
					};
			}
			const rate = channel.limits.rate.perCredential;
			if (!rate) return undefined;
			const wait = await store.shared.change(bucketKey, iso(now), (value) => {
				const next = take(value as BucketState | undefined, rate, now);
				// A turn that this run cannot wait for is not taken: it is asked for again when it is due.
				const taken = next.waitMs <= waitUpToMs;
				return {
					value: taken ? next.state : (value ?? undefined),
					result: next.waitMs,
					expiresAt: iso(now + HOUR_MS),
				};
			});
			if (wait > waitUpToMs)
				return {
					ok: false,
					class: 'rate',
					code: 'paced',
					message: `${channel.name} allows ${rate.count} messages per ${rate.perMs / 1000} s.`,
					retryAfterMs: wait,
				};
			if (wait > 0) await sleep(wait);
			return undefined;
		},
		async after(outcome, now) {
			const failure = outcome.ok ? undefined : outcome;
			if (!failure && (!last || (last.state === 'closed' && last.failures === 0))) return;
			if (
				failure?.code === 'no_credential' ||
				failure?.code === 'circuit_open' ||
				failure?.code === 'paced'
			)
				return;
			await store.shared.change(breakerKey, iso(now), (value) => ({
				value: afterOutcome((value as BreakerState | undefined) ?? closedBreaker(), failure, now),
				result: undefined,
				expiresAt: iso(now + 24 * HOUR_MS),
			}));
		},
	};
}
