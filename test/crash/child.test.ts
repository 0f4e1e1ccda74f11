// A process that holds store and senders is killed at each point and comes back, again and again.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { availableParallelism } from 'node:os';
import type { StoreOptions } from '../../core/store/index';
import { query } from '../../sandbox/servers/postgres.ts';
import { freshDatabase } from '../harness/postgres';
import { Drill } from './drill';
import { POINTS, type Point } from './points';
import { Providers } from './providers';
import { report } from './report';

/** Repetitions per point, a tenth of them on PostgreSQL as well; ITSM_NOTIFY_CRASH_TIMES=100 for the long drill. */
const TIMES = Number(process.env.ITSM_NOTIFY_CRASH_TIMES ?? 25);
const TIMES_POSTGRES = Math.ceil(TIMES / 10);
/** ITSM_NOTIFY_CRASH_SEED=<n> shows one failed repetition again, with -t '<point>'. */
const SEED = process.env.ITSM_NOTIFY_CRASH_SEED;
/** `first`: where few are played, each point has seeds of its own. */
const seeds = (times: number, first = 1): number[] =>
	SEED ? [Number(SEED)] : Array.from({ length: times }, (_, i) => first + i);
/** One more than the machine has cores: each waits now and then; a server has work of its own. */
const LANES = availableParallelism() + 1;
const LANES_POSTGRES = availableParallelism();
const LIMIT = 60_000 + TIMES * 10_000;

const database = await freshDatabase();

let providers: Providers;
let drill: Drill;

beforeAll(async () => {
	providers = await Providers.open();
	drill = new Drill(providers);
	await drill.prepare();
	// The server outlives the process that is killed: what it has committed is there without a wait for the disk.
	if (database)
		await query(
			database.config,
			`alter database ${database.config.database} set synchronous_commit = off`,
		);
}, 60_000);

afterAll(async () => {
	drill?.remove();
	await providers?.close();
	await database?.drop();
});

const points = POINTS.map((point) => [point.name, point] as const);

async function killed(
	point: Point,
	all: readonly number[],
	width: number,
	fresh: () => StoreOptions,
): Promise<string[]> {
	const lanes = Array.from({ length: width }, (_, lane) =>
		all.filter((_seed, index) => index % width === lane),
	);
	const faults = await Promise.all(lanes.map((mine) => drill.run(point, mine, fresh)));
	return faults.flat();
}

describe('a process with its store on SQLite, killed and started again', () => {
	test.each(points)(
		'%s',
		async (name, point) => {
			const faults = await killed(point, seeds(TIMES), LANES, drill.sqliteFile);
			report(name, faults);
			expect(faults).toEqual([]);
		},
		LIMIT,
	);
});

(database ? describe : describe.skip)(
	'a process with its store on PostgreSQL, killed and started again (needs PostgreSQL)',
	() => {
		test.each(points)(
			'%s',
			async (name, point) => {
				const fresh = drill.postgresIn(database!.config);
				const own = seeds(TIMES_POSTGRES, 1_000 * POINTS.indexOf(point));
				const faults = await killed(point, own, LANES_POSTGRES, fresh);
				report(`${name}, PostgreSQL`, faults);
				expect(faults).toEqual([]);
			},
			LIMIT,
		);
	},
);
