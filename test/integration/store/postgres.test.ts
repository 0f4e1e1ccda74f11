import { afterAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openStore, testConnection } from '../../../core/store/index';
import { freshDatabase } from '../../harness/postgres';
import { at, group, ledger } from './rows';
import { describeStore } from './suite';
import { versionTests } from './suite-version';

const database = await freshDatabase();
const SCHEMA = 'itsm_notify';

if (!database) test.skip('the store on postgres (needs PostgreSQL)', () => undefined);
else {
	const target = { kind: 'postgres', connection: database.config, schema: SCHEMA } as const;
	const client = new pg.Client(database.config);
	await client.connect();
	const query = async (text: string): Promise<void> => {
		await client.query(`set search_path to ${SCHEMA}; ${text}`);
	};

	describeStore('postgres', async () => ({
		// Emptied for each test: a schema for each would take half a second.
		async fresh() {
			const store = await openStore(target);
			await empty(client);
			return store;
		},
		again: () => openStore(target),
	}));

	describe('postgres only', () => {
		versionTests(() => ({ options: target, query }));

		test('one pool per connection and process, closed with its last user', async () => {
			const pools = async () => {
				const found = await client.query(
					`select count(*)::int as n from pg_stat_activity
					where datname = $1 and application_name = 'n8n-nodes-itsm-notify'`,
					[database.config.database],
				);
				return found.rows[0].n as number;
			};
			const [one, two] = await Promise.all([openStore(target), openStore(target)]);
			await one.close();
			await one.close();
			await two.groups.put([group('g')]);
			expect(await pools()).toBeGreaterThan(0);
			await two.close();
			for (let i = 0; i < 50 && (await pools()) > 0; i++) await sleep(20);
			expect(await pools()).toBe(0);
		});

		test('a deadlock between two transactions: both get their turn', async () => {
			const store = await openStore(target);
			await store.groups.put([group('a', { count: 0 }), group('b', { count: 0 })]);
			// Different keys, so that no advisory lock keeps them apart; rows in opposite order.
			const touch = (key: string, order: string[]) =>
				store.exclusive([key], async (tx) => {
					for (const name of order) {
						const [row] = await tx.groups.get([name]);
						await tx.groups.put([{ ...row, updated_at: at(1) }]);
						await sleep(60);
					}
					return key;
				});
			expect(await Promise.all([touch('x', ['a', 'b']), touch('y', ['b', 'a'])])).toEqual([
				'x',
				'y',
			]);
			await store.close();
		});

		test('rows that another transaction works on: a claim waits and sees what it did, a lease passes over', async () => {
			const store = await openStore(target);
			const due = { stage: 'due', due_at: at(1) } as const;
			await store.deliveries.insert([ledger('locked', due), ledger('free', due)], {
				overwrite: true,
			});
			await query(`begin; update deliveries set stage = 'sending', lease_owner = 'other',
				lease_until = '${at(99)}' where delivery_id = 'locked'`);
			const leased = await store.deliveries.leaseDue(at(2), 9, 'p', at(60));
			expect(leased.map((row) => row.delivery_id)).toEqual(['free']);
			const claim = store.deliveries.claim([ledger('locked')], 'p', at(2), at(60));
			await sleep(150);
			await query('commit');
			expect(await claim).toMatchObject([{ claimed: false, why: 'claimed_elsewhere' }]);
			await store.close();
		});

		test('testConnection tells what is wrong', async () => {
			expect(await testConnection(target)).toEqual({ ok: true });
			const wrong = { ...target, connection: { ...target.connection, database: 'none_such' } };
			const result = await testConnection(wrong);
			expect(result).toMatchObject({ ok: false, code: 'store_unavailable' });
			expect(JSON.stringify(result)).toContain('none_such');
			const nobody = { ...target, connection: { ...target.connection, port: 1 } };
			expect(await testConnection(nobody)).toMatchObject({ ok: false, code: 'store_unavailable' });
		});

		test('a user without rights on the database: a schema of their own will do, and the fix says so', async () => {
			const user = `itsm_notify_${randomBytes(4).toString('hex')}`;
			await client.query(`create role ${user} login password 'pass-4711'`);
			const schema = `${user}_own`;
			const own = {
				...target,
				schema,
				connection: { ...target.connection, user, password: 'pass-4711' },
			};
			const refused = await testConnection(own);
			await client.query(`create schema ${schema} authorization ${user}`);
			const taken = await testConnection(own);
			await client.query(`drop owned by ${user} cascade; drop role ${user}`);
			expect(refused).toMatchObject({
				code: 'store_unavailable',
				message: expect.stringContaining('permission denied'),
				fix: expect.stringContaining(`create schema "${schema}" authorization "${user}"`),
			});
			expect(taken).toEqual({ ok: true });
		});
	});

	afterAll(async () => {
		await client.end();
		await database.drop();
	}, 30_000);
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function empty(client: pg.Client): Promise<void> {
	const found = await client.query(
		`select tablename from pg_tables where schemaname = $1 and tablename not in ('meta', 'counters')`,
		[SCHEMA],
	);
	const names = found.rows.map((row) => `${SCHEMA}.${row.tablename}`);
	await client.query(`truncate ${names.join(', ')}`);
	await client.query(`delete from ${SCHEMA}.meta where key <> 'version'`);
}
