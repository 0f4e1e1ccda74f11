import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createMemoryStore } from '../../../core/store';

const at = '2027-03-01T10:00:00.000Z';

describe('transactions of stores in memory', () => {
	const folder = mkdtempSync(join(tmpdir(), 'memory-lane-'));
	afterAll(() => rmSync(folder, { recursive: true }));

	it('leave no storage behind: before Node 24 each slows every promise of n8n, for good', () => {
		const bundle = join(folder, 'bundle.cjs');
		const count = `const hooks = require('node:async_hooks'); let made = 0; const Real = hooks.AsyncLocalStorage;
			Object.defineProperty(hooks, 'AsyncLocalStorage', { value: class extends Real { constructor() { super(); made++; } } });`;
		const script = `
			import { createMemoryStore } from './core/store/memory/index';
			const work = (store) => store.exclusive(['a'], (tx) => tx.silences.list());
			(async () => {
				const counts = [];
				for (let i = 0; i < 3; i++) { await work(createMemoryStore()); counts.push(made); }
				console.log(JSON.stringify(counts));
			})();`;
		const esbuild = join(process.cwd(), 'node_modules', '.bin', 'esbuild');
		const flags = ['--bundle', '--platform=node', '--loader=ts', '--packages=external'];
		execFileSync(esbuild, [...flags, `--banner:js=${count}`, `--outfile=${bundle}`], {
			input: script,
			stdio: ['pipe', 'ignore', 'ignore'],
		});
		const env = { NODE_PATH: join(process.cwd(), 'node_modules') };
		const counts = execFileSync(process.execPath, [bundle], { env, encoding: 'utf8' });
		expect(JSON.parse(counts)).toEqual([1, 1, 1]);
	});

	it('of two stores may stand in each other, and each joins its own', async () => {
		const [one, two] = [createMemoryStore(), createMemoryStore()];
		const saved = (id: string) => [{ user_id: id, document: { user_id: id }, updated_at: at }];
		const work = one.exclusive(['a'], () =>
			two.exclusive(['a'], async () => {
				// Through the outer stores: they would wait for themselves if they did not join.
				await one.exclusive(['b'], (tx) => tx.preferences.put(saved('in one')));
				await two.preferences.put(saved('in two'));
				throw new Error('undone');
			}),
		);
		await expect(work).rejects.toThrow('undone');
		expect(await one.preferences.list({ limit: 9 })).toEqual([]);
		expect(await two.preferences.list({ limit: 9 })).toEqual([]);
	});
});
