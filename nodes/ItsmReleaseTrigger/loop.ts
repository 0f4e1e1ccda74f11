import { handOutDue, hasAbandoned, housekeeping, nextDue, tick, watchdog } from '../../core/engine';
import { CHANNEL_IDS, type Delivery } from '../../core/events';
import type { Store } from '../../core/store';
import { backgroundLoop, type BackgroundLoop } from '../shared/background';
import { GiveBack } from './give-back';

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

/** A clock that was set back must not make what is done so often wait until it has caught up. */
const isOver = (since: number, every: number, at: number): boolean =>
	at - since >= every || at < since;

/** Looks for what is due, again and again, until stopped. A fault is told and the loop goes on. */
export function releaseLoop(options: LoopOptions): BackgroundLoop {
	let watchedAt = -Infinity;
	let cleanedAt = -Infinity;
	let { takeBack = false } = options;
	const giveBack = new GiveBack();
	return backgroundLoop({
		faultPauseMs: options.pollMs,
		warn: (message) => options.warn(`The release loop met a fault and goes on: ${message}`),
		async look() {
			if (takeBack) {
				await options.store.deliveries.takeBack(options.owner, iso(options.now()));
				takeBack = false;
			}
			const at = options.now();
			await giveBack.settle(options.store, at);
			if (isOver(watchedAt, WATCH_EVERY_MS, at) || (await hasAbandoned(options.store, at))) {
				watchedAt = at;
				await watchdog(options.store, watchedAt);
			}
			if (isOver(cleanedAt, CLEAN_EVERY_MS, at)) {
				cleanedAt = at;
				await housekeeping(options.store, cleanedAt);
			}
			return releaseOnce(options, giveBack);
		},
	});
}

/** One look; returns how long to pause before the next. */
export async function releaseOnce(
	{ store, owner, pollMs, leaseMs, emit, warn, now }: LoopOptions,
	giveBack = new GiveBack(),
): Promise<number> {
	const at = now();
	const faults: string[] = [];
	await tick(store, { now: at, knownChannels: CHANNEL_IDS, onFault: (what) => faults.push(what) });
	const rows = await store.deliveries.leaseDue(iso(at), BATCH, owner, iso(at + leaseMs));
	let isOut = false;
	try {
		const deliveries = await handOutDue(store, rows, { now: at });
		if (deliveries.length > 0) emit(deliveries);
		isOut = true;
	} finally {
		if (isOut) giveBack.succeeded(rows);
		else await giveBack.failed(store, rows, now());
	}
	if (rows.length === BATCH) return MIN_PAUSE_MS;
	if (faults.length > 0) {
		warn(`${faults.length} part(s) could not be released and are tried again: ${faults[0]}`);
		// It stays due: the next look comes no sooner for it.
		return pollMs;
	}
	const longest = store.kind === 'postgres' ? Math.min(pollMs, SHARED_PAUSE_MS) : pollMs;
	const next = await nextDue(store);
	return next === undefined ? longest : Math.min(Math.max(next - now(), MIN_PAUSE_MS), longest);
}
