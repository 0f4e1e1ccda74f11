import type { Delivery } from '../events/delivery';
import { ledgerRow, rankOf } from '../gate/rows';
import { lateSteps } from '../gate/steps';
import { isUrgent } from '../strategy/priority';
import type { LedgerRow, Store } from '../store/types';
import type { Delivered, DeliverOptions } from './deliver-types';
import { statedAnew } from './edit-failed';
import { linesOf, type Line } from './line';
import { knownStatus, waiting } from './outcome';
import { turn } from './turn';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Its place among what waits: 0 urgent, 1 first message, 2 repeat. */
export const rank = (delivery: Delivery, { policy }: DeliverOptions): number =>
	rankOf(delivery, isUrgent(delivery.event, policy));

type Result = Delivered['results'][number];
type Update = Partial<LedgerRow> & { delivery_id: string };

/** What the ledger is to keep; with a result where the provider was asked. */
export interface Outcome {
	update: Update;
	result?: Result;
}

/** What a lane brings between two messages: how the last one went, and which it would begin. */
export interface Turn {
	outcome?: Outcome;
	next?: Delivery;
}

/** The right to send now, or why this run does not; `ended`: the message is no longer wanted by anybody. */
export type Claimed =
	| { result: Result; ended: boolean }
	| { before: { attempts: number; possibly_duplicate: boolean } };

/** Writes the outcomes of many lanes and claims their next messages, in one commit. Answers in their order. */
export async function settleAll(
	store: Store,
	turns: readonly Turn[],
	line: Line,
	options: DeliverOptions,
): Promise<Array<Claimed | undefined>> {
	const outcomes = turns.flatMap(({ outcome }) => outcome ?? []);
	const wanted = turns.flatMap(({ next }) => next ?? []);
	// Two processes that begin messages of one line in the same moment: the second sees what the first has claimed.
	return store.exclusive(linesOf(wanted), async (tx) => {
		if (outcomes.length > 0) await recordAll(tx, outcomes, options);
		if (wanted.length === 0) return turns.map(() => undefined);
		const claims = await inTheirTurn(
			tx,
			wanted,
			await claimAll(tx, wanted, options),
			line,
			options,
		);
		let at = 0;
		return turns.map(({ next }) => (next ? claims[at++] : undefined));
	});
}

/** Of what was claimed, that which follows an earlier message still on its way is let go of again, until then. */
async function inTheirTurn(
	tx: Store,
	batch: readonly Delivery[],
	claims: readonly Claimed[],
	line: Line,
	options: DeliverOptions,
): Promise<Claimed[]> {
	const now = options.now();
	await line.read(
		tx,
		batch.filter((_, index) => 'before' in claims[index]),
		now,
	);
	const waits: Update[] = [];
	const answers = claims.map((claim, index): Claimed => {
		const delivery = batch[index];
		const update =
			'before' in claim ? line.wait(delivery, rank(delivery, options), now) : undefined;
		if (!update) return claim;
		waits.push(update);
		return { result: waiting(delivery, update), ended: false };
	});
	await tx.deliveries.update(waits);
	return answers;
}

async function claimAll(
	store: Store,
	batch: readonly Delivery[],
	options: DeliverOptions,
): Promise<Claimed[]> {
	const now = iso(options.now());
	const rows = batch.map((d) => ledgerRow(d, now, { stage: 'sending', rank: rank(d, options) }));
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
export async function recordAll(
	store: Store,
	batch: readonly Outcome[],
	options: DeliverOptions,
): Promise<void> {
	const isFailure = ({ update }: Outcome): boolean =>
		update.status !== 'sent' && update.status !== 'delivered';
	const failures = batch.filter(isFailure);
	const successes = batch.filter((outcome) => !isFailure(outcome));
	if (failures.length === 0) {
		await store.deliveries.update(successes.map(({ update }) => update));
		return;
	}
	const now = iso(options.now());
	await store.exclusive([], async (tx) => {
		await tx.deliveries.update(successes.map(({ update }) => update));
		// Whoever has taken it over meanwhile says how it went: a late failure does not undo that.
		const ours = new Set(
			await tx.deliveries.update(
				failures.map(({ update }) => update),
				(row) => row.lease_owner === options.owner,
			),
		);
		const failed: Result[] = [];
		for (const { update, result } of failures) {
			if (!result) continue;
			if (!ours.has(update.delivery_id)) leaveToOthers(result, now);
			else if (!result.ok) failed.push(result);
		}
		await turn(tx, failed, now);
		await tx.deliveries.insert(
			failed.flatMap(({ delivery, turned }) =>
				turned
					? [ledgerRow(turned, now, { rank: rank(turned, options) })]
					: statedAnew(delivery, now),
			),
		);
	});
}

/** The lease ended before the outcome came, and another run has it. */
function leaveToOthers(result: Result, now: string): void {
	const status = { status: 'pending' as const, timestamp: now, reason: 'claimed_elsewhere' };
	result.delivery = { ...result.delivery, status };
	result.ok = true;
}
