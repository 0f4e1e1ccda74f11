import type { IDataObject, IRun, ITriggerFunctions } from 'n8n-workflow';

import { groupCommit, tellOperators } from '../../core/engine';
import { caughtAsync } from '../../core/errors';
import type { NotificationEvent } from '../../core/events';
import { intakeLoop, type IntakeLoop } from '../../core/intake';
import type { Store } from '../../core/store';
import { asJson } from '../shared/items';
import { loopName } from '../shared/process';
import { storeOf } from '../shared/store';
import { commitAll, nameOf, type CommitCall, type NodeKey } from './commit';

/** The loops of this process: a commit in `webhook()` wakes the one of its node; in queue mode it looks every second. */
const loops = new Map<string, IntakeLoop>();

/** Commits what is new, and wakes the loop that starts its run. */
export async function commit(
	store: Store,
	node: NodeKey,
	events: readonly NotificationEvent[],
	now: Date,
): Promise<NotificationEvent[]> {
	const fresh = await committerOf(store, node)({ events, now });
	loops.get(nameOf(node))?.wake();
	return fresh;
}

type Committer = (call: CommitCall) => Promise<NotificationEvent[]>;

const committers = new WeakMap<Store, Map<string, Committer>>();

/** Calls that come together are committed together. */
function committerOf(store: Store, node: NodeKey): Committer {
	let known = committers.get(store);
	if (!known) committers.set(store, (known = new Map()));
	let committer = known.get(nameOf(node));
	if (!committer)
		known.set(nameOf(node), (committer = groupCommit((calls) => commitAll(store, node, calls))));
	return committer;
}

/** Starts the background loop of one trigger node; everything that it needs is read before it begins. */
export async function startIntake(
	context: ITriggerFunctions,
	node: NodeKey,
): Promise<{ stop(): Promise<void> }> {
	const store = await storeOf(context);
	const label = context.getNode().name;
	const loop = intakeLoop({
		store,
		node,
		...loopName(nameOf(node)),
		now: Date.now,
		warn: (message) => context.logger.error(`ITSM Trigger "${label}": ${message}`),
		setAside: (ids, why) =>
			tellOperators(
				store,
				{
					cause: `poison:${nameOf(node)}`,
					title: `${ids.length} event(s) of "${label}" could not be processed`,
					description: `${why}. Events: ${ids.join(', ')}`,
				},
				Date.now(),
			),
		async emit(events) {
			// The promise resolves for failed runs too: only its status tells.
			const done = Promise.withResolvers<IRun>();
			context.emit(
				[events.map((event) => ({ json: asJson(event) as IDataObject }))],
				undefined,
				done,
			);
			const run = await caughtAsync(() => done.promise as Promise<IRun | undefined>);
			return run.ok && (run.value?.status === 'success' || run.value?.status === 'waiting');
		},
	});
	loops.set(nameOf(node), loop);
	return {
		async stop() {
			loops.delete(nameOf(node));
			await loop.stop();
		},
	};
}
