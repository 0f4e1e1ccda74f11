import { handOutDue, hasAbandoned, housekeeping, nextDue, tick, watchdog } from '../../core/engine';
import { CHANNEL_IDS, type Delivery } from '../../core/events';
import type { Store } from '../../core/store';
import { backgroundLoop, type BackgroundLoop } from '../shared/background';

export interface LoopOptions {
	store: Store;
	/** Names this process in leases, the same after a restart. */
	owner: string;
	/** What is leased under that name was left by a process that ended: it goes out again at once. */
	takeBack?: boolean;
	/** Longest pause between two looks, ms: other processes add work too. */
	pollMs: number;
	leaseMs: number;
	/** Starts one run with these deliveries. */
	emit(deliveries: Delivery[]): void;
	warn(message: string): void;
	now(): number;
}

const iso = (ms: number): string => new Date(ms).toISOString();

const BATCH = 50;
const MIN_PAUSE_MS = 200;
/** On a store that processes share nobody can wake this one: an answer to a person waits no longer than this. */
const SHARED_PAUSE_MS = 1_000;
const WATCH_EVERY_MS = 30_000;
const CLEAN_EVERY_MS = 3_600_000;

/** Looks for what is due, again and again, until stopped. A fault is told and the loop goes on. */
export function releaseLoop(options: LoopOptions): BackgroundLoop {
	let watchedAt = -Infinity;
	let cleanedAt = -Infinity;
	let { takeBack = false } = options;
	return backgroundLoop({
		faultPauseMs: options.pollMs,
		warn: (message) => options.warn(`The release loop met a fault and goes on: ${message}`),
		async look() {
			if (takeBack) {
				await options.store.deliveries.takeBack(options.owner, iso(options.now()));
				takeBack = false;
			}
			const at = options.now();
			if (at - watchedAt >= WATCH_EVERY_MS || (await hasAbandoned(options.store, at))) {
				watchedAt = at;
				await watchdog(options.store, watchedAt);
			}
			if (options.now() - cleanedAt >= CLEAN_EVERY_MS) {
				cleanedAt = options.now();
				await housekeeping(options.store, cleanedAt);
			}
			return releaseOnce(options);
		},
	});
}

/** One look; returns how long to pause before the next. */
export async function releaseOnce({
	store,
	owner,
	pollMs,
	leaseMs,
	emit,
	now,
}: LoopOptions): Promise<number> {
	const at = now();
	await tick(store, { now: at, knownChannels: CHANNEL_IDS });
	const rows = await store.deliveries.leaseDue(iso(at), BATCH, owner, iso(at + leaseMs));
	const deliveries = await handOutDue(store, rows, { now: at });
	if (deliveries.length > 0) emit(deliveries);
	if (rows.length === BATCH) return MIN_PAUSE_MS;
	const longest = store.kind === 'postgres' ? Math.min(pollMs, SHARED_PAUSE_MS) : pollMs;
	const next = await nextDue(store);
	return next === undefined ? longest : Math.min(Math.max(next - now(), MIN_PAUSE_MS), longest);
}
