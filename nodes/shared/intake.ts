import type { IDataObject, IRun, ITriggerFunctions } from 'n8n-workflow';

import { tellOperators } from '../../core/engine';
import { caughtAsync } from '../../core/errors';
import { intakeLoop, type IntakeLoop, type IntakeNode } from '../../core/intake';
import { asJson } from './items';
import { loopName } from './process';
import { isSaturated } from './saturation';
import { storeOf } from './store';
import { urgentFirst } from './urgent-first';

export const nameOf = (node: IntakeNode): string => `${node.workflow_id}|${node.node_id}`;

/** The loops of this process: a commit wakes the one of its node; in queue mode it looks every second. */
const loops = new Map<string, IntakeLoop>();

/** Something has been committed for this node. */
export const wakeIntake = (node: IntakeNode): void => loops.get(nameOf(node))?.wake();

/** In queue mode the main that leads has the loop, and another process takes the calls. */
export const hasIntake = (node: IntakeNode): boolean => loops.has(nameOf(node));

export interface IntakeKind<T> {
	/** Name of the node type, for the log. */
	title: string;
	/** What it takes in: `event`, `answer`. */
	noun: string;
	read(item: Record<string, unknown>): T;
}

/** Starts the background loop of one trigger node; everything that it needs is read before it begins. */
export async function startIntake<T extends object>(
	context: ITriggerFunctions,
	node: IntakeNode,
	{ title, noun, read }: IntakeKind<T>,
): Promise<{ stop(): Promise<void> }> {
	const store = await storeOf(context);
	const label = context.getNode().name;
	const loop = intakeLoop({
		store,
		node,
		...loopName(nameOf(node)),
		read,
		now: Date.now,
		isBusy: isSaturated,
		urgentRun: () => urgentFirst.run(),
		warn: (message) => context.logger.error(`${title} "${label}": ${message}`),
		setAside: (ids, why) =>
			tellOperators(
				store,
				{
					cause: `poison:${nameOf(node)}`,
					title: `${ids.length} ${noun}(s) of "${label}" could not be processed`,
					description: `${why}. ${noun}s: ${ids.join(', ')}. Mend the workflow, then run them again: ITSM Notification Store, Intake → Retry.`,
				},
				Date.now(),
			),
		async emit(items) {
			// The promise resolves for failed runs too: only its status tells.
			const done = Promise.withResolvers<IRun>();
			context.emit([items.map((item) => ({ json: asJson(item) as IDataObject }))], undefined, done);
			const run = await caughtAsync(() => done.promise as Promise<IRun | undefined>);
			return run.ok && (run.value?.status === 'success' || run.value?.status === 'waiting');
		},
	});
	loops.set(nameOf(node), loop);
	return {
		async stop() {
			// One that was started meanwhile stays.
			if (loops.get(nameOf(node)) === loop) loops.delete(nameOf(node));
			await loop.stop();
		},
	};
}
