// A main of n8n that leads: the intake loop and the release loop of one trigger node, until it is killed or told to stop.
import { openStore, type StoreOptions } from '../../core/store/index';
import { watchdog } from '../../core/engine/index';
import type { Delivery } from '../../core/events/delivery';
import type { NotificationEvent } from '../../core/events/model';
import { intakeLoop, readEvent } from '../../core/intake/index';
import { releaseLoop } from '../../nodes/ItsmReleaseTrigger/loop';
import { Pipeline, type Endpoints } from './pipeline';

export interface LeaderJob {
	options: StoreOptions;
	node: { workflow_id: string; node_id: string };
	/** Names the process in leases. */
	owner: string;
	leaseMs: number;
	/** It runs what it emits itself, with these; absent: a worker does, who outlives it. */
	own?: { endpoints: Endpoints; sendLeaseMs: number };
}

export type LeaderOrder = { begin: LeaderJob } | { ended: number; ok: boolean } | 'stop';
export type LeaderNews =
	| { ready: true }
	| { run: number; events: NotificationEvent[]; at: number }
	| { run: number; due: Delivery[] }
	| { stopped: true };

const LOOK_MS = 20;
/** How often it looks for what a sender left behind; in life the release loop does, twice a minute. */
const WATCH_MS = 250;

const say = (news: LeaderNews): void => void process.send?.(news);
const warn = (message: string): void => console.error(message);

let runs = 0;
const waiting = new Map<number, (ok: boolean) => void>();
let stop: () => Promise<void>;

async function begin({ options, node, owner, leaseMs, own }: LeaderJob): Promise<void> {
	const store = await openStore(options);
	const settings = own && { startsAt: Date.now(), owner, lanes: 4, ...own };
	const pipeline = settings && new Pipeline(store, settings, () => undefined);
	const intake = intakeLoop({
		store,
		node,
		owner,
		read: readEvent,
		now: Date.now,
		warn,
		async emit(events) {
			const run = ++runs;
			say({ run, events, at: Date.now() });
			if (pipeline) return pipeline.run(events);
			return new Promise<boolean>((done) => waiting.set(run, done));
		},
		// Small batches: more runs go on at the same time.
		rules: { batch: 4, leaseMs, idleMs: LOOK_MS, stopMs: LOOK_MS },
	});
	const release = releaseLoop({
		store,
		owner,
		takeBack: true,
		pollMs: LOOK_MS,
		leaseMs,
		now: Date.now,
		warn,
		emit(due) {
			say({ run: ++runs, due });
			if (pipeline) void pipeline.runDue(due).catch(console.error);
		},
	});
	// As the release loop does in its first look: others see that it is at work.
	await watchdog(store, Date.now());
	const watch = setInterval(() => void watchdog(store, Date.now()).catch(console.error), WATCH_MS);
	stop = async () => {
		clearInterval(watch);
		await Promise.all([intake.stop(), release.stop()]);
	};
}

async function follow(order: LeaderOrder): Promise<void> {
	if (order === 'stop') {
		await stop();
		say({ stopped: true });
	} else if ('ended' in order) {
		waiting.get(order.ended)?.(order.ok);
	} else {
		await begin(order.begin);
		say({ ready: true });
	}
}

process.on('message', (order: LeaderOrder) => {
	follow(order).catch((error: unknown) => {
		console.error(error);
		process.exit(1);
	});
});
process.on('disconnect', () => process.exit(0));
