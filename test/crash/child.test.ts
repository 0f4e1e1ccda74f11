// A process that holds store and senders is killed at each point and comes back, again and again.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { availableParallelism } from 'node:os';
import { Drill } from './drill';
import { POINTS } from './points';
import { Providers } from './providers';
import { report } from './report';

/** Repetitions per point; ITSM_NOTIFY_CRASH_TIMES=100 for the long drill. */
const TIMES = Number(process.env.ITSM_NOTIFY_CRASH_TIMES ?? 25);
/** ITSM_NOTIFY_CRASH_SEED=<n> shows one failed repetition again, with -t '<point>'. */
const SEED = process.env.ITSM_NOTIFY_CRASH_SEED;
const SEEDS = SEED ? [Number(SEED)] : Array.from({ length: TIMES }, (_, i) => i + 1);
/** One more than the machine has cores: each waits now and then. */
const LANES = availableParallelism() + 1;
const LIMIT = 60_000 + TIMES * 10_000;

let providers: Providers;
let drill: Drill;

beforeAll(async () => {
	providers = await Providers.open();
	drill = new Drill(providers);
	await drill.prepare();
}, 60_000);

afterAll(async () => {
	drill?.remove();
	await providers?.close();
});

describe('a process with its store on SQLite, killed and started again', () => {
	test.each(POINTS.map((point) => [point.name, point] as const))(
		'%s',
		async (name, point) => {
			const lanes = Array.from({ length: LANES }, (_, lane) =>
				SEEDS.filter((_seed, index) => index % LANES === lane),
			);
			const faults = await Promise.all(
				lanes.map((seeds) => drill.run(point, seeds, drill.sqliteFile)),
			);
			report(name, faults.flat());
			expect(faults.flat()).toEqual([]);
		},
		LIMIT,
	);
});
