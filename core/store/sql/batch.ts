import { sql, type RawBuilder } from 'kysely';

import { sortedUnique } from '../plain';

/** SQLite takes 32,766 variables in a statement, PostgreSQL 65,535. */
const MAX_VARIABLES = 30_000;
const MAX_ROWS = 500;

export function chunks<T>(rows: readonly T[], variablesPerRow: number): T[][] {
	const size = Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_VARIABLES / variablesPerRow)));
	const result: T[][] = [];
	for (let at = 0; at < rows.length; at += size) result.push(rows.slice(at, at + size));
	return result;
}

/** Reads or writes by keys, some hundreds in a statement. */
export async function byKeys<R>(
	keys: readonly string[],
	statement: (keys: string[]) => Promise<R[]>,
): Promise<R[]> {
	const results: R[] = [];
	for (const part of chunks(sortedUnique(keys), 1)) results.push(...(await statement(part)));
	return results;
}

/** Like byKeys, for pairs of values: `pairIn` makes the condition. */
export async function byPairs<R>(
	pairs: ReadonlyArray<readonly [string, string]>,
	statement: (pairs: ReadonlyArray<readonly [string, string]>) => Promise<R[]>,
): Promise<R[]> {
	const unique = new Map(pairs.map((pair) => [JSON.stringify(pair), pair]));
	const results: R[] = [];
	for (const part of chunks([...unique.values()], 2)) results.push(...(await statement(part)));
	return results;
}

export function pairIn(
	first: string,
	second: string,
	pairs: ReadonlyArray<readonly [string, string]>,
): RawBuilder<boolean> {
	const values = sql.join(pairs.map(([a, b]) => sql`(${a}, ${b})`));
	return sql<boolean>`(${sql.ref(first)}, ${sql.ref(second)}) in (values ${values})`;
}

/** One row per key, the last one given, in the order of the keys: a statement may touch a row only once. */
export function lastByKey<R>(rows: readonly R[], key: (row: R) => string): R[] {
	const last = new Map(rows.map((row) => [key(row), row]));
	return [...last.keys()].sort().map((name) => last.get(name) as R);
}

/** The columns of a row that is in conflict, set to what was to be inserted. */
export const excluded = <C extends string>(columns: readonly C[]): Record<C, RawBuilder<never>> =>
	Object.fromEntries(columns.map((name) => [name, sql`${sql.ref(`excluded.${name}`)}`])) as Record<
		C,
		RawBuilder<never>
	>;
