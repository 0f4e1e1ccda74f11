import { sql } from 'kysely';

import { preferenceKeys } from '../keys';
import { searchText } from '../search';
import type {
	Presence,
	PresenceRepository,
	PreferenceRepository,
	StoredPreference,
} from '../types';
import { byKeys, chunks, lastByKey } from './batch';
import type { Db, Handle } from './handle';
import { preferenceCodec, presenceCodec } from './schema';
import { upsert } from './upsert';

export class SqlPreferences implements PreferenceRepository {
	constructor(private readonly handle: Handle) {}

	async put(rows: readonly StoredPreference[]): Promise<void> {
		const last = lastByKey(rows, (row) => row.user_id);
		const found = last.map((row) => ({ row, keys: preferenceKeys(row.document) }));
		await this.handle.write(async (db) => {
			const stored = found.map(({ row, keys }) => ({
				...preferenceCodec.encode(row),
				search: searchText(keys),
			}));
			await upsert(db, 'preferences', ['user_id'], stored);
			await this.dropKeys(
				db,
				last.map((row) => row.user_id),
			);
			const keys = found.flatMap(({ row, keys: names }) =>
				names.map((key) => ({ key, user_id: row.user_id })),
			);
			for (const part of chunks(keys, 2)) {
				await db
					.insertInto('preference_keys')
					.values(part)
					.onConflict((oc) => oc.doNothing())
					.execute();
			}
		});
	}

	async get(userIds: readonly string[]): Promise<StoredPreference[]> {
		const rows = await this.handle.read((db) =>
			byKeys(userIds, (ids) =>
				db.selectFrom('preferences').selectAll().where('user_id', 'in', ids).execute(),
			),
		);
		return rows.map((row) => preferenceCodec.decode(row));
	}

	async find(keys: readonly string[]): Promise<Array<StoredPreference & { key: string }>> {
		const lower = keys.map((key) => key.toLowerCase());
		const rows = await this.handle.read((db) =>
			byKeys(lower, (part) =>
				db
					.selectFrom('preference_keys as k')
					.innerJoin('preferences as p', 'p.user_id', 'k.user_id')
					.select(['k.key', 'p.user_id', 'p.document', 'p.updated_at', 'p.search'])
					.where('k.key', 'in', part)
					.execute(),
			),
		);
		return rows.map((row) => ({ ...preferenceCodec.decode(row), key: row.key }));
	}

	async list(options: {
		limit: number;
		offset?: number;
		search?: string;
	}): Promise<StoredPreference[]> {
		const search = options.search?.trim().toLowerCase() ?? '';
		const rows = await this.handle.read((db) =>
			db
				.selectFrom('preferences')
				.selectAll()
				.$if(search !== '', (query) =>
					query.where(sql<boolean>`search like ${containing(search)} escape '\\'`),
				)
				.orderBy('user_id')
				.limit(options.limit)
				.offset(options.offset ?? 0)
				.execute(),
		);
		return rows.map((row) => preferenceCodec.decode(row));
	}

	async delete(userIds: readonly string[]): Promise<number> {
		return this.handle.write(async (db) => {
			await this.dropKeys(db, userIds);
			const gone = await byKeys(userIds, (ids) =>
				db.deleteFrom('preferences').where('user_id', 'in', ids).returning('user_id').execute(),
			);
			return gone.length;
		});
	}

	private async dropKeys(db: Db, userIds: readonly string[]): Promise<void> {
		await byKeys(userIds, (ids) =>
			db.deleteFrom('preference_keys').where('user_id', 'in', ids).execute(),
		);
	}
}

/** A LIKE pattern for text that may hold its wildcards. */
const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

export class SqlPresence implements PresenceRepository {
	constructor(private readonly handle: Handle) {}

	async put(rows: readonly Presence[]): Promise<void> {
		const last = lastByKey(rows, (row) => row.user_id);
		await this.handle.write((db) =>
			upsert(
				db,
				'presence',
				['user_id'],
				last.map((row) => presenceCodec.encode(row)),
			),
		);
	}

	async get(userIds: readonly string[]): Promise<Presence[]> {
		const rows = await this.handle.read((db) =>
			byKeys(userIds, (ids) =>
				db.selectFrom('presence').selectAll().where('user_id', 'in', ids).execute(),
			),
		);
		return rows.map((row) => presenceCodec.decode(row));
	}
}
