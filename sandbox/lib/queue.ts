// Queue mode: n8n's own database and our store on one PostgreSQL, Bull on Redis, all under names of our own.
import type { RedisConfig } from '../servers/resp.ts';
import {
	dropDatabase,
	ensureDatabase,
	findPostgres,
	POSTGRES_VARIABLES,
	type PostgresConfig,
} from '../servers/postgres.ts';
import { findRedis, REDIS_VARIABLE, removeKeys } from '../servers/redis.ts';
import type { Env } from './run.ts';
import type { N8n } from './n8n.ts';

/** A message for whoever started the sandbox: what is missing and what to do. */
export class SetUpError extends Error {}

export interface Queue {
	/** Holds n8n's tables and our schema. */
	database: PostgresConfig;
	/** What n8n must be told. */
	env: Env;
	/** Stops what was started for it; with `remove`, its database and its keys in Redis are gone too. */
	close(options: { remove: boolean }): Promise<void>;
}

const WORKERS = 2;

/**
 * Finds or starts both servers and makes the database `name`. Throws SetUpError where one of them is neither
 * reachable nor installed.
 */
export async function openQueue(name: string, { reset = false } = {}): Promise<Queue> {
	const postgres = await found('PostgreSQL', 'postgresql', POSTGRES_VARIABLES[0], findPostgres);
	let redis: Awaited<ReturnType<typeof findRedis>>;
	try {
		redis = await found('Redis', 'redis-server', REDIS_VARIABLE, findRedis);
		const { config } = redis;
		if (reset) {
			await dropDatabase(postgres, name);
			await removeKeys(config, name);
		}
		const database = await ensureDatabase(postgres, name);
		const close = async ({ remove }: { remove: boolean }): Promise<void> => {
			if (remove) {
				await dropDatabase(postgres, name);
				await removeKeys(config, name);
			}
			await redis?.stop();
			await postgres.stop();
		};
		return { database, env: queueEnv(database, config, name), close };
	} catch (error) {
		await redis?.stop();
		await postgres.stop();
		throw error;
	}
}

async function found<T>(
	what: string,
	debian: string,
	variable: string,
	find: () => Promise<T | undefined>,
): Promise<T> {
	const server = await find().catch((error: Error) => {
		throw new SetUpError(error.message);
	});
	if (server) return server;
	throw new SetUpError(
		`Queue mode needs ${what}, and none answers here.\n` +
			`Install it (Debian: apt-get install ${debian}), or set ${variable} to the URL of one that runs.`,
	);
}

function queueEnv(database: PostgresConfig, redis: RedisConfig, name: string): Env {
	return {
		EXECUTIONS_MODE: 'queue',
		// So nobody can take main for the one that answered.
		N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: database.host,
		DB_POSTGRESDB_PORT: String(database.port),
		DB_POSTGRESDB_USER: database.user,
		DB_POSTGRESDB_PASSWORD: database.password ?? '',
		DB_POSTGRESDB_DATABASE: database.database,
		QUEUE_BULL_REDIS_HOST: redis.host,
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		QUEUE_BULL_REDIS_USERNAME: redis.username ?? '',
		QUEUE_BULL_REDIS_PASSWORD: redis.password ?? '',
		QUEUE_BULL_REDIS_DB: String(redis.db),
		QUEUE_BULL_REDIS_TLS: String(redis.tls),
		QUEUE_BULL_PREFIX: `${name}:bull`,
		// Commands between the processes, and n8n's cache.
		N8N_REDIS_KEY_PREFIX: name,
	};
}

/** The processes beside main: one for webhooks, and the workers. */
export async function joinQueue(n8n: N8n): Promise<void> {
	const workers = Array.from({ length: WORKERS }, () => n8n.join('worker'));
	await Promise.all([n8n.join('webhook'), ...workers]);
}

/** The data of a credential *ITSM Notify Store API* for this database. */
export const storeData = ({
	host,
	port,
	user,
	password,
	database,
}: PostgresConfig): Record<string, unknown> => ({
	backend: 'postgres',
	host,
	port,
	database,
	schema: 'itsm_notify',
	user,
	password: password ?? '',
	tls: 'off',
});
