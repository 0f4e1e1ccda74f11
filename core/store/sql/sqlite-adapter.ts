import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** Statements kept prepared: the texts of this package, with their usual numbers of rows. */
const KEPT = 300;

/** node:sqlite as Kysely's dialect wants it. */
export function sqliteAdapter(raw: DatabaseSync): SqliteDatabase {
	const kept = new Map<string, SqliteStatement>();
	return {
		close: () => raw.close(),
		prepare(text) {
			let statement = kept.get(text);
			if (statement) kept.delete(text);
			else statement = adapted(raw.prepare(text));
			// Put last again: the first of a Map is the one used least recently.
			kept.set(text, statement);
			if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
			return statement;
		},
	};
}

function adapted(statement: StatementSync): SqliteStatement {
	const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
	return {
		reader: statement.columns().length > 0,
		all: (parameters) => statement.all(...values(parameters)),
		run: (parameters) => {
			const { changes, lastInsertRowid } = statement.run(...values(parameters));
			return { changes, lastInsertRowid };
		},
		iterate: (parameters) => statement.iterate(...values(parameters)) as IterableIterator<unknown>,
	};
}
