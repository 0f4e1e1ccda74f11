import { ticketKey } from '../events/ids';
import type { Delivery, DeliveryOutcome } from '../events/delivery';
import type { Outcome } from '../channels/types';
import { nextRetryAt } from '../channels/retry';
import { idOnChannel, turnToFallback } from '../channels/fallback';
import type { Policy } from '../preferences/policy';
import { isUrgent } from '../strategy/priority';
import { ledgerRow, rankOf } from '../gate/rows';
import type { LedgerRow, Store } from '../store/types';
import { messageOf } from '../errors';

export interface Attempt {
	outcome: Outcome;
	attempts: number;
	latencyMs: number;
}

export interface DeliverOptions {
	/** One call of the provider (with its short retry in the run). It reports, it never throws for provider trouble. */
	attempt(delivery: Delivery): Promise<Attempt>;
	policy: Policy;
	now(): number;
	random(): number;
	/** Names this process in leases. */
	owner: string;
	/** Recipients side by side; order per recipient is kept. */
	concurrency: number;
	leaseMs: number;
	/** Instant after which nothing new is begun in this run: it waits for the Release Trigger instead. */
	deadline?: number;
}

export interface Delivered {
	/** In the order of the input; `turned` is the delivery on its next channel, absent where none is left. */
	results: Array<{ delivery: Delivery; ok: boolean; turned?: Delivery }>;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * The one way to send: claim in the ledger, call, record. What was sent is not sent again; what may be tried again
 * waits in the store; what failed for good is turned to the recipient's next channel.
 */
export async function deliver(store: Store, deliveries: readonly Delivery[], options: DeliverOptions): Promise<Delivered> {
	const now = iso(options.now());
	const rows = deliveries.map((d) => ledgerRow(d, now, { stage: 'sending', rank: rankOf(d, isUrgent(d.event, options.policy)) }));
	const claims = await store.deliveries.claim(rows, options.owner, now, iso(options.now() + options.leaseMs));
	const claimOf = new Map(claims.map((c) => [c.delivery_id, c]));
	const live = await stillWanted(store, deliveries);

	const results = new Map<string, Delivered['results'][number]>();
	const updates: Array<Partial<LedgerRow> & { delivery_id: string }> = [];
	const queues = new Map<string, Delivery[]>();
	for (const delivery of deliveries) {
		const claim = claimOf.get(delivery.delivery_id);
		if (results.has(delivery.delivery_id)) continue;
		if (claim && !claim.claimed) {
			results.set(delivery.delivery_id, { delivery: { ...delivery, status: knownStatus(claim.row, claim.why) }, ok: true });
		} else if (!live.has(delivery.delivery_id)) {
			updates.push({ delivery_id: delivery.delivery_id, stage: 'done', status: 'superseded', reason: 'acknowledged_before_send', lease_owner: null, lease_until: null, updated_at: now });
			results.set(delivery.delivery_id, { delivery: { ...delivery, status: { status: 'pending', timestamp: now, reason: 'acknowledged_before_send' } }, ok: true });
		} else {
			queues.set(delivery.recipient.user_id, [...(queues.get(delivery.recipient.user_id) ?? []), delivery]);
		}
	}

	await inParallel([...queues.values()], options.concurrency, async (queue) => {
		for (const delivery of queue) {
			const claim = claimOf.get(delivery.delivery_id);
			const before = claim?.claimed ? claim : { attempts: 0, possibly_duplicate: false };
			const { result, update } = await one(delivery, before, options);
			results.set(delivery.delivery_id, result);
			updates.push(update);
		}
	});
	await store.deliveries.update(updates);
	await turn(store, results);
	return { results: deliveries.map((d) => results.get(d.delivery_id) as Delivered['results'][number]) };
}

/** RE1: a step that was acknowledged between "due" and "sent" is not sent. */
async function stillWanted(store: Store, deliveries: readonly Delivery[]): Promise<Set<string>> {
	const steps = deliveries.filter((d) => d.purpose.startsWith('escalation:') && !d.test);
	if (steps.length === 0) return new Set(deliveries.map((d) => d.delivery_id));
	const chains = new Map((await store.chains.get([...new Set(steps.map((d) => ticketKey(d.event)))])).map((c) => [c.ticket_key, c]));
	return new Set(
		deliveries
			.filter((d) => {
				if (!d.purpose.startsWith('escalation:')) return true;
				const chain = chains.get(ticketKey(d.event));
				const data = chain?.data as { acknowledged?: { resumed?: boolean } } | undefined;
				return !chain || chain.status === 'running' || chain.status === 'finished' || (chain.status === 'acknowledged' && data?.acknowledged?.resumed === true);
			})
			.map((d) => d.delivery_id),
	);
}

async function one(
	delivery: Delivery,
	before: { attempts: number; possibly_duplicate: boolean },
	options: DeliverOptions,
): Promise<{ result: Delivered['results'][number]; update: Partial<LedgerRow> & { delivery_id: string } }> {
	const started = options.now();
	let attempt: Attempt;
	if (options.deadline !== undefined && started >= options.deadline) {
		attempt = { outcome: { ok: false, class: 'retry', code: 'run_budget_spent', message: 'The time of this run was spent; it waits for the Release Trigger.' }, attempts: 0, latencyMs: 0 };
	} else {
		try {
			attempt = await options.attempt(delivery);
		} catch (error) {
			attempt = { outcome: { ok: false, class: 'config', code: 'unexpected', message: messageOf(error) }, attempts: 1, latencyMs: options.now() - started };
		}
	}
	const now = options.now();
	const attempts = before.attempts + attempt.attempts;
	const { outcome } = attempt;
	const base = { delivery_id: delivery.delivery_id, attempts, latency_ms: attempt.latencyMs, lease_owner: null, lease_until: null, updated_at: iso(now) };
	const doubtful = before.possibly_duplicate;

	if (outcome.ok) {
		const status: DeliveryOutcome = {
			status: outcome.status,
			timestamp: iso(now),
			...(outcome.providerMessageId ? { provider_message_id: outcome.providerMessageId } : {}),
			attempts,
			latency_ms: attempt.latencyMs,
			...(doubtful ? { possibly_duplicate: true } : {}),
		};
		const update = { ...base, stage: 'done' as const, status: outcome.status, reason: null, error: null, sent_at: iso(now), due_at: null, provider_message_id: outcome.providerMessageId ?? null, provider_ref: outcome.ref ?? null, possibly_duplicate: doubtful };
		return { result: { delivery: { ...delivery, status }, ok: true }, update };
	}

	const error = { code: outcome.code, message: outcome.message, class: outcome.class };
	const retryable = outcome.class === 'retry' || outcome.class === 'rate';
	const retryAt = retryable && !delivery.test ? nextRetryAt({ attempts, firstAt: firstTry(delivery, started), now, retryAfterMs: outcome.retryAfterMs, retry: options.policy.retry, random: options.random }) : undefined;
	if (retryAt !== undefined) {
		const kept: Delivery = { ...delivery, first_try_at: firstTry(delivery, started) } as Delivery;
		const status: DeliveryOutcome = { status: 'pending', timestamp: iso(now), reason: 'retry_scheduled', attempts, error, next_try_at: iso(retryAt) };
		const update = { ...base, stage: 'due' as const, status: 'pending' as const, reason: 'retry_scheduled', due_at: iso(retryAt), error, item: kept, possibly_duplicate: doubtful || outcome.ambiguous === true };
		return { result: { delivery: { ...delivery, status }, ok: true }, update };
	}
	const status: DeliveryOutcome = { status: 'failed', timestamp: iso(now), reason: retryable ? 'gave_up' : outcome.class, attempts, latency_ms: attempt.latencyMs, error };
	const failed = { ...delivery, status };
	const update = { ...base, stage: 'done' as const, status: 'failed' as const, reason: status.reason ?? null, error, due_at: null };
	return { result: { delivery: failed, ok: false }, update };
}

/** Turns what failed to its next channel that does not carry the event to this person anyway (RP3). */
async function turn(store: Store, results: Map<string, Delivered['results'][number]>): Promise<void> {
	const failed = [...results.values()].filter((r) => !r.ok);
	const ids = failed.flatMap((r) => r.delivery.fallback.map((f) => idOnChannel(r.delivery, f.channel)));
	if (ids.length === 0) return;
	const known = new Map((await store.deliveries.get([...new Set(ids)])).map((row) => [row.delivery_id, row]));
	for (const result of failed) {
		const carries = result.delivery.fallback.filter((f) => {
			const row = known.get(idOnChannel(result.delivery, f.channel));
			return row !== undefined && (row.status === 'sent' || row.status === 'delivered' || row.status === 'pending');
		});
		result.turned = turnToFallback(result.delivery, new Set(carries.map((f) => f.channel)));
	}
}

const firstTry = (delivery: Delivery, started: number): number => (typeof delivery.first_try_at === 'number' ? delivery.first_try_at : started);

function knownStatus(row: LedgerRow, why: 'already_sent' | 'claimed_elsewhere'): DeliveryOutcome {
	if (why === 'claimed_elsewhere') return { status: 'pending', timestamp: row.updated_at, reason: 'claimed_elsewhere' };
	return {
		status: row.status === 'delivered' ? 'delivered' : 'sent',
		timestamp: row.sent_at ?? row.updated_at,
		duplicate: true,
		attempts: row.attempts,
		...(row.provider_message_id ? { provider_message_id: row.provider_message_id } : {}),
	};
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
	let next = 0;
	const lane = async (): Promise<void> => {
		while (next < items.length) await work(items[next++]);
	};
	await Promise.all(Array.from({ length: Math.min(Math.max(width, 1), items.length) }, lane));
}
