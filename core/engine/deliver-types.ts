import type { Outcome } from '../channels/types';
import type { Delivery } from '../events/delivery';
import type { Policy } from '../preferences/policy';

export interface Attempt {
	outcome: Outcome;
	attempts: number;
	latencyMs: number;
}

export interface DeliverOptions {
	/** One call of the provider (with its short retry in the run). It reports, it never throws for provider trouble. */
	attempt(delivery: Delivery): Promise<Attempt>;
	policy: Policy;
	now(): number;
	random(): number;
	/** Names this process in leases. */
	owner: string;
	/** Recipients side by side; order per recipient is kept. */
	concurrency: number;
	leaseMs: number;
	/** Before a message that is not urgent: something to wait for first, undefined where there is nothing. */
	letPass?(): Promise<void> | undefined;
	/** Instant after which nothing new is begun in this run: it waits for the Release Trigger instead. */
	deadline?: number;
}

export interface Delivered {
	/** In the order of the input; `turned` is the delivery on its next channel, absent where none is left. */
	results: Array<{ delivery: Delivery; ok: boolean; turned?: Delivery }>;
	/** How many have waited for one of these and are due now. */
	freed: number;
}
