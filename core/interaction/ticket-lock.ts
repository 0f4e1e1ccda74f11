import type { Store } from '../store/types';

export interface LockOptions {
	owner: string;
	now(): number;
	sleep(ms: number): Promise<void>;
	/** How long to wait for another holder. */
	waitMs: number;
	leaseMs: number;
}

export interface TicketLock {
	/** Holds on for another lease; false where somebody else has taken it over. */
	renew(): Promise<boolean>;
	release(): Promise<void>;
}

const POLL_MS = 150;
const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * One writer per ticket, across the processes that share the store: a lease, since a transaction must not stay open while
 * an ITSM is waited for. Undefined where the other holder does not let go in time.
 */
export async function lockTicket(
	store: Pick<Store, 'shared'>,
	ticketKey: string,
	options: LockOptions,
): Promise<TicketLock | undefined> {
	const { owner, now, sleep, waitMs, leaseMs } = options;
	const key = `writing:${ticketKey}`;
	const hold = (): Promise<boolean> =>
		store.shared.change(key, iso(now()), (value) => {
			const isFree = value === undefined || value.owner === owner;
			const expiresAt = iso(now() + leaseMs);
			return isFree
				? { value: { owner, until: expiresAt }, result: true, expiresAt }
				: { value, result: false, expiresAt: String(value.until) };
		});
	const end = now() + waitMs;
	while (!(await hold())) {
		if (now() + POLL_MS > end) return undefined;
		await sleep(POLL_MS);
	}
	return {
		renew: hold,
		release: () =>
			store.shared.change(key, iso(now()), (value) => ({
				value: value?.owner === owner ? undefined : value,
				result: undefined,
				...(value ? { expiresAt: String(value.until) } : {}),
			})),
	};
}
