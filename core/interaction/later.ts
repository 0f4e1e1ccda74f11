import { channels, type StatusCall } from '../channels';
import { markDead } from '../engine';
import type { ChannelId } from '../events/delivery';
import type { LedgerRow, Store } from '../store/types';
import type { TakeOptions } from './item';

/** A status call: about the messages of its channel that bear the provider's id. */
export async function noteStatus(
	store: Store,
	call: StatusCall,
	options: TakeOptions,
): Promise<void> {
	const rows = await store.deliveries.list({
		provider_message_id: call.providerMessageId,
		limit: 50,
	});
	await applyStatus(
		store,
		rows.filter((row) => row.channel === options.channel),
		call,
		options.now,
	);
}

/** What became of messages, as their provider tells. */
export type Later = Pick<StatusCall, 'status' | 'recipient' | 'code' | 'message' | 'deadAddress'>;

/** What the provider tells of a message later. A message that is delivered may be read, one that failed stays failed. */
export async function applyStatus(
	store: Store,
	rows: readonly LedgerRow[],
	call: Later,
	at: Date,
): Promise<void> {
	const now = at.toISOString();
	if (call.deadAddress) for (const row of rows) await forget(store, row, call, at);
	await store.deliveries.update(
		rows.flatMap((row): Array<Partial<LedgerRow> & { delivery_id: string }> => {
			if (row.status !== 'sent' && row.status !== 'delivered') return [];
			const base = { delivery_id: row.delivery_id, updated_at: now };
			if (call.status === 'failed')
				return [
					{
						...base,
						status: 'failed' as const,
						reason: 'not_delivered',
						error: { code: call.code ?? 'not_delivered', message: call.message ?? '' },
					},
				];
			const facts = call.status === 'read' ? { facts: { ...row.facts, read_at: now } } : {};
			return [{ ...base, status: 'delivered' as const, ...facts }];
		}),
	);
}

/** The address that was written to, or the one of several that the provider names. */
async function forget(store: Store, row: LedgerRow, call: Later, at: Date): Promise<void> {
	const channel = channels[row.channel as ChannelId];
	const address = call.recipient ?? (row.item && channel?.address(row.item.address));
	if (!address) return;
	const code = call.code ?? 'not_delivered';
	await markDead(
		store,
		{ user_id: row.user_id, channel: row.channel, addresses: [address], code },
		at.getTime(),
	);
}
