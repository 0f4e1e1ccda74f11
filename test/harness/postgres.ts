// Finds a PostgreSQL for the tests and gives each suite a database of its own.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type OwnCluster, startOwnCluster } from './postgres-cluster.ts';

export interface PostgresConfig {
	host: string;
	port: number;
	user: string;
	password?: string;
	database: string;
}

export interface TestDatabase {
	config: PostgresConfig;
	url: string;
	/** Drops the database, and stops the server if it was started for it. */
	drop(): Promise<void>;
}

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

const toUrl = ({ host, port, user, password, database }: PostgresConfig) =>
	`postgres://${encodeURIComponent(user)}${password ? `:${encodeURIComponent(password)}` : ''}@${host}:${port}/${database}`;

async function query(config: PostgresConfig, sql: string): Promise<void> {
	const client = new pg.Client({ ...config, connectionTimeoutMillis: 5000 });
	await client.connect();
	try {
		await client.query(sql);
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

async function findServer(): Promise<{ config: PostgresConfig; own?: OwnCluster } | undefined> {
	const given = process.env.ITSM_NOTIFY_TEST_PG;
	if (given) {
		const config = fromUrl(given);
		await query(config, 'select 1'); // given but unreachable is a mistake, not a reason to look on
		return { config };
	}
	if (await answers(LOCAL)) return { config: LOCAL };
	const own = await startOwnCluster();
	return own && { config: { ...LOCAL, port: own.port }, own };
}

/**
 * A fresh, empty database; undefined where no PostgreSQL can be had, except in CI, where that is
 * a failure. Use: `const database = await freshDatabase(); (database ? describe : describe.skip)(…)`
 */
export async function freshDatabase(): Promise<TestDatabase | undefined> {
	const server = await findServer();
	if (!server) {
		if (process.env.CI) throw new Error('No PostgreSQL: set ITSM_NOTIFY_TEST_PG or install it');
		return undefined;
	}
	const database = `itsm_notify_test_${randomBytes(6).toString('hex')}`;
	await query(server.config, `create database ${database}`);
	const config = { ...server.config, database };
	return {
		config,
		url: toUrl(config),
		async drop() {
			await query(server.config, `drop database if exists ${database} with (force)`);
			await server.own?.stop();
		},
	};
}
