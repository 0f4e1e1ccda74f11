import type { InsertObject } from 'kysely';

import { chunks, excluded } from './batch';
import type { Db } from './handle';
import type { Schema } from './schema';

/**
 * Writes whole rows by their keys, many in a statement. Rows must name each key once (see lastByKey).
 * Columns in `keep` stay as they are where there is a row.
 */
export async function upsert<T extends keyof Schema & string>(
	db: Db,
	table: T,
	keys: ReadonlyArray<keyof Schema[T] & string>,
	rows: ReadonlyArray<Schema[T]>,
	keep: ReadonlyArray<keyof Schema[T] & string> = [],
): Promise<void> {
	if (rows.length === 0) return;
	const columns = Object.keys(rows[0] as object);
	const fixed: readonly string[] = [...keys, ...keep];
	const changed = excluded(columns.filter((name) => !fixed.includes(name)));
	for (const part of chunks(rows, columns.length)) {
		await db
			.insertInto(table)
			.values(part as unknown as Array<InsertObject<Schema, T>>)
			.onConflict((oc) => oc.columns(keys as never).doUpdateSet(changed as never))
			.execute();
	}
}
