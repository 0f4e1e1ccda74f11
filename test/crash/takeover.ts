// Two processes that lead one after the other, or both; events come in all the time, and a worker outlives them.
import { join } from 'node:path';
import { savePolicy, savePreferences, saveSilence } from '../../core/engine/index';
import { parseEvent } from '../../core/events/validate';
import { openStore, type IntakeRow, type Store, type StoreOptions } from '../../core/store/index';
import { commitAll } from '../../nodes/ItsmTrigger/commit';
import { waitFor } from '../../sandbox/lib/run.ts';
import { query, type PostgresConfig } from '../../sandbox/servers/postgres.ts';
import { bundle } from './bundle';
import { judge } from './judge';
import { Leader } from './leader';
import { IN_SECONDS, makeLoad } from './load';
import { Pipeline } from './pipeline';
import type { Providers } from './providers';
import { Random } from './random';
import { judgeSeries, makeSeries, stepText } from './series';
import { isSettled } from './settled';

export interface Change {
	name: string;
	/** How the first one ends; `overlap`: it goes on beside the second and stops later. */
	end: 'kill' | 'stop' | 'overlap';
	leaseMs: number;
	/** The second one has the name of the first. */
	same?: boolean;
	/** Runs are the leader's own and die with it; else they are a worker's. */
	own?: boolean;
}

const NODE = { workflow_id: 'takeover', node_id: 'trigger' };
const SETTLE_MS = 40_000;
const SLOW_MS = 60;
const HELD_MS = 2_500;
const SEND_LEASE_MS = 3_000;
const TICKETS = 4;
/** Messages between a provider and the record when a process with five runs of four lanes dies. */
const IN_FLIGHT = 20;

export class Takeover {
	private readonly script: string;
	private count = 0;

	constructor(
		private readonly providers: Providers,
		private readonly connection: PostgresConfig,
		folder: string,
	) {
		this.script = join(folder, 'leader.cjs');
	}

	async prepare(): Promise<void> {
		await bundle('leader-child.ts', this.script);
		const { database } = this.connection;
		await query(this.connection, `alter database ${database} set synchronous_commit = off`);
	}

	/** One change of the leader under load; everything that was wrong in the end. */
	async play(change: Change, seed: number): Promise<string[]> {
		const schema = `takeover_${++this.count}`;
		const options: StoreOptions = { kind: 'postgres', connection: this.connection, schema };
		const store = await openStore(options);
		try {
			const faults = await this.lead(change, seed, store, options);
			return faults.map((fault) => `"${change.name}", seed ${seed}: ${fault}`);
		} finally {
			await store.close();
			await query(this.connection, `drop schema ${schema} cascade`);
		}
	}

	private async lead(
		change: Change,
		seed: number,
		store: Store,
		options: StoreOptions,
	): Promise<string[]> {
		const { providers, count } = this;
		const random = new Random(seed);
		const now = Date.now();
		const load = makeLoad(`R${seed}x${count}`, random, now, IN_SECONDS);
		const series = makeSeries(`R${seed}x${1_000 + count}`, load, TICKETS, now);
		await savePolicy(store, load.policy, now);
		await savePreferences(store, load.people, now);
		await saveSilence(store, load.silence as never, now);
		providers.stumble(load.unlucky);
		// Still on its way while the leader changes, with two more about its ticket behind it.
		providers.hold(stepText(series.expected[0].ticket, 1), HELD_MS);
		providers.slow(load.run, SLOW_MS);
		providers.slow(series.run, SLOW_MS);
		const { endpoints } = providers;
		const ofWorker = { startsAt: now, owner: 'worker', lanes: 4, endpoints };
		const worker = new Pipeline(store, ofWorker, () => undefined);
		const job = {
			options,
			node: NODE,
			leaseMs: change.leaseMs,
			...(change.own ? { own: { endpoints, sendLeaseMs: SEND_LEASE_MS } } : {}),
		};
		const events = mixed(load.events, series.events);
		const half = Math.ceil(events.length / 2);
		const post = async (some: typeof events): Promise<void> => {
			const documents = some.map((event) => parseEvent(event));
			await commitAll(store, NODE, [{ events: documents, now: new Date() }]);
		};

		const first = new Leader(this.script, worker);
		await first.begin({ ...job, owner: 'first' });
		await post(events.slice(0, half));
		const nth = random.int(1, 4);
		await waitFor('runs of the first', async () => first.runs.length >= nth, SETTLE_MS, 5);
		const second = new Leader(this.script, worker);
		const successor = { ...job, owner: change.same ? 'first' : 'second' };
		if (change.end === 'kill') await first.kill();
		if (change.end === 'stop') await first.stop();
		const left = await store.intake.list({ status: 'leased', limit: 1_000 });
		await second.begin(successor);
		// Behind it, so that both find some where both lead; what was answered comes once more, too.
		for (const event of events.slice(half)) await post([event]);
		await post([random.pick(events)]);
		if (change.end === 'overlap') await first.stop();
		const faults: string[] = [];
		await waitFor(
			'the store to settle',
			async () => first.open + second.open === 0 && (await isSettled(store)),
			SETTLE_MS,
			50,
		).catch((error: Error) => faults.push(error.message));
		if (change.end !== 'kill') await first.kill();
		await second.stop();
		await second.kill();

		const width = change.own ? IN_FLIGHT : 0;
		const verdict = await judge(load, providers.received(load.run), store, width);
		faults.push(
			...verdict.faults,
			...judgeSeries(series, providers.received(series.run), width),
			...(change.same ? [] : early(left, second)),
			...(change.end !== 'kill' && !change.same ? runTwice(first, second) : []),
			...(left.length === 0 && change.end !== 'overlap'
				? ['nothing was leased at the change']
				: []),
			...(second.runs.length === 0 ? ['the second had no run'] : []),
			...first.complaints(),
			...second.complaints(),
		);
		providers.forget(load.run);
		providers.forget(series.run);
		return faults;
	}
}

/** Both lists in their own order, an entry of each in turn. */
function mixed<T>(a: readonly T[], b: readonly T[]): T[] {
	const length = Math.max(a.length, b.length);
	return Array.from({ length }, (_, i) => [...a.slice(i, i + 1), ...b.slice(i, i + 1)]).flat();
}

/** What the successor has run although the lease of the first one had not ended. */
function early(left: readonly IntakeRow[], second: Leader): string[] {
	const until = new Map(left.map((row) => [row.event_id, Date.parse(String(row.lease_until))]));
	return second.runs.flatMap(({ at, ids }) =>
		ids.filter((id) => at < (until.get(id) ?? 0)).map((id) => `${id}: run before its lease ended`),
	);
}

/** Two that live, under names of their own, have no event in common. */
function runTwice(first: Leader, second: Leader): string[] {
	const ids = [...first.runs, ...second.runs].flatMap((run) => run.ids);
	return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${id}: had two runs`);
}
