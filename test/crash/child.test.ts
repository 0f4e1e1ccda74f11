// A process that holds store and senders is killed at each point and comes back, again and again.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StoreOptions } from '../../core/store/index';
import { Drill } from './drill';
import { POINTS } from './points';
import { Providers } from './providers';

/** Repetitions per point; ITSM_NOTIFY_CRASH_TIMES=100 for the long drill. */
const TIMES = Number(process.env.ITSM_NOTIFY_CRASH_TIMES ?? 25);
/** ITSM_NOTIFY_CRASH_SEED=<n> shows one failed repetition again. */
const SEED = process.env.ITSM_NOTIFY_CRASH_SEED;
const SIDE_BY_SIDE = 3;
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

async function repeat(
	point: (typeof POINTS)[number],
	times: number,
	fresh: () => StoreOptions,
): Promise<string[]> {
	const seeds = SEED ? [Number(SEED)] : Array.from({ length: times }, (_, i) => i + 1);
	const faults: string[] = [];
	const lane = async (): Promise<void> => {
		for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
			const verdict = await drill.run(point, seed, fresh());
			faults.push(...verdict.faults.map((fault) => `seed ${seed}: ${fault}`));
		}
	};
	await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
	return faults;
}

describe('a process with its store on SQLite, killed and started again', () => {
	test.each(POINTS.map((point) => [point.name, point] as const))(
		'%s',
		async (_name, point) => {
			expect(await repeat(point, TIMES, drill.sqliteFile)).toEqual([]);
		},
		LIMIT,
	);
});
