import type { NotificationEvent } from '../../core/events';
import { intakeRow, type IntakeNode } from '../../core/intake';
import { parsePolicy } from '../../core/preferences';
import type { Store } from '../../core/store';
import { isUrgent } from '../../core/strategy';
import { nameOf } from '../shared/intake';
import { dropSeen } from './receive';

/** What is urgent here only orders the queue: the seed's rule, whatever the policy says later. */
const SEED_POLICY = parsePolicy({});
export const ordersFirst = (event: NotificationEvent): boolean => isUrgent(event, SEED_POLICY);

/** One call of the webhook. */
export interface CommitCall {
	events: readonly NotificationEvent[];
	now: Date;
}

/**
 * Marks and commits many calls in one step: a crash in between loses nothing, and a repeated call commits nothing twice.
 * Returns what was new of each call; of the same event in two of them the first has it.
 */
export async function commitAll(
	store: Store,
	node: IntakeNode,
	calls: readonly CommitCall[],
): Promise<NotificationEvent[][]> {
	const now = new Date(Math.max(...calls.map((call) => call.now.getTime())));
	const fresh = await store.exclusive([`intake:${nameOf(node)}`], async (tx) => {
		const all = calls.flatMap(({ events }) => events);
		const unseen = await dropSeen(tx, nameOf(node), all, now);
		const rows = unseen.map((event) => intakeRow(event, node, now.getTime(), ordersFirst(event)));
		if (rows.length > 0) await tx.intake.put(rows);
		return new Set(unseen);
	});
	return calls.map(({ events }) => events.filter((event) => fresh.has(event)));
}
