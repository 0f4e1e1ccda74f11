import {
	admit,
	afterOutcome,
	closedBreaker,
	hasOpened,
	take,
	type BreakerState,
	type BucketState,
	type Channel,
	type Credential,
	type Failure,
	type Outcome,
	type RateLimit,
} from '../../../core/channels';
import { tellOperators } from '../../../core/engine';
import type { Delivery } from '../../../core/events';
import type { Store } from '../../../core/store';
import { statesOf } from './states';

/** Breaker and pace of one credential; they hold across the processes that share the store. */
export interface Guards {
	/** Undefined where a call may be made now (the wait, if any, is over); else why not. */
	before(delivery: Delivery, waitUpToMs: number): Promise<Failure | undefined>;
	/** After every try, the short retry of the run too: a wait that the provider asks for holds from then on. */
	refused(failure: Failure): Promise<void>;
	after(outcome: Outcome): Promise<void>;
}

export interface GuardOptions {
	store: Store;
	channel: Channel;
	credential: Credential;
	/** Names the credential without telling it. */
	key: string;
	now(): number;
	sleep(ms: number): Promise<void>;
}

export function guardsFor(options: GuardOptions): Guards {
	const { store, channel, credential, key, now, sleep } = options;
	const states = statesOf(store);
	const rate = channel.rate?.(credential) ?? channel.limits.rate;
	const breakerKey = `breaker:${key}`;
	const waitKey = `wait:${key}`;
	const recipientKey = (d: Delivery): string =>
		`bucket:${key}:${channel.address(d.address) ?? d.recipient.user_id}`;
	const buckets = (d: Delivery): Array<[string, RateLimit]> => [
		...(rate.perRecipient ? [[recipientKey(d), rate.perRecipient] as [string, RateLimit]] : []),
		...(rate.perCredential ? [[`bucket:${key}`, rate.perCredential] as [string, RateLimit]] : []),
	];
	let breaker: BreakerState | undefined;

	return {
		async before(delivery, waitUpToMs) {
			const known = await states.get([breakerKey, waitKey]);
			breaker = known.get(breakerKey) as BreakerState | undefined;
			if (breaker && breaker.state !== 'closed') {
				const opened = await states.change<BreakerState, boolean>(breakerKey, (value) => {
					const next = admit(value, now());
					return { value: next.state, result: next.allowed };
				});
				if (!opened) return circuitOpen(channel, breaker, now());
			}
			let wait = Math.max(0, ((known.get(waitKey) as Wait | undefined)?.until ?? 0) - now());
			if (wait > waitUpToMs) return askedToWait(channel, wait);
			for (const [bucket, limit] of buckets(delivery)) {
				const taken = await states.change<BucketState, { taken: boolean; waitMs: number }>(
					bucket,
					(value) => {
						const next = take(value, limit, now(), waitUpToMs);
						return { value: next.state, result: next };
					},
				);
				if (!taken.taken) return paced(channel, limit, taken.waitMs);
				wait = Math.max(wait, taken.waitMs);
			}
			if (wait > 0) await sleep(wait);
			return undefined;
		},
		async refused({ class: kind, retryAfterMs }) {
			if (kind !== 'rate' || !retryAfterMs) return;
			const until = now() + retryAfterMs;
			await states.change<Wait, undefined>(waitKey, (value) => ({
				// A shorter wait does not end a longer one.
				value: { until: Math.max(value?.until ?? 0, until) },
				result: undefined,
			}));
		},
		async after(outcome) {
			const failure = outcome.ok ? undefined : outcome;
			const before = breaker ?? closedBreaker();
			const isQuiet = !failure && before.state === 'closed' && before.failures === 0;
			if (isQuiet || failure?.class === 'rate') return;
			const opened = await states.change<BreakerState, boolean>(breakerKey, (value) => {
				const next = afterOutcome(value, failure, now());
				return { value: next, result: hasOpened(value, next) };
			});
			if (opened && failure && failure.class !== 'retry') {
				await tellOperators(store, refusal(channel, failure, key), now());
			}
		},
	};
}

/** The provider's own wait: it holds for everybody who uses this credential (RD1). */
interface Wait extends Record<string, unknown> {
	/** Epoch ms. */
	until: number;
}

const circuitOpen = (channel: Channel, state: BreakerState, now: number): Failure => ({
	ok: false,
	class: 'config',
	code: 'circuit_open',
	message: `${channel.name} keeps failing (${state.reason ?? 'no answer'}); it is tried again at ${new Date(state.retry_at).toISOString()}.`,
	retryAfterMs: Math.max(state.retry_at - now, 0),
});

const paced = (channel: Channel, limit: RateLimit, waitMs: number): Failure => ({
	ok: false,
	class: 'rate',
	code: 'paced',
	message: `${channel.name} allows ${limit.count} message(s) per ${limit.perMs / 1000} s.`,
	retryAfterMs: waitMs,
});

const askedToWait = (channel: Channel, waitMs: number): Failure => ({
	ok: false,
	class: 'rate',
	code: 'paced',
	message: `${channel.name} has asked this credential to wait ${Math.ceil(waitMs / 1000)} s more.`,
	retryAfterMs: waitMs,
});

const refusal = (channel: Channel, failure: Failure, key: string) => ({
	cause: `credential:${key}`,
	title: `${channel.name} refuses a credential`,
	description: `${failure.code}: ${failure.message}. Nothing goes out through it until it works again.`,
});
