import { groupCommit } from '../../core/engine';
import type { NotificationEvent } from '../../core/events';
import type { IntakeNode } from '../../core/intake';
import type { Store } from '../../core/store';
import { nameOf, wakeIntake } from '../shared/intake';
import { goesFirst, letUrgentPass, urgentFirst } from '../shared/urgent-first';
import { commitAll, type CommitCall } from './commit';

/** Commits what is new, and wakes the loop that starts its run. */
export async function commit(
	store: Store,
	node: IntakeNode,
	events: readonly NotificationEvent[],
	now: Date,
): Promise<NotificationEvent[]> {
	if (events.some(goesFirst)) urgentFirst.announce();
	else await letUrgentPass(events);
	const fresh = await committerOf(store, node)({ events, now });
	wakeIntake(node);
	return fresh;
}

/** After a commit, so long without another call is a lull. */
const LULL_MS = 50;
const PATIENCE_MS = 20;

type Committer = (call: CommitCall) => Promise<NotificationEvent[]>;

/** By place: every call opens a store of its own on it. */
const committers = new WeakMap<object, Map<string, Committer>>();

/** Calls that come together are committed together. */
function committerOf(store: Store, node: IntakeNode): Committer {
	let known = committers.get(store.place);
	if (!known) committers.set(store.place, (known = new Map()));
	let committer = known.get(nameOf(node));
	if (!committer) known.set(nameOf(node), (committer = inGroups(store, node)));
	return committer;
}

/** A lone call is committed at once; where calls come one upon the other, each waits a moment for the next ones. */
function inGroups(store: Store, node: IntakeNode): Committer {
	let last = -Infinity;
	return groupCommit(
		async (calls) => {
			const fresh = await commitAll(store, node, calls);
			last = performance.now();
			return fresh;
		},
		{ isComplete: () => performance.now() - last > LULL_MS, patienceMs: PATIENCE_MS },
	);
}
