// Several workers, the same keys, the same moment: RA4 and "sent once", with controls that show the test can fail.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import pg from 'pg';
import { openStore, type StoreOptions } from '../../../core/store/index';
import { freshDatabase } from '../../harness/postgres';
import { BATCH, faultsOf, POLICY, type Sent, startOf, step, type Step, STEPS } from './rounds';
import type { Job } from './worker';

/** All rounds of this file together; each round is three steps that all workers take at one moment. */
const ROUNDS = Number(process.env.ITSM_NOTIFY_TEST_ROUNDS ?? 1000);
const part = (share: number): number => Math.max(1, Math.round(ROUNDS * share));

const folder = mkdtempSync(join(tmpdir(), 'itsm-workers-'));
const script = join(folder, 'worker.cjs');
const database = await freshDatabase();
let count = 0;

beforeAll(async () => {
	if (database)
		await query(`alter database ${database.config.database} set synchronous_commit = off`);
	await build({
		entryPoints: [join(import.meta.dirname, 'worker.ts')],
		outfile: script,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		external: ['pg-native'],
		logLevel: 'error',
	});
}, 60_000);

afterAll(async () => {
	rmSync(folder, { recursive: true, force: true });
	await database?.drop();
}, 30_000);

/** Locks and order are the same without waiting for the disk, and the rounds are many. */
async function query(sql: string): Promise<void> {
	const client = new pg.Client(database?.config);
	await client.connect();
	await client.query(sql);
	await client.end();
}

interface Crew {
	/** All workers take the step; returns when all have. */
	all(batch: readonly number[], step: Step): Promise<Sent[]>;
	stop(): Promise<void>;
}

/** Workers in processes of their own. */
async function processes(workers: readonly string[], job: Omit<Job, 'name'>): Promise<Crew> {
	const children = workers.map((name) => fork(script, [JSON.stringify({ ...job, name })]));
	await Promise.all(children.map((child) => answerOf(child)));
	return {
		async all(batch, name) {
			const answers = children.map((child) => answerOf(child));
			children.forEach((child) => child.send({ batch, step: name }));
			return (await Promise.all(answers)).flat();
		},
		async stop() {
			const ended = children.map((child) => new Promise((done) => child.once('exit', done)));
			children.forEach((child) => child.connected && child.send('stop'));
			await Promise.all(ended);
		},
	};
}

const answerOf = (child: ChildProcess): Promise<Sent[]> =>
	new Promise((resolve, reject) => {
		const ended = (code: number | null): void => reject(new Error(`worker ended with ${code}`));
		child.once('exit', ended);
		child.once('message', (message) => {
			child.off('exit', ended);
			const answer = message as { error?: string; result: Sent[] };
			if (answer.error === undefined) resolve(answer.result);
			else reject(new Error(answer.error));
		});
	});

/** Workers side by side in this process, each with a store that it opened itself. */
async function together(
	workers: readonly string[],
	{ options }: { options: StoreOptions },
): Promise<Crew> {
	const crew = await Promise.all(
		workers.map(async (name) => ({ store: await openStore(options), name, urgent: [] })),
	);
	return {
		all: async (batch, name) =>
			(await Promise.all(crew.map((worker) => step(worker, batch, name)))).flat(),
		async stop() {
			await Promise.all(crew.map(({ store }) => store.close()));
		},
	};
}

/** Plays rounds and returns what was wrong with them; `until` ends early, at the first fault. */
async function faults(
	options: StoreOptions,
	workers: number,
	rounds: number,
	more: { hire?: typeof together; without?: Job['without']; until?: 'fault' } = {},
): Promise<string[]> {
	const names = Array.from({ length: workers }, (_, i) => `w${i}`);
	const store = await openStore(options);
	await store.policies.put('p', POLICY, new Date(startOf(0)).toISOString());
	const crew = await (more.hire ?? processes)(names, { options, without: more.without });
	const played: number[] = [];
	const sent: Sent[] = [];
	try {
		for (let first = 0; first < rounds; first += BATCH) {
			const batch = Array.from({ length: BATCH }, (_, i) => first + i);
			played.push(...batch);
			for (const name of STEPS) sent.push(...(await crew.all(batch, name)));
			if (more.until === 'fault') {
				const found = await faultsOf(store, sent, batch, names);
				if (found.length > 0) return found;
			}
		}
		return await faultsOf(store, sent, played, names);
	} finally {
		await crew.stop();
		await store.close();
	}
}

const once = 'RA4 RD one digest per group and window, nothing twice, nothing lost';

const onFile = (): StoreOptions => ({ kind: 'sqlite', file: join(folder, `${count++}.sqlite`) });

describe('workers on sqlite', () => {
	test(`${once}: two workers in one process`, async () => {
		expect(await faults(onFile(), 2, part(0.35), { hire: together })).toEqual([]);
	}, 120_000);

	test(`${once}: two processes on one file`, async () => {
		expect(await faults(onFile(), 2, part(0.15))).toEqual([]);
	}, 120_000);
});

if (!database) test.skip('workers on postgres (needs PostgreSQL)', () => undefined);
else {
	const fresh = (): StoreOptions => ({
		kind: 'postgres',
		connection: database.config,
		schema: `workers_${count++}`,
	});

	describe('workers on postgres', () => {
		test(`${once}: two processes`, async () => {
			expect(await faults(fresh(), 2, part(0.35))).toEqual([]);
		}, 120_000);

		test(`${once}: four processes`, async () => {
			expect(await faults(fresh(), 4, part(0.15))).toEqual([]);
		}, 120_000);

		test('control: without the lock of `exclusive` the same rounds are found wrong', async () => {
			const found = await faults(fresh(), 2, 100, { without: 'lock', until: 'fault' }).catch(
				(error: Error) => [error.message],
			);
			// Usually two digests of one window; statements of two workers may also lock each other out.
			expect(found.join()).toMatch(/digests at the end|went \d times|deadlock/);
		}, 120_000);

		test('control: without the claim of the ledger the same delivery goes twice', async () => {
			const found = await faults(fresh(), 2, 100, { without: 'claim', until: 'fault' });
			expect(found.join()).toMatch(/urgent went 2 times/);
		}, 120_000);
	});
}
