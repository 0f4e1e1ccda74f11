import { idOnChannel, turnToFallback } from '../channels/fallback';
import type { Delivery } from '../events/delivery';
import { ticketKey } from '../events/ids';
import { collapse } from '../gate/collapse';
import { partsOf } from '../gate/parts';
import { ledgerRow } from '../gate/rows';
import type { LedgerRow, Store } from '../store/types';
import type { Delivered } from './deliver-types';

type Result = Delivered['results'][number];

/**
 * Turns what failed to its next channel that does not carry the event to this person anyway (RP3). Returns rows to be
 * written: what a digest that was turned tells on its new channel.
 */
export async function turn(
	store: Store,
	results: readonly Result[],
	now: string,
): Promise<LedgerRow[]> {
	const failed = results.filter((r) => !r.ok && r.delivery.fallback.length > 0);
	if (failed.length === 0) return [];
	const digests = await partsOf(
		store,
		failed.map(({ delivery }) => delivery),
	);
	const made = (delivery: Delivery): Delivery[] =>
		digests(delivery)?.map(({ item }) => item) ?? [delivery];
	const ids = failed.flatMap(({ delivery }) =>
		delivery.fallback.flatMap(({ channel }) => idsOn(channel, made(delivery))),
	);
	const known = new Map(
		(await store.deliveries.get([...new Set(ids)])).map((row) => [row.delivery_id, row]),
	);
	const inside: LedgerRow[] = [];
	for (const result of failed) {
		const { delivery } = result;
		const parts = made(delivery);
		const leftOn = (channel: string): Delivery[] =>
			parts.filter((part) => !carries(known.get(idOnChannel(part, channel)), delivery.channel));
		const taken = delivery.fallback.map((f) => f.channel).filter((c) => leftOn(c).length === 0);
		const turned = turnToFallback(delivery, new Set(taken));
		if (!turned) continue;
		const left = leftOn(turned.channel);
		result.turned =
			left.length === parts.length
				? turned
				: turnToFallback(await onlyWith(store, left, delivery), new Set(taken));
		if (!result.turned) continue;
		for (const row of rowsInside(result.turned, left, now)) {
			known.set(row.delivery_id, row);
			inside.push(row);
		}
	}
	return inside;
}

/** The entries of a digest, on the channel that it was turned to: another channel's need not go there too. */
function rowsInside(turned: Delivery, parts: readonly Delivery[], now: string): LedgerRow[] {
	const { channel, address, delivery_id: by } = turned;
	if (turned.digest === undefined) return [];
	return parts
		.map((part) => ({ ...part, delivery_id: idOnChannel(part, channel), channel, address }))
		.filter((part) => part.delivery_id !== by)
		.map((part) =>
			ledgerRow(part, now, {
				stage: 'done',
				status: 'superseded',
				reason: 'in_digest',
				facts: { by },
			}),
		);
}

const idsOn = (channel: string, parts: readonly Delivery[]): string[] =>
	parts.map((part) => idOnChannel(part, channel));

/** Whether a row of the next channel tells it: it was sent, waits, or went inside a digest there. */
const carries = (row: LedgerRow | undefined, failing: string): boolean =>
	row !== undefined &&
	// A run before this one failed here too and died on its way to the next channel.
	!(row.stage === 'decided' && row.item?.tried?.includes(failing)) &&
	['sent', 'delivered', 'pending', 'superseded'].includes(row.status);

/** The rest of a digest: what its next channel has not told. */
async function onlyWith(store: Store, left: Delivery[], failed: Delivery): Promise<Delivery> {
	const keys = [...new Set(left.map(({ event }) => ticketKey(event)))];
	const states = new Map((await store.tickets.get(keys)).map((state) => [state.ticket_key, state]));
	const { delivery } = collapse(left, (key) => states.get(key), failed.delivery_id);
	const { fallback, tried, status, failed: story } = failed;
	return { ...delivery, fallback, tried, status, failed: story };
}
