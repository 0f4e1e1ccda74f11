import { caught } from '../errors';
import { addressMark, deliveryId, ticketKey } from '../events/ids';
import type { Delivery } from '../events/delivery';
import { WAITED } from '../gate/retry';
import { effective } from '../preferences/merge';
import type { Policy } from '../preferences/policy';
import { resolveEvents } from '../preferences/resolve';
import type { Store } from '../store/types';
import type { ChainData } from './chains';

export interface StepOptions {
	now: number;
	policyOf(policyId: string | null): Promise<Policy>;
	knownChannels: readonly string[];
}

export interface StepResult {
	deliveries: Delivery[];
	skipped?: string;
	/** The person whom it does not reach. */
	person?: string;
}

/** Whom a step reaches, where: `manager`, `user:<id>` or `fallback`, the same person's next channel. */
export async function stepDeliveries(
	store: Store,
	data: ChainData,
	to: string,
	index: number,
	options: StepOptions,
): Promise<StepResult> {
	const purpose = `escalation:${index + 1}`;
	if (to === 'fallback') return toFallback(store, data, purpose, options);
	if (to.startsWith('user:'))
		return toPerson(store, data, to.slice('user:'.length), purpose, options);
	const [row] = await store.preferences.get([data.from]);
	const policy = await options.policyOf(data.policy_id);
	const read = row && caught(() => effective(row.document, policy));
	// A document that has been broken meanwhile must not stop the others.
	if (read && !read.ok)
		return { deliveries: [], skipped: 'invalid_preferences', person: data.from };
	const manager = read?.value.manager;
	if (!manager) return { deliveries: [], skipped: 'no_manager' };
	return toPerson(store, data, manager, purpose, options);
}

/** The next channel, in the person's order, that has not carried this event to this person and is not trying to (RP3). */
async function toFallback(
	store: Store,
	data: ChainData,
	purpose: string,
	options: StepOptions,
): Promise<StepResult> {
	const carried =
		(await store.deliveries.carried([{ event_id: data.event.event_id, user_id: data.from }])).get(
			`${data.event.event_id}|${data.from}`,
		) ?? [];
	const all = await toPerson(store, data, data.from, purpose, options);
	if (all.skipped) return all;
	const first = all.deliveries[0];
	const order = first
		? [{ channel: first.channel, address: first.address }, ...first.fallback]
		: [];
	// A channel that does not take the ticket's messages now is no other way either.
	const pair = { ticket_key: ticketKey(data.event), user_id: data.from };
	const line = await store.deliveries.line(order.map(({ channel }) => ({ ...pair, channel })));
	const stuck = line.filter((row) => WAITED.has(row.reason ?? ''));
	const taken = new Set([...carried, ...stuck.map((row) => row.channel)]);
	const at = order.findIndex((f) => !taken.has(f.channel));
	if (at < 0) return { deliveries: [], skipped: 'no_further_channel' };
	const { channel, address } = order[at];
	const delivery_id = deliveryId(data.chain_id, data.from, channel, purpose);
	const why = { ...first.why, address: addressMark(address) };
	return {
		deliveries: [{ ...first, delivery_id, channel, address, why, fallback: order.slice(at + 1) }],
	};
}

/** One delivery per channel that the person lists, whatever the categories: an escalation is for them by name. */
export async function toPerson(
	store: Store,
	data: ChainData,
	userId: string,
	purpose: string,
	options: StepOptions,
): Promise<StepResult> {
	const policy = await options.policyOf(data.policy_id);
	const byName: Policy = {
		...policy,
		routing: {
			...policy.routing,
			notify_actor: true,
			unknown_person: 'no_route',
			mandatory_types: [data.event.event_type],
		},
	};
	const event = { ...data.event, target_users: [userId] };
	const { deliveries, noRoute } = await resolveEvents([event], {
		store,
		policy: byName,
		now: new Date(options.now),
		knownChannels: options.knownChannels,
	});
	if (deliveries.length === 0)
		return { deliveries: [], skipped: noRoute[0]?.reason ?? 'no_user', person: userId };
	return {
		deliveries: deliveries.map((d) => ({
			...d,
			event: data.event,
			purpose,
			strategy: 'escalation' as const,
			delivery_id: deliveryId(data.chain_id, userId, d.channel, purpose),
			escalation: { from: data.from, step: purpose, chain: data.chain_id },
		})),
	};
}
