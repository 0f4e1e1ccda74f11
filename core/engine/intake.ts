import type { Delivery } from '../events/delivery';
import type { NotificationEvent } from '../events/model';
import { runGate } from '../gate/run';
import type { GateResult } from '../gate/types';
import type { Policy } from '../preferences/policy';
import { resolveEvents } from '../preferences/resolve';
import type { Store } from '../store/types';
import { startChains } from './chains';
import { observe } from './observe';

export interface IntakeOptions {
	policy: Policy;
	policyId: string | null;
	now: number;
	knownChannels: readonly string[];
}

type Resolved = Awaited<ReturnType<typeof resolveEvents>>;

export interface IntakeResult extends GateResult {
	deliveries: Delivery[];
	noRoute: Resolved['noRoute'];
	warnings: Resolved['warnings'];
	/** Channels that somebody lists and that carry nothing (RP3, RN2). */
	skipped: Resolved['skipped'];
	unsupported: Resolved['unsupported'];
}

/** Events → decided deliveries: what Resolver and Gate do on the canvas, in one call (simulation, benchmarks). */
export async function intake(
	store: Store,
	events: readonly NotificationEvent[],
	options: IntakeOptions,
): Promise<IntakeResult> {
	const { policy, now, knownChannels } = options;
	const read = await observe(store, events, policy, now);
	const resolved = await resolveEvents(read, {
		store,
		policy,
		now: new Date(now),
		knownChannels,
	});
	const gated = await gate(store, resolved.deliveries, options);
	return { ...gated, ...resolved };
}

/** The gate with what follows from it: an escalation delivery starts its ticket's chain. */
export async function gate(
	store: Store,
	deliveries: readonly Delivery[],
	options: Omit<IntakeOptions, 'knownChannels'> & { testId?: string; aggregationInvalid?: string },
): Promise<GateResult> {
	const result = await runGate(store, deliveries, options);
	await startChains(
		store,
		[...result.send, ...result.held, ...result.silenced],
		options.policy,
		options.policyId,
		options.now,
	);
	return result;
}
