// Gives each suite a database of its own.
import { randomBytes } from 'node:crypto';
import {
	dropDatabase,
	ensureDatabase,
	findPostgres,
	POSTGRES_VARIABLES,
	toUrl,
	type PostgresConfig,
} from '../../sandbox/servers/postgres.ts';

export type { PostgresConfig } from '../../sandbox/servers/postgres.ts';

export interface TestDatabase {
	config: PostgresConfig;
	url: string;
	/** Drops the database, and stops the server if it was started for it. */
	drop(): Promise<void>;
}

/**
 * A fresh, empty database; undefined where no PostgreSQL can be had, except in CI, where that is
 * a failure. Use: `const database = await freshDatabase(); (database ? describe : describe.skip)(…)`
 */
export async function freshDatabase(): Promise<TestDatabase | undefined> {
	const server = await findPostgres();
	if (!server) {
		if (process.env.CI)
			throw new Error(`No PostgreSQL: set ${POSTGRES_VARIABLES[0]} or install it`);
		return undefined;
	}
	const name = `itsm_notify_test_${randomBytes(6).toString('hex')}`;
	const config = await ensureDatabase(server, name);
	return {
		config,
		url: toUrl(config),
		async drop() {
			await dropDatabase(server, name);
			await server.stop();
		},
	};
}
