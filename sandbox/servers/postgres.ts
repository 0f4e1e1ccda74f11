// A PostgreSQL for the sandbox and the tests, and databases of their own in it.
import pg from 'pg';
import { startOwnCluster } from './postgres-cluster.ts';

export interface PostgresConfig {
	host: string;
	port: number;
	user: string;
	password?: string;
	database: string;
}

export interface PostgresServer {
	/** Its maintenance database; databases of our own are made beside it. */
	config: PostgresConfig;
	/** Stops it, if it was started for us. */
	stop(): Promise<void>;
}

/** Where a URL `postgres://user:password@host:port/database` may stand; the first that is set counts. */
export const POSTGRES_VARIABLES = ['ITSM_NOTIFY_PG', 'ITSM_NOTIFY_TEST_PG'] as const;

const LOCAL: PostgresConfig = {
	host: '127.0.0.1',
	port: 5432,
	user: 'postgres',
	database: 'postgres',
};

function fromUrl(text: string): PostgresConfig {
	const url = new URL(text);
	return {
		host: url.hostname,
		port: Number(url.port || 5432),
		user: decodeURIComponent(url.username || 'postgres'),
		...(url.password && { password: decodeURIComponent(url.password) }),
		database: url.pathname.slice(1) || 'postgres',
	};
}

export const toUrl = ({ host, port, user, password, database }: PostgresConfig): string =>
	`postgres://${encodeURIComponent(user)}${password ? `:${encodeURIComponent(password)}` : ''}@${host}:${port}/${database}`;

export async function query(config: PostgresConfig, sql: string): Promise<unknown[]> {
	const client = new pg.Client({ ...config, connectionTimeoutMillis: 5000 });
	await client.connect();
	try {
		return (await client.query<Record<string, unknown>>(sql)).rows;
	} finally {
		await client.end();
	}
}

async function answers(config: PostgresConfig): Promise<boolean> {
	try {
		await query(config, 'select 1');
		return true;
	} catch {
		return false;
	}
}

/** The server that is named, else the local one, else one of our own; undefined where PostgreSQL is not installed. */
export async function findPostgres(): Promise<PostgresServer | undefined> {
	const stop = async (): Promise<void> => undefined;
	const named = POSTGRES_VARIABLES.find((name) => process.env[name]);
	if (named) {
		const config = fromUrl(process.env[named] as string);
		// Named but unreachable is a mistake, not a reason to look on.
		await query(config, 'select 1').catch((error: Error) => {
			throw new Error(`${named} names a PostgreSQL that lets nobody in: ${error.message}`);
		});
		return { config, stop };
	}
	if (await answers(LOCAL)) return { config: LOCAL, stop };
	const own = await startOwnCluster();
	return own && { config: { ...LOCAL, port: own.port }, stop: () => own.stop() };
}

/** Makes the database if it is not there; gives how to reach it. */
export async function ensureDatabase(
	{ config }: PostgresServer,
	database: string,
): Promise<PostgresConfig> {
	const found = await query(config, `select 1 from pg_database where datname = '${database}'`);
	if (found.length === 0) await query(config, `create database ${database}`);
	return { ...config, database };
}

export async function dropDatabase({ config }: PostgresServer, database: string): Promise<void> {
	await query(config, `drop database if exists ${database} with (force)`);
}
