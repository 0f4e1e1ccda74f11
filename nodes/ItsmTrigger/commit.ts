import type { NotificationEvent } from '../../core/events';
import { intakeRow } from '../../core/intake';
import { parsePolicy } from '../../core/preferences';
import type { Store } from '../../core/store';
import { isUrgent } from '../../core/strategy';
import { dropSeen } from './receive';

export interface NodeKey {
	workflow_id: string;
	node_id: string;
}

export const nameOf = (node: NodeKey): string => `${node.workflow_id}|${node.node_id}`;

/** What is urgent here only orders the queue: the seed's rule, whatever the policy says later. */
const SEED_POLICY = parsePolicy({});

/**
 * Marks and commits in one step: a crash in between loses nothing, and a repeated call commits nothing twice.
 * Returns the events that were new.
 */
export async function commitEvents(
	store: Store,
	node: NodeKey,
	events: readonly NotificationEvent[],
	now: Date,
): Promise<NotificationEvent[]> {
	return store.exclusive([`intake:${nameOf(node)}`], async (tx) => {
		const unseen = await dropSeen(tx, nameOf(node), events, now);
		const rows = unseen.map((event) =>
			intakeRow(event, node, now.getTime(), isUrgent(event, SEED_POLICY)),
		);
		if (rows.length > 0) await tx.intake.put(rows);
		return unseen;
	});
}
