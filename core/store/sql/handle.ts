import type { Kysely } from 'kysely';

import type { ColumnTypes } from './migrations/index';
import type { Schema } from './schema';

export type Db = Kysely<Schema>;

/** A database as the repositories see it: the root of a target, or one open transaction. */
export interface Handle {
	readonly kind: 'sqlite' | 'postgres';
	readonly types: ColumnTypes;
	/** Statements that only read. Inside a transaction they see what it wrote. */
	read<T>(work: (db: Db) => Promise<T>): Promise<T>;
	/**
	 * One transaction; inside another one it joins it. With keys no other process works on the same keys meanwhile.
	 * `work` may run again where the database ended it for a deadlock.
	 */
	write<T>(work: (db: Db) => Promise<T>, keys?: readonly string[]): Promise<T>;
	/** Like write, and hands over the handle of the transaction. */
	transaction<T>(keys: readonly string[], work: (handle: Handle) => Promise<T>): Promise<T>;
	/** The next `count` numbers of a counter, rising. */
	numbers(db: Db, name: 'held' | 'intake', count: number): Promise<number[]>;
	hasTable(name: string): Promise<boolean>;
	/** Where the dialect has schemas: makes it, and has what follows in the transaction work in it. */
	prepareSchema(db: Db): Promise<void>;
}
