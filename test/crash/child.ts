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
	/** Names the process in the leases of the intake: the same one comes back, or another takes over. */
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

export type Order = { take: Array<Record<string, unknown>> } | 'drain';
export type News =
	| { ready: true }
	| { taken: string[]; now: number }
	| { now: number }
	| { drained: true };

const NODE = { workflow_id: 'crash', node_id: 'trigger' };

async function main(): Promise<void> {
	const job = JSON.parse(process.argv[2]) as Job;
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
	process.on('message', (order: Order) => {
		void (async () => {
			if (order === 'drain') {
				await pipeline.drain();
				await loop.stop();
				await store.close();
				// Kept connections of the senders would hold the process for seconds.
				process.send?.({ drained: true } satisfies News, () => process.exit(0));
				return;
			}
			const events = order.take.map((event) => parseEvent(event));
			await commitAll(store, NODE, [{ events, now: new Date(pipeline.now()) }]);
			loop.wake();
			say({ taken: events.map((event) => event.event_id), now: pipeline.now() });
		})().catch(fail);
	});
	say({ ready: true });
}

const say = (news: News): void => void process.send?.(news);

function fail(error: unknown): void {
	console.error(error);
	process.exit(1);
}

main().catch(fail);
