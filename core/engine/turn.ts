import { idOnChannel, turnToFallback } from '../channels/fallback';
import type { Delivery } from '../events/delivery';
import { partsOf } from '../gate/parts';
import { ledgerRow } from '../gate/rows';
import type { LedgerRow, Store } from '../store/types';
import type { Delivered } from './deliver-types';
import { onlyWith, rowsInside } from './digest-there';
import { ToldThere } from './told-there';

type Result = Delivered['results'][number];

/**
 * Turns what failed to its next channel that does not carry the event to this person anyway (RP3). Notes in the ledger
 * what a digest that was turned tells on its new channel. Returns the ids of those that a run before had turned and that
 * are under way or told.
 */
export async function turn(
	store: Store,
	results: readonly Result[],
	now: string,
): Promise<ReadonlySet<string>> {
	const failed = results.filter((r) => !r.ok && r.delivery.fallback.length > 0);
	if (failed.length === 0) return new Set();
	// What fails for one person in two processes at once: the second sees where the first has gone.
	const people = new Set(failed.map(({ delivery }) => `turn:${delivery.recipient.user_id}`));
	return store.exclusive([...people], (tx) => turnAll(tx, failed, now));
}

async function turnAll(
	store: Store,
	failed: readonly Result[],
	now: string,
): Promise<ReadonlySet<string>> {
	const again = new Set<string>();
	const digests = await partsOf(
		store,
		failed.map(({ delivery }) => delivery),
	);
	const made = (delivery: Delivery): Delivery[] =>
		digests(delivery)?.map(({ item }) => item) ?? [delivery];
	const there = await ToldThere.of(
		store,
		failed.flatMap(({ delivery }) =>
			delivery.fallback.flatMap(({ channel }) => idsOn(channel, made(delivery))),
		),
	);
	const inside: LedgerRow[] = [];
	for (const result of failed) {
		const { delivery } = result;
		const parts = made(delivery);
		const leftOn = (channel: string): Delivery[] =>
			parts.filter((part) => !there.tells(idOnChannel(part, channel), delivery.channel));
		const taken = delivery.fallback.map((f) => f.channel).filter((c) => leftOn(c).length === 0);
		const before = taken
			.flatMap((channel) => idsOn(channel, parts).flatMap((id) => there.teller(id) ?? []))
			.find(({ item }) => item?.tried?.includes(delivery.channel));
		if (before?.item) {
			result.turned = { ...before.item, message: undefined, status: undefined };
			again.add(before.delivery_id);
			continue;
		}
		const whole = turnToFallback(delivery, new Set(taken));
		if (!whole) continue;
		const left = leftOn(whole.channel);
		const turned =
			left.length === parts.length
				? whole
				: turnToFallback(await onlyWith(store, left, delivery), new Set(taken));
		if (!turned) continue;
		result.turned = turned;
		const rows = rowsInside(turned, left, now);
		inside.push(...rows);
		there.note([...rows, ledgerRow(turned, now, {})]);
	}
	await noteInside(store, inside, there, now);
	return again;
}

/** Also over what has ended there before. */
async function noteInside(
	store: Store,
	inside: readonly LedgerRow[],
	there: ToldThere,
	now: string,
): Promise<void> {
	const fresh = new Set(await store.deliveries.insert(inside));
	await store.deliveries.update(
		inside
			.filter((row) => !fresh.has(row.delivery_id))
			.map(({ delivery_id, stage, status, reason, facts }) => {
				return { delivery_id, stage, status, reason, facts, due_at: null, updated_at: now };
			}),
		(row) => there.isAsRead(row),
	);
}

const idsOn = (channel: string, parts: readonly Delivery[]): string[] =>
	parts.map((part) => idOnChannel(part, channel));
