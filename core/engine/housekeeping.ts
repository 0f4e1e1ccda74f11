import type { Store } from '../store/types';

const DAY_MS = 24 * 3_600_000;

/** How long what has served its purpose is kept, days. No sender repeats a delivery after so long. */
export const KEEP_DAYS = { intake: 7, seen: 30, inbox: 90, actions: 30 } as const;

/** Removes completed intake rows, old delivery marks, old inbox entries and shared values that have run out. */
export async function housekeeping(store: Store, now: number): Promise<void> {
	const before = (days: number): string => new Date(now - days * DAY_MS).toISOString();
	await store.intake.purge(before(KEEP_DAYS.intake));
	await store.seen.purge(before(KEEP_DAYS.seen));
	await store.inbox.purge(before(KEEP_DAYS.inbox));
	await store.actions.purge(before(KEEP_DAYS.actions));
	await store.shared.purge(new Date(now).toISOString());
}
