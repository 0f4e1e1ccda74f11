import type { Delivery } from '../events/delivery';
import { ticketKey } from '../events/ids';
import type { ChainState, Store } from '../store/types';

const isStep = ({ purpose, test }: Delivery): boolean =>
	!test && (purpose.startsWith('escalation:') || purpose.startsWith('reminder:'));

/** Ids of steps and reminders that came too late: answered, in work or in other hands between "due" and "sent" (RE1). */
export async function lateSteps(
	store: Pick<Store, 'chains'>,
	deliveries: readonly Delivery[],
): Promise<Set<string>> {
	const steps = deliveries.filter(isStep);
	if (steps.length === 0) return new Set();
	const chains = new Map(
		(await store.chains.get([...new Set(steps.map((d) => ticketKey(d.event)))])).map((c) => [
			c.ticket_key,
			c,
		]),
	);
	return new Set(
		steps.filter((d) => isLate(d, chains.get(ticketKey(d.event)))).map((d) => d.delivery_id),
	);
}

function isLate(delivery: Delivery, chain: ChainState | undefined): boolean {
	if (!chain) return false;
	const data = chain.data as {
		chain_id?: string;
		acknowledged?: { resumed?: boolean; answered_at?: number };
	};
	const own = (delivery.escalation as { chain?: string } | undefined)?.chain;
	if (own !== undefined && own !== data.chain_id) return true;
	if (chain.status !== 'acknowledged') return chain.status === 'stopped';
	if (data.acknowledged?.answered_at !== undefined) return true;
	return delivery.purpose.startsWith('escalation:') && data.acknowledged?.resumed !== true;
}
