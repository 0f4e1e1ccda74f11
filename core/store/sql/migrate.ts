import { sql, type Kysely } from 'kysely';

import { ItsmNotifyError } from '../../errors';
import type { Handle } from './handle';
import { MIGRATIONS } from './migrations/index';
import type { Schema } from './schema';

/**
 * Brings the store to this package's version. Whoever comes first does it; the others wait for the lock and find it done.
 * Throws ItsmNotifyError `store_newer_than_package`.
 */
export async function migrate(handle: Handle, migrations = MIGRATIONS): Promise<void> {
	const latest = migrations.length;
	if ((await known(handle, latest)) === latest) return;
	await handle.write(
		async (db) => {
			await handle.prepareSchema(db);
			await sql
				.raw(
					`create table if not exists meta (key ${handle.types.text} primary key, value text not null)`,
				)
				.execute(db);
			const version = await readVersion(db);
			refuseNewer(version, latest);
			for (const migration of migrations.slice(version)) {
				for (const statement of migration(handle.types)) await sql.raw(statement).execute(db);
			}
			await db
				.insertInto('meta')
				.values({ key: 'version', value: String(latest) })
				.onConflict((oc) => oc.column('key').doUpdateSet({ value: String(latest) }))
				.execute();
		},
		['migrate'],
	);
}

/** The version without taking a lock; 0 where there is no store yet. */
async function known(handle: Handle, latest: number): Promise<number> {
	if (!(await handle.hasTable('meta'))) return 0;
	const version = await handle.read((db) => readVersion(db));
	refuseNewer(version, latest);
	return version;
}

async function readVersion(db: Kysely<Schema>): Promise<number> {
	const row = await db
		.selectFrom('meta')
		.select('value')
		.where('key', '=', 'version')
		.executeTakeFirst();
	return row ? Number(row.value) : 0;
}

function refuseNewer(version: number, latest: number): void {
	if (version <= latest) return;
	throw new ItsmNotifyError(
		'store_newer_than_package',
		`The store has version ${version}, this package knows up to version ${latest}`,
		{
			fix: 'Update n8n-nodes-itsm-notify, or select another store.',
			details: { store_version: version, package_version: latest },
		},
	);
}
