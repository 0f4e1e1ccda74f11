// Several processes on one store: what one process cannot show.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { openStore, type StoreOptions } from '../../../core/store/index';
import { freshDatabase } from '../../harness/postgres';
import { at, ids, intakeRow, ledger } from './rows';

const folder = mkdtempSync(join(tmpdir(), 'itsm-processes-'));
const worker = join(folder, 'worker.cjs');
const database = await freshDatabase();
let count = 0;

beforeAll(async () => {
	await build({
		entryPoints: [join(import.meta.dirname, 'worker.ts')],
		outfile: worker,
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

/** Starts processes, lets them all begin at one moment, and gathers what they say. */
async function together<T>(processes: number, job: object): Promise<T[]> {
	const children = Array.from({ length: processes }, (_, i) =>
		fork(worker, [JSON.stringify({ ...job, owner: `p${i}` })], { stdio: 'inherit' }),
	);
	await Promise.all(children.map((child) => message(child)));
	const answers = children.map((child) => message<T>(child));
	children.forEach((child) => child.send('go'));
	return Promise.all(answers);
}

const message = <T>(child: ChildProcess): Promise<T> =>
	new Promise((resolve, reject) => {
		child.once('message', (value) => {
			const answer = value as { error?: string; result: T };
			if (answer.error === undefined) resolve(answer.result);
			else reject(new Error(answer.error));
		});
		child.once('exit', (code) => reject(new Error(`worker ended with ${code}`)));
	});

function processTests(fresh: () => StoreOptions): void {
	test('eight processes open a store that is not there yet: one migrates, none fails', async () => {
		const options = fresh();
		const versions = await together<number>(8, { job: 'open', options });
		expect(versions).toEqual(Array.from({ length: 8 }, () => 0));
		const store = await openStore(options);
		expect(await store.shared.once('k', at(0), at(1))).toBe(true);
		await store.close();
	}, 60_000);

	test('two processes claim the same rows in many rounds: each goes to exactly one', async () => {
		const options = fresh();
		const store = await openStore(options);
		// In every second round the rows are there already: inserting and taking over race differently.
		const rounds = Array.from({ length: 20 }, (_, i) => 2 * i);
		const known = rounds.flatMap((round) => Array.from({ length: 10 }, (_, i) => `r${round}-${i}`));
		await store.deliveries.insert(known.map((id) => ledger(id)));
		const results = await together<string[]>(2, { job: 'claim', options, rounds: 40, rows: 10 });
		const all = results.flat();
		expect(all).toHaveLength(400);
		expect(new Set(all).size).toBe(400);
		const rows = await store.deliveries.list({ limit: 999 });
		expect(rows.filter((row) => row.stage === 'sending' && !row.possibly_duplicate)).toHaveLength(
			400,
		);
		await store.close();
	}, 60_000);

	test('two processes lease what is due: nothing twice, nothing left', async () => {
		const options = fresh();
		const store = await openStore(options);
		const due = Array.from({ length: 400 }, (_, i) =>
			ledger(`d${i}`, { stage: 'due', due_at: at(i % 5) }),
		);
		await store.deliveries.insert(due);
		const leased = (await together<string[]>(2, { job: 'leaseDue', options })).flat();
		expect(leased.sort()).toEqual(ids(due).sort());
		await store.close();
	}, 60_000);

	test('two processes lease intake: each event once, each ticket in order', async () => {
		const options = fresh();
		const store = await openStore(options);
		const rows = Array.from({ length: 300 }, (_, i) =>
			intakeRow(String(i).padStart(4, '0'), { ticket_key: `t${i % 20}`, urgent: i % 30 === 0 }),
		);
		await store.intake.put(rows);
		await together<string[]>(2, { job: 'intake', options });
		expect(await store.intake.counts()).toEqual({ queued: 0, leased: 0, poison: 0 });
		// Workers write what they lease, in its order, under the audit chain's lock.
		const seen = (await store.audit.list({ limit: 999 })).reverse().map((row) => row.subject);
		expect([...seen].sort()).toEqual(rows.map((row) => row.id));
		for (let ticket = 0; ticket < 20; ticket++) {
			const order = seen.filter((id) => Number(id) % 20 === ticket);
			expect(order).toEqual([...order].sort());
		}
		expect(await store.audit.verify()).toBeUndefined();
		await store.close();
	}, 60_000);

	test('two processes count up under the same key, mark the same keys, change the same value', async () => {
		const options = fresh();
		const store = await openStore(options);
		const counted = await together<{ marked: string[]; changed: number[] }>(2, {
			job: 'exclusive',
			options,
			rounds: 50,
		});
		expect((await store.groups.get(['g']))[0].count).toBe(100);
		const changed = counted.flatMap((one) => one.changed).sort((a, b) => a - b);
		expect(changed).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
		const marked = counted.flatMap((one) => one.marked);
		expect(marked).toHaveLength(50);
		expect(new Set(marked).size).toBe(50);
		await store.close();
	}, 60_000);
}

describe('processes on sqlite', () =>
	processTests(() => ({ kind: 'sqlite', file: join(folder, `${count++}.sqlite`) })));

if (!database) test.skip('processes on postgres (needs PostgreSQL)', () => undefined);
else {
	describe('processes on postgres', () =>
		processTests(() => ({
			kind: 'postgres',
			connection: database.config,
			schema: `Proc "${count++}"`,
		})));
}
