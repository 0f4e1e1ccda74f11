import type { Delivery } from '../events/delivery';
import { deliveryId } from '../events/ids';
import type { LedgerRow, Store } from '../store/types';

export type PartRow = LedgerRow & { item: Delivery };

/** What digests were made of: the rows of each, undefined for anything else or where the ledger has not all of them. */
export async function partsOf(
	store: Pick<Store, 'deliveries'>,
	deliveries: readonly Delivery[],
): Promise<(delivery: Delivery) => PartRow[] | undefined> {
	const ids = [...new Set(deliveries.flatMap(idsOf))];
	const rows = ids.length === 0 ? [] : await store.deliveries.get(ids);
	const known = new Map(rows.filter(hasItem).map((row) => [row.delivery_id, row]));
	return (delivery) => {
		const wanted = idsOf(delivery);
		const parts = wanted.flatMap((id) => known.get(id) ?? []);
		const isAll = parts.length > 0 && parts.length === wanted.length;
		return isAll ? parts.map((part) => alone(part, wanted)) : undefined;
	};
}

/** The newest of a ticket's events has the row of what was made of them all: as a part it is one event again. */
const alone = (part: PartRow, wanted: readonly string[]): PartRow =>
	part.item.digest && idsOf(part.item).every((id) => wanted.includes(id))
		? { ...part, item: { ...part.item, digest: undefined } }
		: part;

const hasItem = (row: LedgerRow): row is PartRow => row.item !== null;

function idsOf({ digest, recipient, channel }: Delivery): string[] {
	if (!digest) return [];
	// Without parts: an older version has made it.
	return digest.parts ?? digest.event_ids.map((id) => deliveryId(id, recipient.user_id, channel));
}
