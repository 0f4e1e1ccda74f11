import type { Decision, Delivery } from '../events/delivery';
import { apart, type OnFault } from '../gate/apart';
import { releaseHeld } from '../gate/release';
import { parsePolicy, type Policy } from '../preferences/policy';
import type { Store } from '../store/types';
import { startFreed } from './chains';
import { runChains, type SkippedStep } from './escalate';

export interface TickOptions {
	now: number;
	knownChannels: readonly string[];
	onDecision?(delivery: Delivery, decision: Decision): void;
	onSkipped?(skipped: SkippedStep): void;
	/** With it, a person or ticket that fails does not keep the others waiting. */
	onFault?: OnFault;
}

/** Turns everything that is due at `now` into ledger rows of stage `due`. Returns how many were made. */
export async function tick(store: Store, options: TickOptions): Promise<number> {
	const policyOf = policyReader(store);
	const freed = new Map<string | null, Delivery[]>();
	const held = await releaseHeld(store, {
		now: options.now,
		policyOf,
		onDecision: options.onDecision,
		onFault: options.onFault,
		onFreed: (delivery, id) => void freed.set(id, [...(freed.get(id) ?? []), delivery]),
	});
	for (const [id, list] of freed)
		await apart(options.onFault, 'Escalations of what was held', async () =>
			startFreed(store, list, await policyOf(id), id, options.now),
		);
	const chains = await runChains(store, {
		now: options.now,
		policyOf,
		knownChannels: options.knownChannels,
		onDecision: options.onDecision,
		onSkipped: options.onSkipped,
		onFault: options.onFault,
	});
	return held + chains;
}

/** The instant at which something is due next, or undefined. */
export async function nextDue(store: Store): Promise<number | undefined> {
	const all = [
		await store.held.nextDue(),
		await store.groups.nextDue(),
		await store.chains.nextDue(),
		await store.deliveries.nextDue(),
	];
	const known = all.filter((at) => at !== undefined).sort();
	return known.length === 0 ? undefined : Date.parse(known[0]);
}

const parsed = new WeakMap<object, Policy>();

/** Reads policies by id, each one once; null is the store's current one. */
export function policyReader(store: Store): (id: string | null) => Promise<Policy> {
	const known = new Map<string | null, Policy>();
	return async (id) => {
		let policy = known.get(id);
		if (!policy) {
			const stored = (await store.policies.get(id ?? undefined)) ?? (await store.policies.get());
			const document = stored?.document ?? {};
			policy = parsed.get(document) ?? parsePolicy(document);
			parsed.set(document, policy);
			known.set(id, policy);
		}
		return policy;
	};
}
