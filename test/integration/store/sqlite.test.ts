import { describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore, testConnection } from '../../../core/store/index';
import type { Store } from '../../../core/store/types';
import { at, group } from './rows';
import { describeStore } from './suite';
import { versionTests } from './suite-version';

const folder = mkdtempSync(join(tmpdir(), 'itsm-store-'));
let count = 0;
const newFile = (): string => join(folder, `${count++}`, 'store.sqlite');

describeStore('sqlite', async () => {
	const files = new Map<Store, string>();
	return {
		async fresh() {
			const file = newFile();
			const store = await openStore({ kind: 'sqlite', file });
			files.set(store, file);
			return store;
		},
		again: (store) => openStore({ kind: 'sqlite', file: files.get(store) as string }),
		stop: async () => rmSync(folder, { recursive: true, force: true }),
	};
});

describe('sqlite only', () => {
	const file = newFile();
	versionTests(() => ({
		options: { kind: 'sqlite', file },
		async query(text) {
			const raw = new DatabaseSync(file, { timeout: 5000 });
			raw.exec(text);
			raw.close();
		},
	}));

	test('folder and file are the owner’s alone; durable settings', async () => {
		const mine = newFile();
		const store = await openStore({ kind: 'sqlite', file: mine });
		await store.groups.put([group('g')]);
		expect(statSync(join(mine, '..')).mode & 0o777).toBe(0o700);
		for (const name of [mine, `${mine}-wal`]) expect(statSync(name).mode & 0o777).toBe(0o600);
		const raw = new DatabaseSync(mine);
		expect(raw.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
		raw.close();
		await store.close();
	});

	test('one handle per file, by whatever path; it closes with its last user', async () => {
		const mine = newFile();
		const one = await openStore({ kind: 'sqlite', file: mine });
		symlinkSync(join(mine, '..'), join(folder, 'link'));
		const two = await openStore({ kind: 'sqlite', file: join(folder, 'link', 'store.sqlite') });
		// Two handles would wait for each other until the time is over.
		await one.exclusive(['a'], async () => two.groups.put([group('g')]));
		await one.close();
		await one.close();
		expect(await two.groups.count()).toBe(1);
		await two.close();
		await expect(two.groups.count()).rejects.toThrow();
		const three = await openStore({ kind: 'sqlite', file: mine });
		expect(await three.groups.count()).toBe(1);
		await three.close();
	});

	test('another process in a transaction: readers go on, writers wait without stopping the clock', async () => {
		const mine = newFile();
		const store = await openStore({ kind: 'sqlite', file: mine });
		const other = new DatabaseSync(mine);
		other.exec('begin immediate');
		let ticks = 0;
		const clock = setInterval(() => ticks++, 5);
		const write = store.groups.put([group('g')]).then(() => 'written');
		const early = await Promise.race([
			write,
			new Promise((r) => setTimeout(() => r('waits'), 200)),
		]);
		expect(early).toBe('waits');
		expect(await store.groups.count()).toBe(0);
		other.exec('commit');
		other.close();
		expect(await write).toBe('written');
		clearInterval(clock);
		expect(ticks).toBeGreaterThan(5);
		await store.close();
	});

	test('testConnection: a folder where nothing can be made', async () => {
		mkdirSync(join(folder, 'dir'), { recursive: true });
		const result = await testConnection({ kind: 'sqlite', file: join(folder, 'dir') });
		expect(result).toMatchObject({ ok: false, code: 'store_unavailable' });
		expect(await testConnection({ kind: 'sqlite', file: newFile() })).toEqual({ ok: true });
	});

	test('more rows than a statement takes variables', async () => {
		const store = await openStore({ kind: 'sqlite', file: newFile() });
		const rows = Array.from({ length: 5000 }, (_, i) => group(`g${i}`, { closes_at: at(i) }));
		await store.groups.put(rows);
		expect(await store.groups.get(rows.map((row) => row.group_key))).toHaveLength(5000);
		await store.close();
	});
});
