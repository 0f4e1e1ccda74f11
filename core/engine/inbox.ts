import type { Store } from '../store/types';

/**
 * Marks a person's inbox entries as read, those of the ids or all, and writes the time to the ledger: their status stays
 * `delivered`, `provider_ref.read_at` says when it was seen. Returns how many were unread. `now` in epoch ms.
 */
export async function readInbox(
	store: Store,
	userId: string,
	ids: readonly string[] | 'all',
	now: number,
): Promise<number> {
	const at = new Date(now).toISOString();
	return store.exclusive([`inbox:${userId}`], async (inside) => {
		const read = await inside.inbox.markRead(userId, ids, at);
		const rows = await inside.deliveries.get(read);
		await inside.deliveries.update(
			rows.map((row) => ({
				delivery_id: row.delivery_id,
				provider_ref: { ...row.provider_ref, read_at: at },
			})),
		);
		return read.length;
	});
}
