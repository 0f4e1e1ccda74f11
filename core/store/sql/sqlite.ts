import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';

import { ItsmNotifyError, messageOf } from '../../errors';
import { attempt, attemptAsync } from '../attempt';
import type { Db } from './handle';
import type { Schema } from './schema';
import { sqliteAdapter } from './sqlite-adapter';
import type { Backend } from './transaction';

/** How long a statement waits for another process; n8n's event loop stands still meanwhile. */
const STATEMENT_WAIT_MS = 5000;
/** SQLite keeps 2 MiB of pages unless told; a ledger of a busy day is some hundred. */
const CACHE_KIB = 64 * 1024;
/** Of 4 KiB: how long the log grows before its pages are moved into the file, which waits for the disk once more. */
const CHECKPOINT_PAGES = 4000;
/** How long a transaction waits for its turn; the event loop goes on meanwhile. */
const TURN_WAIT_MS = 30_000;

/** Opens (and makes) the file. Throws ItsmNotifyError `sqlite_unavailable` where Node has no node:sqlite. */
export async function openSqlite(file: string): Promise<Backend & { close(): Promise<void> }> {
	const raw = openFile(file);
	const prepared = await attemptAsync(async () => {
		await retryBusy(file, () => raw.exec('PRAGMA journal_mode = WAL'));
		raw.exec('PRAGMA synchronous = FULL');
		raw.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
		raw.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
	});
	if (!prepared.ok) {
		raw.close();
		throw unavailable(file, prepared.error);
	}
	const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: sqliteAdapter(raw) }) });
	return {
		kind: 'sqlite',
		types: { text: 'text', int: 'integer', real: 'real' },
		db,
		begin: (work) => begin(file, raw, db, work),
		lock: async () => undefined,
		numbers: async (inside, name, count) => {
			const { value } = await inside
				.updateTable('counters')
				.set((eb) => ({ value: eb('value', '+', count) }))
				.where('name', '=', name)
				.returning('value')
				.executeTakeFirstOrThrow();
			return Array.from({ length: count }, (_, index) => value - count + 1 + index);
		},
		hasTable: async (name) =>
			raw.prepare('select 1 from sqlite_master where name = ?').get(name) !== undefined,
		prepareSchema: async () => undefined,
		close: () => db.destroy(),
	};
}

function openFile(file: string): DatabaseSync {
	const sqlite = process.getBuiltinModule?.('node:sqlite');
	if (!sqlite) {
		throw new ItsmNotifyError(
			'sqlite_unavailable',
			`This Node.js (${process.version}) has no node:sqlite`,
			{ fix: 'Use Node.js 22.13 or newer, or a PostgreSQL store.' },
		);
	}
	const opened = attempt(() => {
		mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
		// Made by hand, so that nobody else could read it even for a moment.
		closeSync(openSync(file, 'a', 0o600));
		chmodSync(file, 0o600);
		return new sqlite.DatabaseSync(file, { timeout: STATEMENT_WAIT_MS });
	});
	if (opened.ok) return opened.value;
	throw unavailable(file, opened.error);
}

function unavailable(file: string, error: unknown): ItsmNotifyError {
	if (error instanceof ItsmNotifyError) return error;
	return new ItsmNotifyError(
		'store_unavailable',
		`Cannot open the store ${file}: ${messageOf(error)}`,
		{ fix: 'Name a file in a folder that n8n may write to.', cause: error },
	);
}

/** BEGIN IMMEDIATE on the one connection; the dialect's lock keeps everybody else of this process out. */
async function begin<T>(
	file: string,
	raw: DatabaseSync,
	db: Db,
	work: (db: Db) => Promise<T>,
): Promise<T> {
	const until = Date.now() + TURN_WAIT_MS;
	for (let turns = 0; ; turns++) {
		const turn = await db.connection().execute(async (connection) => {
			if (!tryBegin(raw)) return undefined;
			return { result: await finish(raw, connection, work) };
		});
		if (turn) return turn.result;
		await pause(file, turns, until);
	}
}

async function finish<T>(raw: DatabaseSync, db: Db, work: (db: Db) => Promise<T>): Promise<T> {
	const outcome = await attemptAsync(async () => {
		const result = await work(db);
		raw.exec('COMMIT');
		return result;
	});
	if (outcome.ok) return outcome.value;
	// SQLite ends the transaction itself on some errors; then there is nothing to roll back.
	attempt(() => raw.exec('ROLLBACK'));
	throw outcome.error;
}

/** False where another process has the file: waiting happens outside, where it does not block the process. */
function tryBegin(raw: DatabaseSync): boolean {
	raw.exec('PRAGMA busy_timeout = 0');
	const begun = attempt(() => raw.exec('BEGIN IMMEDIATE'));
	raw.exec(`PRAGMA busy_timeout = ${STATEMENT_WAIT_MS}`);
	if (!begun.ok && !isBusy(begun.error)) throw begun.error;
	return begun.ok;
}

async function retryBusy(file: string, statement: () => void): Promise<void> {
	const until = Date.now() + TURN_WAIT_MS;
	for (let turn = 0; ; turn++) {
		const outcome = attempt(statement);
		if (outcome.ok) return;
		if (!isBusy(outcome.error)) throw outcome.error;
		await pause(file, turn, until);
	}
}

async function pause(file: string, turns: number, until: number): Promise<void> {
	if (Date.now() > until) {
		throw new ItsmNotifyError('store_busy', `Another process keeps the store ${file} locked`, {
			fix: 'Look for a process that holds the file open in a transaction.',
		});
	}
	const ms = Math.random() * Math.min(25, 2 + turns);
	await new Promise((resolve) => setTimeout(resolve, ms));
}

const BUSY = 5;

// The low byte is the kind; the rest tells which lock it was.
const isBusy = (error: unknown): boolean =>
	typeof error === 'object' &&
	error !== null &&
	'errcode' in error &&
	(Number(error.errcode) & 0xff) === BUSY;
