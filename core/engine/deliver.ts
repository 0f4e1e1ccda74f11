import type { Delivery } from '../events/delivery';
import { ledgerRow, rankOf } from '../gate/rows';
import { lateSteps } from '../gate/steps';
import { isUrgent } from '../strategy/priority';
import type { LedgerRow, Store } from '../store/types';
import type { Delivered, DeliverOptions } from './deliver-types';
import { statedAnew } from './edit-failed';
import { groupCommit } from './group-commit';
import { Line } from './line';
import { knownStatus, one, waiting } from './outcome';
import { turn } from './turn';

export type { Attempt, Delivered, DeliverOptions } from './deliver-types';

const iso = (ms: number): string => new Date(ms).toISOString();

type Result = Delivered['results'][number];
type Update = Partial<LedgerRow> & { delivery_id: string };

/** What the ledger is to keep; with a result where the provider was asked. */
interface Outcome {
	update: Update;
	result?: Result;
}

/**
 * The one way to send: claim in the ledger, call, record. What was sent is not sent again; what may be tried again
 * waits in the store, and what comes later for the same ticket, person and channel waits behind it; what failed for
 * good is turned to the recipient's next channel. Each message is claimed right before it begins, and its outcome is
 * written before the person's next one: a process that dies leaves in doubt only what was in flight.
 */
export async function deliver(
	store: Store,
	deliveries: readonly Delivery[],
	options: DeliverOptions,
): Promise<Delivered> {
	// The same delivery twice in one run is one message.
	const distinct = [...new Map(deliveries.map((d) => [d.delivery_id, d])).values()];
	const queues = byPerson(distinct);
	const results = new Map<string, Result>();
	const ended = new Set<string>();
	const late: Outcome[] = [];
	const line = new Line(
		store,
		distinct.map((d) => d.delivery_id),
	);
	const claim = groupCommit(async (batch: readonly Delivery[]) => {
		const answers = await claimAll(store, batch, options);
		await line.read(
			batch.filter((_, index) => 'before' in answers[index]),
			options.now(),
		);
		return answers;
	});
	const record = groupCommit(async (batch: readonly Outcome[]) => {
		try {
			await recordAll(store, batch, options);
		} catch {
			// Once more at the end, where a store that is gone fails the run.
			late.push(...batch);
		}
		return batch;
	});
	await inParallel([...queues.values()], options.concurrency, async (queue) => {
		for (const delivery of queue) {
			const claimed = await claim(delivery);
			if ('result' in claimed) {
				results.set(delivery.delivery_id, claimed.result);
				if (claimed.ended) ended.add(delivery.delivery_id);
				continue;
			}
			const rank = rankOf(delivery, isUrgent(delivery.event, options.policy));
			const waits = line.wait(delivery, rank, options.now());
			if (waits) {
				results.set(delivery.delivery_id, waiting(delivery, waits));
				await record({ update: waits });
				continue;
			}
			const { result, update } = await one(delivery, claimed.before, options);
			results.set(delivery.delivery_id, result);
			if (update.stage === 'done') ended.add(delivery.delivery_id);
			if (update.due_at) line.noteWaiting(delivery, rank, Date.parse(update.due_at));
			await record({ result, update: { ...line.factsAfterTurn(delivery), ...update } });
		}
	});
	if (late.length > 0) await recordAll(store, late, options);
	await line.wake(
		distinct.filter((d) => ended.has(d.delivery_id)),
		options.now(),
	);
	const told = new Set<string>();
	return {
		results: deliveries.map((delivery) => {
			const result = results.get(delivery.delivery_id) as Result;
			const isRepeat = told.has(delivery.delivery_id);
			told.add(delivery.delivery_id);
			return isRepeat ? asDuplicate(result) : result;
		}),
	};
}

/** In order per person. By hand: Node 20 has no Map.groupBy, and a simulation runs there too. */
function byPerson(deliveries: readonly Delivery[]): Map<string, Delivery[]> {
	const queues = new Map<string, Delivery[]>();
	for (const delivery of deliveries) {
		const { user_id: id } = delivery.recipient;
		const queue = queues.get(id);
		if (queue) queue.push(delivery);
		else queues.set(id, [delivery]);
	}
	return queues;
}

/** The right to send now, or why this run does not; `ended`: the message is no longer wanted by anybody. */
type Claimed =
	| { result: Result; ended: boolean }
	| { before: { attempts: number; possibly_duplicate: boolean } };

async function claimAll(
	store: Store,
	batch: readonly Delivery[],
	options: DeliverOptions,
): Promise<Claimed[]> {
	const now = iso(options.now());
	const rows = batch.map((d) =>
		ledgerRow(d, now, { stage: 'sending', rank: rankOf(d, isUrgent(d.event, options.policy)) }),
	);
	const until = iso(options.now() + options.leaseMs);
	const claims = await store.deliveries.claim(rows, options.owner, now, until);
	const claimOf = new Map(claims.map((c) => [c.delivery_id, c]));
	const late = await lateSteps(store, batch);
	const unwanted: Update[] = [];
	const answers = batch.map((delivery): Claimed => {
		const claim = claimOf.get(delivery.delivery_id);
		if (claim && !claim.claimed) {
			const status = knownStatus(claim.row, claim.why);
			return { result: { delivery: { ...delivery, status }, ok: true }, ended: false };
		}
		if (!late.has(delivery.delivery_id))
			return { before: claim ?? { attempts: 0, possibly_duplicate: false } };
		const reason = 'acknowledged_before_send';
		unwanted.push({
			delivery_id: delivery.delivery_id,
			stage: 'done',
			status: 'superseded',
			reason,
			lease_owner: null,
			lease_until: null,
			updated_at: now,
		});
		const status = { status: 'pending' as const, timestamp: now, reason };
		return { result: { delivery: { ...delivery, status }, ok: true }, ended: true };
	});
	await store.deliveries.update(unwanted);
	return answers;
}

/** Outcomes, and with a failure the message on its next channel: a crash in between must not lose that. */
async function recordAll(
	store: Store,
	batch: readonly Outcome[],
	options: DeliverOptions,
): Promise<void> {
	const updates = batch.map(({ update }) => update);
	const failed = batch.flatMap(({ result }) => (result && !result.ok ? [result] : []));
	if (failed.length === 0) return store.deliveries.update(updates);
	const now = iso(options.now());
	await store.exclusive([], async (tx) => {
		await tx.deliveries.update(updates);
		await turn(tx, failed);
		await tx.deliveries.insert(
			failed.flatMap(({ delivery, turned }) =>
				turned
					? [
							ledgerRow(turned, now, {
								rank: rankOf(turned, isUrgent(turned.event, options.policy)),
							}),
						]
					: statedAnew(delivery, now),
			),
		);
	});
}

/** The second item of one delivery: it tells the same outcome and turns nothing to a next channel again. */
function asDuplicate({ delivery, ok }: Delivered['results'][number]): Delivered['results'][number] {
	const { status } = delivery;
	return {
		delivery: status ? { ...delivery, status: { ...status, duplicate: true } } : delivery,
		ok,
	};
}

async function inParallel<T>(
	items: readonly T[],
	width: number,
	work: (item: T) => Promise<void>,
): Promise<void> {
	let next = 0;
	const lane = async (): Promise<void> => {
		while (next < items.length) await work(items[next++]);
	};
	await Promise.all(Array.from({ length: Math.min(Math.max(width, 1), items.length) }, lane));
}
