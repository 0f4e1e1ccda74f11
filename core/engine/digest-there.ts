import { idOnChannel } from '../channels/fallback';
import type { Delivery } from '../events/delivery';
import { addressMark, ticketKey } from '../events/ids';
import { collapse } from '../gate/collapse';
import { ledgerRow } from '../gate/rows';
import type { LedgerRow, Store } from '../store/types';

/** The rest of a digest: what its next channel has not told. */
export async function onlyWith(
	store: Store,
	left: Delivery[],
	failed: Delivery,
): Promise<Delivery> {
	const keys = [...new Set(left.map(({ event }) => ticketKey(event)))];
	const states = new Map((await store.tickets.get(keys)).map((state) => [state.ticket_key, state]));
	const { delivery } = collapse(left, (key) => states.get(key), failed.delivery_id);
	const { recipient, decision, fallback, tried, status, failed: story } = failed;
	return { ...delivery, recipient, decision, fallback, tried, status, failed: story };
}

/** The entries of a digest, on the channel that it was turned to: another channel's need not go there too. */
export function rowsInside(turned: Delivery, parts: readonly Delivery[], now: string): LedgerRow[] {
	const { delivery_id: by } = turned;
	if (turned.digest === undefined) return [];
	return parts
		.map((part) => entryOn(turned, part))
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

/** An entry of a digest as a delivery of its own on the channel that this was turned to: it goes on from there. */
export function entryOn(turned: Delivery, part: Delivery): Delivery {
	const { channel, address, fallback, tried, failed } = turned;
	const why = part.why ? { why: { ...part.why, address: addressMark(address) } } : {};
	const delivery_id = idOnChannel(part, channel);
	return { ...part, delivery_id, channel, address, ...why, fallback, tried, failed };
}
