import { sql } from 'kysely';

import { DEFAULT_LIMIT } from '../rules';
import type { SilenceRepository, StoredSilence } from '../types';
import { excluded } from './batch';
import type { Handle } from './handle';
import { silenceCodec } from './schema';

const CHANGED = [
	'matchers',
	'starts_at',
	'ends_at',
	'author',
	'comment',
	'confirmed',
	'updated_at',
] as const;

export class SqlSilences implements SilenceRepository {
	constructor(private readonly handle: Handle) {}

	async put(silence: StoredSilence): Promise<void> {
		await this.handle.write((db) =>
			db
				.insertInto('silences')
				.values(silenceCodec.encode(silence))
				.onConflict((oc) =>
					oc.column('id').doUpdateSet({
						...excluded(CHANGED),
						// An ended one never comes back.
						ended_at: sql`coalesce(${sql.ref('silences.ended_at')}, ${sql.ref('excluded.ended_at')})`,
					}),
				)
				.execute(),
		);
	}

	async get(id: string): Promise<StoredSilence | undefined> {
		const row = await this.handle.read((db) =>
			db.selectFrom('silences').selectAll().where('id', '=', id).executeTakeFirst(),
		);
		return row && silenceCodec.decode(row);
	}

	async active(now: string): Promise<StoredSilence[]> {
		const rows = await this.handle.read((db) =>
			db
				.selectFrom('silences')
				.selectAll()
				.where('ended_at', 'is', null)
				.where('ends_at', '>', now)
				.where('starts_at', '<=', now)
				.orderBy('starts_at')
				.orderBy('id')
				.execute(),
		);
		return rows.map((row) => silenceCodec.decode(row));
	}

	async list(options: { limit?: number; offset?: number } = {}): Promise<StoredSilence[]> {
		const rows = await this.handle.read((db) =>
			db
				.selectFrom('silences')
				.selectAll()
				.orderBy('starts_at', 'desc')
				.orderBy('id', 'desc')
				.limit(options.limit ?? DEFAULT_LIMIT)
				.offset(options.offset ?? 0)
				.execute(),
		);
		return rows.map((row) => silenceCodec.decode(row));
	}

	async end(id: string, now: string): Promise<boolean> {
		const ended = await this.handle.write((db) =>
			db
				.updateTable('silences')
				.set({ ended_at: now, updated_at: now })
				.where('id', '=', id)
				.where('ended_at', 'is', null)
				.where('ends_at', '>', now)
				.returning('id')
				.execute(),
		);
		return ended.length > 0;
	}
}
