import { setTimeout as pause } from 'node:timers/promises';

import { eventSchema, type NotificationEvent } from '../../../core/events';
import {
	intakeLoop,
	intakeRow,
	readEvent,
	type IntakeLoop,
	type IntakeLoopOptions,
	type IntakeRules,
} from '../../../core/intake';
import { createMemoryStore, type Store } from '../../../core/store';

export const NODE = { workflow_id: 'w', node_id: 'n' };
export const RULES: Partial<IntakeRules> = {
	idleMs: 5,
	batch: 10,
	inFlight: 2,
	tries: 3,
	retryMs: [5],
};
export const event = (id: string, ticket: string, priority = 'Medium'): NotificationEvent =>
	eventSchema.parse({
		event_id: id,
		event_type: 'ticket_updated',
		timestamp: '2027-03-10T10:00:00Z',
		source: 'test',
		content: { ticket_id: ticket, ticket_title: ticket, priority },
	});

export interface Bench {
	store: Store;
	loop: IntakeLoop;
	runs: string[][];
	warnings: string[];
	until(what: () => boolean | Promise<boolean>): Promise<void>;
}

/** A loop of a test that failed would go on for ever. */
const loops: IntakeLoop[] = [];
afterEach(async () => {
	await Promise.all(loops.splice(0).map((loop) => loop.stop()));
});

/** A loop on a store with these events; `runs` has the ids of each run that it began. */
export async function bench(
	events: NotificationEvent[],
	emit: (ids: string[]) => Promise<boolean>,
	rules = RULES,
	setAside?: (ids: readonly string[], why: string) => Promise<unknown>,
	process: Pick<IntakeLoopOptions<NotificationEvent>, 'isBusy' | 'urgentRun'> = {},
): Promise<Bench> {
	const store = createMemoryStore();
	await store.intake.put(
		events.map((e) => intakeRow(e, NODE, Date.now(), e.content.priority === 'Critical')),
	);
	const runs: string[][] = [];
	const warnings: string[] = [];
	const loop = intakeLoop({
		read: readEvent,
		store,
		node: NODE,
		owner: 'me',
		now: Date.now,
		rules,
		setAside,
		...process,
		warn: (message) => warnings.push(message),
		async emit(batch) {
			const ids = batch.map((e) => e.event_id);
			runs.push(ids);
			return emit(ids);
		},
	});
	loops.push(loop);
	const until = async (what: () => boolean | Promise<boolean>): Promise<void> => {
		for (let i = 0; i < 400; i++) {
			if (await what()) return;
			await pause(5);
		}
		throw new Error(
			`it did not come to pass; runs: ${JSON.stringify(runs)}; ${warnings.join('; ')}`,
		);
	};
	return { store, loop, runs, warnings, until };
}
