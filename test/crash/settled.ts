import type { Store } from '../../core/store/types';

/** Nothing waits any more: no event, no message, no group, no escalation. */
export async function isSettled(store: Store): Promise<boolean> {
	// A step that fires becomes a message in one step: chains first, so that it is seen as the one or the other.
	const chain = await store.chains.nextDue();
	const held = await store.held.count();
	const { queued, leased } = await store.intake.counts();
	const waiting = await store.deliveries.list({ status: 'pending', limit: 1 });
	return queued + leased + waiting.length + held === 0 && chain === undefined;
}
