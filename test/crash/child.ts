// The process that dies: a store, the intake loop, the release loop's rounds, and senders that call the simulators.
import pg from 'pg';
import { openStore, type StoreOptions } from '../../core/store/index';
import { savePolicy, savePreferences, saveSilence } from '../../core/engine/index';
import { parseEvent } from '../../core/events/validate';
import { intakeLoop, readEvent } from '../../core/intake/index';
import { commitAll } from '../../nodes/ItsmTrigger/commit';
import { LOOK_MS, Pipeline, type Endpoints } from './pipeline';
import { trap, watchPostgres, watchSqlite } from './trap';

export interface Job {
	options: StoreOptions;
	/** Where it is to die; absent: it lives. */
	point?: { name: string; nth: number };
	/** The instant at which this life begins, epoch ms. */
	startsAt: number;
	/** Names the process in leases: the same one comes back, or another takes over. */
	owner: string;
	/** 1: one message at a time in the whole process; more: that many people side by side, in several runs. */
	lanes: number;
	/** Events of one run. */
	batch: number;
	endpoints: Endpoints;
	setup: {
		people: Array<Record<string, unknown>>;
		policy: Record<string, unknown>;
		silence: Record<string, unknown>;
	};
}

/** A process works on one store after the other: what has drained is closed before the next is begun. */
export type Order = { begin: Job } | { take: Array<Record<string, unknown>> } | 'drain' | 'leave';
export type News =
	| { ready: true }
	| { taken: string[]; now: number }
	| { now: number }
	| { drained: true };

const NODE = { workflow_id: 'crash', node_id: 'trigger' };

interface Work {
	take(documents: Array<Record<string, unknown>>): Promise<void>;
	drain(): Promise<void>;
}

async function begin(job: Job): Promise<Work> {
	if (job.point) {
		const set = trap(job.point.name, job.point.nth);
		if (job.options.kind === 'sqlite') watchSqlite(set);
		else watchPostgres(set, pg.Client);
	}
	const store = await openStore(job.options);
	const pipeline = new Pipeline(store, job, (now) => say({ now }));
	if ((await store.silences.active(new Date(job.startsAt).toISOString())).length === 0) {
		await savePolicy(store, job.setup.policy, pipeline.now());
		await savePreferences(store, job.setup.people, pipeline.now());
		await saveSilence(store, job.setup.silence as never, pipeline.now());
	}
	await pipeline.takeBack();
	const loop = intakeLoop({
		read: readEvent,
		store,
		node: NODE,
		owner: job.owner,
		now: () => pipeline.now(),
		warn: (message) => console.error(message),
		emit: (events) => pipeline.run(events),
		rules: { batch: job.batch, idleMs: LOOK_MS },
	});
	return {
		async take(documents) {
			const events = documents.map((event) => parseEvent(event));
			await commitAll(store, NODE, [{ events, now: new Date(pipeline.now()) }]);
			loop.wake();
			say({ taken: events.map((event) => event.event_id), now: pipeline.now() });
		},
		async drain() {
			await pipeline.drain();
			await loop.stop();
			await store.close();
			say({ drained: true });
		},
	};
}

const say = (news: News): void => void process.send?.(news);

let work: Work;

async function follow(order: Order): Promise<void> {
	// Kept connections of the senders would hold the process for seconds.
	if (order === 'leave') process.exit(0);
	if (order === 'drain') return work.drain();
	if ('take' in order) return work.take(order.take);
	work = await begin(order.begin);
	say({ ready: true });
}

process.on('message', (order: Order) => {
	follow(order).catch((error: unknown) => {
		console.error(error);
		process.exit(1);
	});
});
process.on('disconnect', () => process.exit(0));
