import type { NotificationEvent } from '../../core/events';
import { intakeRow, type IntakeNode } from '../../core/intake';
import type { Store } from '../../core/store';
import { nameOf } from '../shared/intake';
import { goesFirst } from '../shared/urgent-first';
import { asTaken, dropSeen } from './receive';

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
		const rows = unseen.map((event) =>
			intakeRow(asTaken(event, now), node, now.getTime(), goesFirst(event)),
		);
		if (rows.length > 0) await tx.intake.put(rows);
		return new Set(unseen);
	});
	return calls.map(({ events }) => events.filter((event) => fresh.has(event)));
}
