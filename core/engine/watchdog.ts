import { isAsSeen } from '../store/rules';
import type { LedgerRow, Store } from '../store/types';
import { tellOperators } from './operators';

/** So long a delivery may be without an outcome. */
export const STUCK_MS = 10 * 60_000;
/** So often a sender may die over one delivery before that one is to blame. */
const DEATHS = 5;
const LIMIT = 500;

export interface WatchdogRun {
	at: string;
	/** Deliveries that were handed out again. */
	resumed: number;
	/** Deliveries that had been handed out again before and are given up. */
	given_up: number;
}

/** Where its last run stands in the store, so that a healthy one can be seen. */
export const WATCHDOG_KEY = 'watchdog:last';

/** Without a run of it for so long no Release Trigger is at work on the store. */
const SILENT_MS = 5 * 60_000;

/** Whether a Release Trigger is at work: who else would fetch what waits? */
export async function isWatched(store: Store, now: number): Promise<boolean> {
	const last = (await store.shared.get([WATCHDOG_KEY])).get(WATCHDOG_KEY);
	return now - Date.parse(String(last?.at)) < SILENT_MS;
}

/** Whether a lease has ended over something: it is judged before it is handed out anew. */
export const hasAbandoned = async (store: Store, now: number): Promise<boolean> =>
	(await store.deliveries.abandoned(new Date(now).toISOString(), 1)).length > 0;

/**
 * Looks for deliveries that were decided or handed out and have no outcome: a run that died, a sender that is disabled
 * or not wired. The first time they go out again, the second time they are given up and the operators are told.
 * One whose sender died in the middle goes out again as soon as its lease has ended, four times at most.
 */
export async function watchdog(store: Store, now: number): Promise<WatchdogRun> {
	const nowIso = new Date(now).toISOString();
	const before = new Date(now - STUCK_MS).toISOString();
	// What is handed out or being sent under a lease that still runs is not stuck.
	const stuck = (await store.deliveries.stuck(before, LIMIT)).filter(
		(row) => row.stage !== 'sending' && row.lease_until === null,
	);
	const dead = await store.deliveries.abandoned(nowIso, LIMIT);
	const again = [...dead, ...stuck].filter((row) => mayGoAgain(row, before));
	const seen = new Map([...dead, ...stuck].map((row) => [row.delivery_id, row]));
	const lost = [...seen.values()].filter((row) => !again.includes(row));
	const changes = [
		...again.map((row) => ({
			delivery_id: row.delivery_id,
			stage: 'due' as const,
			due_at: nowIso,
			facts: { ...row.facts, ...resumed(row, nowIso) },
			// A sender may have died between the provider's acceptance and the record of it.
			possibly_duplicate: row.possibly_duplicate || row.stage === 'sending',
			lease_owner: null,
			lease_until: null,
			updated_at: nowIso,
		})),
		...lost.map((row) => ({
			delivery_id: row.delivery_id,
			stage: 'done' as const,
			status: 'failed' as const,
			reason: 'no_outcome',
			lease_owner: null,
			lease_until: null,
			updated_at: nowIso,
		})),
	];
	// A sender may have taken it, or ended it, since it was read.
	const changed = new Set(
		await store.deliveries.update(changes, (row) => isAsSeen(row, seen.get(row.delivery_id))),
	);
	const isChanged = (row: LedgerRow): boolean => changed.has(row.delivery_id);
	const [resumedNow, lostNow] = [again.filter(isChanged), lost.filter(isChanged)];
	if (lostNow.length > 0)
		await tellOperators(
			store,
			{
				cause: 'no_outcome',
				title: `${lostNow.length} message(s) were rendered and never sent`,
				description: describe(lostNow),
			},
			now,
		);
	const run: WatchdogRun = { at: nowIso, resumed: resumedNow.length, given_up: lostNow.length };
	await store.shared.put(WATCHDOG_KEY, { ...run }, nowIso);
	return run;
}

const deaths = (row: LedgerRow): number => Number(row.facts?.senders_died ?? 0);

const mayGoAgain = (row: LedgerRow, before: string): boolean =>
	row.item !== null &&
	(row.stage === 'sending' ? deaths(row) < DEATHS - 1 : !wasResumedBefore(row, before));

/** A second time is the last one; leases shorter than what counts as stuck end more often meanwhile. */
const wasResumedBefore = ({ stage, facts }: LedgerRow, before: string): boolean =>
	facts?.resumed_at !== undefined && (stage !== 'emitted' || String(facts.resumed_at) < before);

const resumed = (row: LedgerRow, nowIso: string): Record<string, unknown> =>
	row.stage === 'sending'
		? { senders_died: deaths(row) + 1 }
		: { resumed_at: row.facts?.resumed_at ?? nowIso };

function describe(lost: readonly LedgerRow[]): string {
	const channels = [...new Set(lost.map((row) => row.channel))].join(', ');
	return `Channels: ${channels}. Look whether their sender nodes are enabled and wired to ITSM Template Render in every workflow that sends.`;
}
