import type { IDataObject, IRun, ITriggerFunctions } from 'n8n-workflow';

import { tellOperators } from '../../core/engine';
import { caughtAsync } from '../../core/errors';
import type { NotificationEvent } from '../../core/events';
import { intakeLoop, intakeRow, type IntakeLoop } from '../../core/intake';
import { parsePolicy } from '../../core/preferences';
import { isUrgent } from '../../core/strategy';
import type { Store } from '../../core/store';
import { asJson } from '../shared/items';
import { processName } from '../shared/process';
import { storeOf } from '../shared/store';
import { groupCommit } from './group-commit';
import { dropSeen } from './receive';

export interface NodeKey {
	workflow_id: string;
	node_id: string;
}

/** The loops of this process: a commit in `webhook()` wakes the one of its node; in queue mode it looks every second. */
const loops = new Map<string, IntakeLoop>();

/** Nodes whose loop ran in this process before: what is leased under its name is being worked on, not left behind. */
const begun = new Set<string>();

const nameOf = (node: NodeKey): string => `${node.workflow_id}|${node.node_id}`;

/** What is urgent here only orders the queue: the seed's rule, whatever the policy says later. */
const SEED_POLICY = parsePolicy({});

/** Marks and commits in one step: a crash in between loses nothing, and a repeated call commits nothing twice. */
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

interface Call {
	events: readonly NotificationEvent[];
	now: Date;
}

type Committer = (call: Call) => Promise<NotificationEvent[]>;

const committers = new WeakMap<Store, Map<string, Committer>>();

function committerOf(store: Store, node: NodeKey): Committer {
	let known = committers.get(store);
	if (!known) committers.set(store, (known = new Map()));
	let committer = known.get(nameOf(node));
	if (!committer)
		known.set(nameOf(node), (committer = groupCommit((calls) => commitAll(store, node, calls))));
	return committer;
}

/** Many calls in one transaction; of the same event in two of them the first has it. */
async function commitAll(
	store: Store,
	node: NodeKey,
	calls: readonly Call[],
): Promise<NotificationEvent[][]> {
	const now = new Date(Math.max(...calls.map((call) => call.now.getTime())));
	const fresh = await store.exclusive([`intake:${nameOf(node)}`], async (tx) => {
		const all = calls.flatMap(({ events }) => events);
		const unseen = await dropSeen(tx, nameOf(node), all, now);
		const rows = unseen.map((event) =>
			intakeRow(event, node, now.getTime(), isUrgent(event, SEED_POLICY)),
		);
		if (rows.length > 0) await tx.intake.put(rows);
		return new Set(unseen);
	});
	return calls.map(({ events }) => events.filter((event) => fresh.has(event)));
}

/** Starts the background loop of one trigger node; everything that it needs is read before it begins. */
export async function startIntake(
	context: ITriggerFunctions,
	node: NodeKey,
): Promise<{ stop(): Promise<void> }> {
	const store = await storeOf(context);
	const label = context.getNode().name;
	const takeBack = !begun.has(nameOf(node));
	begun.add(nameOf(node));
	const loop = intakeLoop({
		store,
		node,
		owner: `${processName(process.env, process.pid)}|${nameOf(node)}`,
		takeBack,
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
