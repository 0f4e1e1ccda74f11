import { groupCommit } from '../../core/engine';
import type { NotificationEvent } from '../../core/events';
import type { IntakeNode } from '../../core/intake';
import type { Store } from '../../core/store';
import { nameOf, wakeIntake } from '../shared/intake';
import { commitAll, type CommitCall } from './commit';

/** Commits what is new, and wakes the loop that starts its run. */
export async function commit(
	store: Store,
	node: IntakeNode,
	events: readonly NotificationEvent[],
	now: Date,
): Promise<NotificationEvent[]> {
	const fresh = await committerOf(store, node)({ events, now });
	wakeIntake(node);
	return fresh;
}

type Committer = (call: CommitCall) => Promise<NotificationEvent[]>;

/** By place: every call opens a store of its own on it. */
const committers = new WeakMap<object, Map<string, Committer>>();

/** Calls that come together are committed together. */
function committerOf(store: Store, node: IntakeNode): Committer {
	let known = committers.get(store.place);
	if (!known) committers.set(store.place, (known = new Map()));
	let committer = known.get(nameOf(node));
	if (!committer)
		known.set(nameOf(node), (committer = groupCommit((calls) => commitAll(store, node, calls))));
	return committer;
}
