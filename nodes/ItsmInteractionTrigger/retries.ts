import type { Store } from '../../core/store';
import { backgroundLoop, type BackgroundLoop } from '../shared/background';

export interface RetryOptions {
	store: Store;
	/** Names this process in leases, the same after a restart. */
	owner: string;
	/** What is leased under that name was left by a process that ended: it goes out again at once. */
	takeBack: boolean;
	now(): number;
	/** Starts one run with these answers. */
	emit(items: Array<Record<string, unknown>>): void;
	warn(message: string): void;
}

const BATCH = 20;
/** A run that has not told its end by then is taken for lost. */
const LEASE_MS = 5 * 60_000;
const POLL_MS = 5_000;
const MIN_PAUSE_MS = 200;

const iso = (ms: number): string => new Date(ms).toISOString();

/** Emits again, when its time has come, what the ITSM could not take: ITSM Ticket has put it off. */
export function retryLoop(options: RetryOptions): BackgroundLoop {
	let { takeBack } = options;
	return backgroundLoop({
		async look() {
			if (takeBack) await options.store.actions.takeBack(options.owner, iso(options.now()));
			takeBack = false;
			return retryOnce(options);
		},
		faultPauseMs: POLL_MS,
		warn: (message) =>
			options.warn(`The loop of what is tried again met a fault and goes on: ${message}`),
	});
}

/** One look; returns how long to pause before the next. */
export async function retryOnce({
	store,
	owner,
	now,
	emit,
}: Omit<RetryOptions, 'takeBack'>): Promise<number> {
	const at = now();
	const rows = await store.actions.leaseDue(iso(at), BATCH, owner, iso(at + LEASE_MS));
	if (rows.length > 0) emit(rows.map((row) => ({ ...row.item, retry: row.attempts })));
	if (rows.length === BATCH) return MIN_PAUSE_MS;
	const next = await store.actions.nextDue();
	return next === undefined
		? POLL_MS
		: Math.min(Math.max(Date.parse(next) - now(), MIN_PAUSE_MS), POLL_MS);
}
