import pg from 'pg';
import { startOwnCluster } from '../../../sandbox/servers/postgres-cluster.ts';
import { freshDatabase } from '../../harness/postgres.ts';

const databases = [await freshDatabase(), await freshDatabase()];
const suite = databases.every(Boolean) ? describe : describe.skip;

suite('a PostgreSQL database for each suite (needs PostgreSQL)', () => {
	afterAll(async () => {
		for (const database of databases) await database?.drop();
	});

	test('is empty and its own', async () => {
		const [a, b] = databases;
		expect(a!.config.database).not.toBe(b!.config.database);
		const client = new pg.Client(a!.url);
		await client.connect();
		const { rows } = await client.query(
			"select count(*)::int as n from information_schema.tables where table_schema = 'public'",
		);
		await client.end();
		expect(rows).toEqual([{ n: 0 }]);
	});

	test('can come from a cluster started for the tests', async () => {
		const cluster = await startOwnCluster();
		if (!cluster) return; // a server elsewhere, no PostgreSQL programs here
		const client = new pg.Client({ host: '127.0.0.1', port: cluster.port, user: 'postgres' });
		await client.connect();
		const { rows } = await client.query('select 1 as one');
		await client.end();
		await cluster.stop();
		expect(rows).toEqual([{ one: 1 }]);
	});
});
