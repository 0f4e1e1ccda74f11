// The drill: a load, a death at a point, another process on the same store, and the verdict.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type StoreOptions } from '../../core/store/index';
import { query, type PostgresConfig } from '../../sandbox/servers/postgres.ts';
import { bundle } from './bundle';
import type { Job } from './child';
import { judge } from './judge';
import { Life, type End } from './life';
import { makeLoad, type Load } from './load';
import type { Point } from './points';
import type { Providers } from './providers';
import { Random } from './random';

const START = Date.parse('2027-03-10T08:00:00Z');
const NAME = 'drill|crash|trigger';
/** How long it was down: its leases still run, have just run out, or everything is overdue. */
const DOWN_MS = [1_000, 2 * 60_000, 3 * 3_600_000];
/** In memory where there is such a folder: a killed process loses nothing there, and no disk is waited for. */
const ROOM = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Events of one run: a few, or all that have come in. */
const SMALL_BATCH = 3;

/** What a process left behind. */
interface Death {
	seed: number;
	load: Load;
	lanes: number;
	/** For the process that comes after it. */
	job: Job;
	parts: Array<Load['events']>;
	faults: string[];
}

export class Drill {
	readonly folder = mkdtempSync(join(ROOM, 'itsm-crash-'));
	private readonly script = join(this.folder, 'child.cjs');
	private count = 0;

	constructor(private readonly providers: Providers) {}

	async prepare(): Promise<void> {
		await bundle('child.ts', this.script);
		mkdirSync(join(this.folder, 'compiled'));
		await this.warmUp();
	}

	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}

	sqliteFile = (): StoreOptions => ({
		kind: 'sqlite',
		file: join(this.folder, 'stores', `${this.count++}.sqlite`),
	});

	/** Each store in a schema of its own. */
	postgresIn = (connection: PostgresConfig) => (): StoreOptions => ({
		kind: 'postgres',
		connection,
		schema: `drill_${this.count++}`,
	});

	/**
	 * One process per seed dies at the point; one process then comes back to what they left, store by store.
	 * Everything that was wrong, with the seed that shows it again.
	 */
	async run(point: Point, seeds: readonly number[], fresh: () => StoreOptions): Promise<string[]> {
		const deaths: Death[] = [];
		for (const seed of seeds) deaths.push(await this.die(point, seed, fresh()));
		const faults: string[] = [];
		let life: Life | undefined;
		for (const death of deaths) {
			if (!life?.isAlive) life = this.life();
			const end = await life.live(death.job, death.parts);
			const found = [...death.faults, ...(await this.judge(death, end)), ...life.complaints()];
			faults.push(...found.map((fault) => `"${point.name}", seed ${death.seed}: ${fault}`));
		}
		await life?.leave();
		return faults;
	}

	private life(): Life {
		return new Life(this.script, this.folder);
	}

	/** One whole life, so that those to come find the code compiled. */
	private async warmUp(): Promise<void> {
		const { load, job } = this.plan(0, this.sqliteFile());
		const life = this.life();
		const end = await life.live(job, [load.events]);
		await life.leave();
		if (end !== 'drained') throw new Error(`The first process ${end}: ${life.complaints().join()}`);
	}

	private plan(seed: number, options: StoreOptions): { load: Load; job: Job; random: Random } {
		if (options.kind === 'sqlite') mkdirSync(join(options.file, '..'), { recursive: true });
		const random = new Random(seed);
		const load = makeLoad(`R${seed}x${this.count++}`, random, START);
		const job: Job = {
			options,
			startsAt: START,
			owner: NAME,
			lanes: random.pick([1, 1, 4]),
			batch: random.pick([SMALL_BATCH, 50]),
			endpoints: this.providers.endpoints,
			setup: { people: load.people, policy: load.policy, silence: load.silence },
		};
		return { load, job, random };
	}

	private async die(point: Point, seed: number, options: StoreOptions): Promise<Death> {
		const { load, job, random } = this.plan(seed, options);
		this.providers.stumble(load.unlucky);
		const life = this.life();
		const trap =
			point.kind === 'store'
				? { point: { name: point.name, nth: random.int(1, timesOf(point, job.batch)) } }
				: undefined;
		if (point.kind === 'provider')
			this.providers.catchOne(load, random.pick(['slack', 'email']), point.accepted, () =>
				life.kill(),
			);
		const end = await life.live({ ...job, ...trap }, partsOf(load, random));
		await life.leave();
		// Nobody has answered for these: whoever sent them sends them again, and one that was answered, too.
		const again = load.events.filter((event) => !life.taken.has(String(event.event_id)));
		return {
			seed,
			load,
			lanes: job.lanes,
			job: {
				...job,
				startsAt: life.now + random.pick(DOWN_MS),
				owner: random.pick([NAME, `other|crash|trigger`]),
			},
			parts: [...again.map((event) => [event]), [random.pick(load.events)]],
			faults: [
				...(end === 'killed' ? [] : [`the point was not reached: the process ${end}`]),
				...life.complaints(),
			],
		};
	}

	private async judge({ load, lanes, job }: Death, end: End): Promise<string[]> {
		const store = await openStore(job.options);
		try {
			const width = lanes === 1 ? 1 : lanes * 8;
			const received = this.providers.received(load.run);
			const { faults } = await judge(load, received, store, width);
			return end === 'drained' ? faults : [`the second life ${end}`, ...faults];
		} finally {
			await store.close();
			this.providers.forget(load.run);
			await remove(job.options);
		}
	}
}

const timesOf = ({ times, timesInOneRun }: Extract<Point, { kind: 'store' }>, batch: number) =>
	batch === SMALL_BATCH ? times : timesInOneRun;

async function remove(options: StoreOptions): Promise<void> {
	if (options.kind === 'sqlite')
		for (const end of ['', '-wal', '-shm']) rmSync(`${options.file}${end}`, { force: true });
	if (options.kind === 'postgres')
		await query(options.connection as PostgresConfig, `drop schema ${options.schema} cascade`);
}

/** The events in the portions in which they are sent. */
function partsOf(load: Load, random: Random): Array<Load['events']> {
	const parts: Array<Load['events']> = [];
	for (let at = 0; at < load.events.length; ) {
		const size = random.int(1, 5);
		parts.push(load.events.slice(at, at + size));
		at += size;
	}
	return parts;
}
