import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	assertStoreAllowed,
	defaultStoreFile,
	isQueueMode,
	n8nFolder,
	openStore,
	testConnection,
} from '../../../core/store/index';

describe('the default file', () => {
	test.each([
		[{ HOME: '/home/node' }, '/home/node/.n8n/itsm-notify/store.sqlite'],
		[{ HOME: '/home/node', N8N_USER_FOLDER: '/data' }, '/data/.n8n/itsm-notify/store.sqlite'],
		[{}, join(process.cwd(), '.n8n/itsm-notify/store.sqlite')],
	])('%j', (env, file) => {
		expect(defaultStoreFile(env)).toBe(file);
	});

	test('on Windows the profile is the home', () => {
		expect(n8nFolder({ HOME: '/wrong', USERPROFILE: '/users/ann' }, 'win32')).toBe(
			'/users/ann/.n8n',
		);
	});
});

describe('queue mode', () => {
	test.each([
		[{}, ['node', 'n8n', 'start'], false],
		[{ EXECUTIONS_MODE: 'regular' }, ['node', 'n8n'], false],
		[{ EXECUTIONS_MODE: 'queue' }, ['node', 'n8n', 'start'], true],
		[{}, ['node', 'n8n', 'worker', '--concurrency=5'], true],
		[{}, ['node', 'n8n', 'webhook'], true],
		[{}, ['node', '/opt/worker/n8n'], false],
	])('%j %j: %s', (env, argv, expected) => {
		expect(isQueueMode(env, argv)).toBe(expected);
	});

	test('an embedded store is refused there, PostgreSQL is not', () => {
		for (const kind of ['sqlite', 'memory'] as const) {
			expect(() => assertStoreAllowed({ queueMode: true, kind })).toThrow(
				expect.objectContaining({ code: 'embedded_store_in_queue_mode' }),
			);
			expect(() => assertStoreAllowed({ queueMode: false, kind })).not.toThrow();
		}
		expect(() => assertStoreAllowed({ queueMode: true, kind: 'postgres' })).not.toThrow();
	});
});

describe('a Node without node:sqlite', () => {
	const folder = mkdtempSync(join(tmpdir(), 'itsm-open-'));
	afterEach(() => {
		jest.restoreAllMocks();
		rmSync(folder, { recursive: true, force: true });
	});

	test('says so, and what to do', async () => {
		jest.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
		const options = { kind: 'sqlite', file: join(folder, 'store.sqlite') } as const;
		await expect(openStore(options)).rejects.toMatchObject({
			code: 'sqlite_unavailable',
			fix: expect.stringContaining('22.13'),
		});
		expect(await testConnection(options)).toMatchObject({ ok: false, code: 'sqlite_unavailable' });
		const memory = await openStore({ kind: 'memory' });
		expect(await memory.groups.count()).toBe(0);
	});
});
