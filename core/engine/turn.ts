import { idOnChannel, turnToFallback } from '../channels/fallback';
import type { Store } from '../store/types';
import type { Delivered } from './deliver-types';

/** Turns what failed to its next channel that does not carry the event to this person anyway (RP3). */
export async function turn(
	store: Store,
	results: ReadonlyArray<Delivered['results'][number]>,
): Promise<void> {
	const failed = results.filter((r) => !r.ok);
	const ids = failed.flatMap((r) =>
		r.delivery.fallback.map((f) => idOnChannel(r.delivery, f.channel)),
	);
	if (ids.length === 0) return;
	const known = new Map(
		(await store.deliveries.get([...new Set(ids)])).map((row) => [row.delivery_id, row]),
	);
	for (const result of failed) {
		const carries = result.delivery.fallback.filter((f) => {
			const row = known.get(idOnChannel(result.delivery, f.channel));
			return (
				row !== undefined &&
				// A run before this one failed here too and died on its way to the next channel.
				!(row.stage === 'decided' && row.item?.tried?.includes(result.delivery.channel)) &&
				(row.status === 'sent' || row.status === 'delivered' || row.status === 'pending')
			);
		});
		result.turned = turnToFallback(result.delivery, new Set(carries.map((f) => f.channel)));
	}
}
