import type { Store } from '../../core/store/types';

/** Nothing waits any more: no event, no message, no group, no escalation. */
export async function isSettled(store: Store): Promise<boolean> {
	const { queued, leased } = await store.intake.counts();
	const waiting = await store.deliveries.list({ status: 'pending', limit: 1 });
	const chain = await store.chains.nextDue();
	return queued + leased + waiting.length + (await store.held.count()) === 0 && chain === undefined;
}
