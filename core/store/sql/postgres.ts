import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Pool, types as PgTypes } from 'pg';

import { ItsmNotifyError, messageOf } from '../../errors';
import { attemptAsync } from '../attempt';
import { sortedUnique } from '../plain';
import type { Db } from './handle';
import type { Schema } from './schema';
import type { Backend } from './transaction';

export interface PostgresConnection {
	host: string;
	/** 5432 where none is named. */
	port?: number;
	database: string;
	user: string;
	password?: string;
	/** True: TLS, certificate checked. An object goes to Node's TLS (`ca`, `rejectUnauthorized`, …). */
	ssl?: boolean | Record<string, unknown>;
}

export const DEFAULT_SCHEMA = 'itsm_notify';

const STATEMENT_MS = 30_000;
const CONNECT_MS = 10_000;
/** A host that is gone without a word is noticed then, not after the two hours of the system. */
const KEEP_ALIVE_MS = 10_000;
const POOL_SIZE = 10;

/** Opens a pool. Throws ItsmNotifyError `store_unavailable` where the server does not let us in. */
export async function openPostgres(
	connection: PostgresConnection,
	schema: string,
): Promise<Backend & { close(): Promise<void> }> {
	const pool = await connect(connection);
	const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }).withSchema(schema);
	return {
		kind: 'postgres',
		types: { text: 'text collate "C"', int: 'bigint', real: 'double precision' },
		db,
		begin: (work) => retryDeadlock(() => db.transaction().execute(work)),
		lock: (inside, keys) => lockKeys(inside, schema, keys),
		numbers: async (inside, name, count) => {
			const sequence = `${quoted(schema)}.${quoted(counter(name))}`;
			const { rows } = await sql<{ n: number }>`
				select nextval(${sequence}::regclass) as n from generate_series(1, ${count}::int)
			`.execute(inside);
			return rows.map((row) => row.n).sort((a, b) => a - b);
		},
		hasTable: async (name) => {
			const found = await sql`
				select 1 from information_schema.tables where table_schema = ${schema} and table_name = ${name}
			`.execute(db);
			return found.rows.length > 0;
		},
		prepareSchema: (inside) => prepareSchema(inside, schema),
		close: () => db.destroy(),
	};
}

async function connect(connection: PostgresConnection): Promise<Pool> {
	const { default: pg } = await import('pg');
	const { ssl, ...target } = connection;
	const pool = new pg.Pool({
		...target,
		ssl: ssl === undefined ? false : ssl,
		application_name: 'n8n-nodes-itsm-notify',
		max: POOL_SIZE,
		connectionTimeoutMillis: CONNECT_MS,
		statement_timeout: STATEMENT_MS,
		idle_in_transaction_session_timeout: 2 * STATEMENT_MS,
		keepAlive: true,
		keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
		// A pool that nobody closed must not keep n8n's process alive.
		allowExitOnIdle: true,
		types: { getTypeParser: parserOf(pg.types) },
	});
	// A connection that the server closed while it was idle: the pool makes a new one.
	pool.on('error', () => undefined);
	// One that breaks while it is in use fails its statement; the event of its own would end the process.
	pool.on('connect', (client) => client.on('error', () => undefined));
	const first = await attemptAsync(async () => (await pool.connect()).release());
	if (first.ok) return pool;
	await pool.end();
	throw new ItsmNotifyError('store_unavailable', `PostgreSQL: ${messageOf(first.error)}`, {
		fix: 'Check host, port, database, user, password and SSL of the store credential.',
		cause: first.error,
	});
}

const INT8 = 20;

// pg gives bigint as text; ours are counts and sequence numbers, all within a double.
const parserOf =
	(types: typeof PgTypes) =>
	(id: number, format?: 'text' | 'binary'): ((value: string) => unknown) =>
		id === INT8 ? Number : types.getTypeParser(id, format as 'text');

/** Locks in the order of the keys, so that two transactions never wait for each other. */
async function lockKeys(db: Db, schema: string, keys: readonly string[]): Promise<void> {
	if (keys.length === 0) return;
	const names = sortedUnique(keys).map((key) => `${schema}\n${key}`);
	await sql`
		select pg_advisory_xact_lock(hashtextextended(name, 0))
		from unnest(${names}::text[]) with ordinality as wanted (name, position)
	`.execute(db);
}

async function prepareSchema(db: Db, schema: string): Promise<void> {
	const found = await sql`
		select 1 from information_schema.schemata where schema_name = ${schema}
	`.execute(db);
	if (found.rows.length === 0) await sql`create schema if not exists ${sql.id(schema)}`.execute(db);
	await sql`set local search_path to ${sql.id(schema)}`.execute(db);
	for (const name of ['held', 'intake']) {
		await sql`create sequence if not exists ${sql.id(counter(name))}`.execute(db);
	}
}

const ATTEMPTS = 5;
const DEADLOCK = new Set(['40P01', '40001']);

/** Everything of an ended transaction is undone, so it may run again. */
async function retryDeadlock<T>(transaction: () => Promise<T>): Promise<T> {
	for (let turn = 1; ; turn++) {
		const outcome = await attemptAsync(transaction);
		if (outcome.ok) return outcome.value;
		if (turn >= ATTEMPTS || !isDeadlock(outcome.error)) throw outcome.error;
		await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * turn));
	}
}

const isDeadlock = (error: unknown): boolean =>
	typeof error === 'object' &&
	error !== null &&
	'code' in error &&
	DEADLOCK.has(String(error.code));

const counter = (name: string): string => `counter_${name}`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
