import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { ItsmNotifyError, messageOf } from '../errors';
import { attempt, attemptAsync } from './attempt';
import { createMemoryStore } from './memory/index';
import { SqlStore } from './sql/index';
import { migrate } from './sql/migrate';
import { DEFAULT_SCHEMA, openPostgres, type PostgresConnection } from './sql/postgres';
import { openSqlite } from './sql/sqlite';
import { RootHandle, type Backend } from './sql/transaction';
import type { Store } from './types';

export type StoreOptions =
	| { kind: 'memory' }
	| { kind: 'sqlite'; file: string }
	| { kind: 'postgres'; connection: PostgresConnection; schema?: string };

type Opened = Backend & { close(): Promise<void> };

interface Target {
	handle: Promise<{ handle: RootHandle; close(): Promise<void> }>;
	users: number;
}

/** One handle or pool per target and process, however many nodes use it. */
const targets = new Map<string, Target>();

/**
 * Opens a store and brings it to this package's version. A memory store is a new one each time; others are shared:
 * the last `close()` of a target closes its file or pool.
 * Throws ItsmNotifyError: `sqlite_unavailable`, `store_unavailable`, `store_busy`, `store_newer_than_package`.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
	if (options.kind === 'memory') return createMemoryStore();
	const key = targetKey(options);
	const target = targets.get(key) ?? { handle: prepare(options), users: 0 };
	targets.set(key, target);
	target.users++;
	const opened = await attemptAsync(() => target.handle);
	if (!opened.ok) {
		target.users--;
		if (targets.get(key) === target) targets.delete(key);
		throw opened.error;
	}
	let open = true;
	return new SqlStore(opened.value.handle, async () => {
		if (!open) return;
		open = false;
		await leave(key, target);
	});
}

async function prepare(options: Exclude<StoreOptions, { kind: 'memory' }>) {
	const backend: Opened =
		options.kind === 'sqlite'
			? await openSqlite(resolve(options.file))
			: await openPostgres(options.connection, options.schema ?? DEFAULT_SCHEMA);
	const handle = new RootHandle(backend);
	const migrated = await attemptAsync(() => migrate(handle));
	if (!migrated.ok) {
		await backend.close();
		throw notPrepared(migrated.error, options);
	}
	return { handle, close: () => backend.close() };
}

/** Errors of the database itself: rights that are missing, most of all. */
function notPrepared(cause: unknown, options: Exclude<StoreOptions, { kind: 'memory' }>): unknown {
	if (cause instanceof ItsmNotifyError) return cause;
	const message = `The tables of the store cannot be made: ${messageOf(cause)}`;
	if (options.kind === 'sqlite')
		return new ItsmNotifyError('store_unavailable', `${message} (${options.file})`, {
			fix: 'Restore the file from a backup, or name another one.',
			cause,
		});
	const { schema = DEFAULT_SCHEMA, connection } = options;
	return new ItsmNotifyError('store_unavailable', message, {
		fix: `Let the user make tables in the schema: create schema "${schema}" authorization "${connection.user}".`,
		cause,
	});
}

async function leave(key: string, target: Target): Promise<void> {
	if (--target.users > 0) return;
	if (targets.get(key) === target) targets.delete(key);
	await (await target.handle).close();
}

function targetKey(options: Exclude<StoreOptions, { kind: 'memory' }>): string {
	if (options.kind === 'sqlite') return `sqlite:${realFile(options.file)}`;
	const { connection, schema = DEFAULT_SCHEMA } = options;
	return `postgres:${JSON.stringify([Object.entries(connection).sort(), schema])}`;
}

/** Two ways to one file are one target, also before the file is there. */
function realFile(file: string): string {
	const full = resolve(file);
	const real = attempt(() => realpathSync(full));
	if (real.ok) return real.value;
	const folder = attempt(() => realpathSync(dirname(full)));
	return folder.ok ? join(folder.value, basename(full)) : full;
}

/** Opens, reads and writes once: for the credential's test button. Never throws. */
export async function testConnection(
	options: StoreOptions,
): Promise<{ ok: true } | { ok: false; code: string; message: string; fix?: string }> {
	try {
		const store = await openStore(options);
		try {
			await store.shared.once('connection_test', TEST_AT, TEST_AT);
		} finally {
			await store.close();
		}
		return { ok: true };
	} catch (error) {
		const { code, fix } = error as { code?: unknown; fix?: string };
		return { ok: false, code: String(code ?? 'store_unavailable'), message: messageOf(error), fix };
	}
}

// Any instant does: what is kept under it has run out at once.
const TEST_AT = '1970-01-01T00:00:00.000Z';
