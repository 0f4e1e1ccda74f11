import { groupCommit } from '../../core/engine';
import type { NotificationEvent } from '../../core/events';
import type { IntakeNode } from '../../core/intake';
import type { Store } from '../../core/store';
import { hasIntake, nameOf, wakeIntake } from '../shared/intake';
import { isSaturated } from '../shared/saturation';
import { goesFirst, urgentFirst } from '../shared/urgent-first';
import { commitAll, type CommitCall } from './commit';

/** Commits what is new, and wakes the loop that starts its run. */
export async function commit(
	store: Store,
	node: IntakeNode,
	events: readonly NotificationEvent[],
	now: Date,
): Promise<NotificationEvent[]> {
	const leave = await enter(node, events);
	try {
		const fresh = await committerOf(store, node)({ events, now });
		wakeIntake(node);
		return fresh;
	} finally {
		leave?.();
	}
}

/** Urgent calls go first; until their run begins where it begins here, else until their commit. */
async function enter(
	node: IntakeNode,
	events: readonly NotificationEvent[],
): Promise<(() => void) | undefined> {
	if (!events.some(goesFirst)) await urgentFirst.giveWay()();
	else if (!hasIntake(node)) return urgentFirst.enter();
	else urgentFirst.announce();
	return undefined;
}

/** After a commit, so long without another call is a lull. */
const LULL_MS = 150;
const PATIENCE_MS = 20;
/** A process that is full answers no sooner where calls crowd in; while they wait, urgent ones come through. */
const PATIENCE_WHEN_FULL_MS = 100;

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

/** A lone call and an urgent one are committed at once; others wait a moment where calls come one upon the other. */
function inGroups(store: Store, node: IntakeNode): Committer {
	let last = -Infinity;
	return groupCommit(
		async (calls) => {
			const fresh = await commitAll(store, node, calls);
			last = performance.now();
			return fresh;
		},
		{
			isComplete: (calls) =>
				performance.now() - last > LULL_MS || calls.some(({ events }) => events.some(goesFirst)),
			patienceMs: () => (isSaturated() ? PATIENCE_WHEN_FULL_MS : PATIENCE_MS),
		},
	);
}
