import { nextRetryAt } from '../channels/retry';
import { messageOf } from '../errors';
import type { Delivery, DeliveryOutcome } from '../events/delivery';
import type { LedgerRow } from '../store/types';
import type { Attempt, Delivered, DeliverOptions } from './deliver-types';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Makes one attempt and says what goes out and what the ledger is to keep. */
export async function one(
	delivery: Delivery,
	before: { attempts: number; possibly_duplicate: boolean },
	options: DeliverOptions,
): Promise<{
	result: Delivered['results'][number];
	update: Partial<LedgerRow> & { delivery_id: string };
}> {
	const started = options.now();
	let attempt: Attempt;
	if (options.deadline !== undefined && started >= options.deadline) {
		attempt = {
			outcome: {
				ok: false,
				class: 'retry',
				code: 'run_budget_spent',
				message: 'The time of this run was spent; it waits for the Release Trigger.',
			},
			attempts: 0,
			latencyMs: 0,
		};
	} else {
		try {
			attempt = await options.attempt(delivery);
		} catch (error) {
			attempt = {
				outcome: { ok: false, class: 'config', code: 'unexpected', message: messageOf(error) },
				attempts: 1,
				latencyMs: options.now() - started,
			};
		}
	}
	const now = options.now();
	const attempts = before.attempts + attempt.attempts;
	const { outcome } = attempt;
	const base = {
		delivery_id: delivery.delivery_id,
		attempts,
		latency_ms: attempt.latencyMs,
		lease_owner: null,
		lease_until: null,
		updated_at: iso(now),
	};
	const doubtful = before.possibly_duplicate;

	if (outcome.ok) {
		const maybeTwice = doubtful || outcome.possiblyDuplicate === true;
		const status: DeliveryOutcome = {
			status: outcome.status,
			timestamp: iso(now),
			...(outcome.providerMessageId ? { provider_message_id: outcome.providerMessageId } : {}),
			attempts,
			latency_ms: attempt.latencyMs,
			...(maybeTwice ? { possibly_duplicate: true } : {}),
		};
		const update = {
			...base,
			stage: 'done' as const,
			status: outcome.status,
			reason: null,
			error: null,
			sent_at: iso(now),
			due_at: null,
			provider_message_id: outcome.providerMessageId ?? null,
			provider_ref: outcome.ref ?? delivery.update_of?.ref ?? null,
			possibly_duplicate: maybeTwice,
		};
		return { result: { delivery: { ...delivery, status }, ok: true }, update };
	}

	const error = { code: outcome.code, message: outcome.message, class: outcome.class };
	// An open circuit fails at once, so that the next channel takes over; without one it is worth waiting for.
	const isShut = outcome.code === 'circuit_open' && delivery.fallback.length === 0;
	const retryable = outcome.class === 'retry' || outcome.class === 'rate' || isShut;
	const retryAt =
		retryable && !delivery.test
			? nextRetryAt({
					attempts,
					firstAt: firstTry(delivery, started),
					now,
					retryAfterMs: outcome.retryAfterMs,
					retry: options.policy.retry,
					random: options.random,
				})
			: undefined;
	if (retryAt !== undefined) {
		const kept: Delivery = { ...delivery, first_try_at: firstTry(delivery, started) } as Delivery;
		const status: DeliveryOutcome = {
			status: 'pending',
			timestamp: iso(now),
			reason: 'retry_scheduled',
			attempts,
			error,
			next_try_at: iso(retryAt),
		};
		const update = {
			...base,
			stage: 'due' as const,
			status: 'pending' as const,
			reason: 'retry_scheduled',
			due_at: iso(retryAt),
			error,
			item: kept,
			possibly_duplicate: doubtful || outcome.ambiguous === true,
		};
		return { result: { delivery: { ...delivery, status }, ok: true }, update };
	}
	const status: DeliveryOutcome = {
		status: 'failed',
		timestamp: iso(now),
		reason: retryable ? 'gave_up' : reasonOf(outcome),
		attempts,
		latency_ms: attempt.latencyMs,
		error,
	};
	const failed = { ...delivery, status };
	const update = {
		...base,
		stage: 'done' as const,
		status: 'failed' as const,
		reason: status.reason ?? null,
		error,
		due_at: null,
	};
	return { result: { delivery: failed, ok: false }, update };
}

/** Codes of our own say more than their class. */
const OWN_CODES = new Set(['no_credential', 'circuit_open', 'no_message']);
const reasonOf = (outcome: { class: string; code: string }): string =>
	OWN_CODES.has(outcome.code) ? outcome.code : outcome.class;

const firstTry = (delivery: Delivery, started: number): number =>
	typeof delivery.first_try_at === 'number' ? delivery.first_try_at : started;

/** What the ledger knows of a delivery that is not to be sent by this run. */
export function knownStatus(
	row: LedgerRow,
	why: 'already_sent' | 'claimed_elsewhere',
): DeliveryOutcome {
	if (why === 'claimed_elsewhere')
		return { status: 'pending', timestamp: row.updated_at, reason: 'claimed_elsewhere' };
	return {
		status: row.status === 'delivered' ? 'delivered' : 'sent',
		timestamp: row.sent_at ?? row.updated_at,
		duplicate: true,
		attempts: row.attempts,
		...(row.provider_message_id ? { provider_message_id: row.provider_message_id } : {}),
	};
}

/** The result of a delivery that waits behind an earlier one. */
export const waiting = (
	delivery: Delivery,
	update: Partial<LedgerRow>,
): Delivered['results'][number] => ({
	delivery: {
		...delivery,
		status: {
			status: 'pending',
			timestamp: update.updated_at as string,
			reason: 'waits_for_earlier',
			next_try_at: update.due_at as string,
		},
	},
	ok: true,
});
