import type { SeenRepository, SharedRepository } from '../types';
import { byKeys, chunks } from './batch';
import type { Handle } from './handle';
import { sortedUnique } from '../plain';
import { upsert } from './upsert';

export class SqlSeen implements SeenRepository {
	constructor(private readonly handle: Handle) {}

	async mark(keys: readonly string[], now: string, windowStart?: string): Promise<string[]> {
		if (keys.length === 0) return [];
		const rows = sortedUnique(keys).map((key) => ({ key, seen_at: now }));
		const fresh = new Set<string>();
		await this.handle.write(async (db) => {
			for (const part of chunks(rows, 2)) {
				const marked = await db
					.insertInto('seen')
					.values(part)
					.onConflict((oc) =>
						windowStart === undefined
							? oc.column('key').doNothing()
							: oc
									.column('key')
									.doUpdateSet({ seen_at: now })
									.where('seen.seen_at', '<', windowStart),
					)
					.returning('key')
					.execute();
				marked.forEach((row) => fresh.add(row.key));
			}
		});
		return [...new Set(keys)].filter((key) => fresh.has(key));
	}

	async purge(before: string): Promise<number> {
		const gone = await this.handle.write((db) =>
			db.deleteFrom('seen').where('seen_at', '<', before).executeTakeFirst(),
		);
		return Number(gone.numDeletedRows);
	}
}

export class SqlShared implements SharedRepository {
	constructor(private readonly handle: Handle) {}

	async get(keys: readonly string[], now?: string): Promise<Map<string, Record<string, unknown>>> {
		const rows = await this.handle.read((db) =>
			byKeys(keys, (part) =>
				db
					.selectFrom('shared')
					.select(['key', 'value', 'expires_at'])
					.where('key', 'in', part)
					.execute(),
			),
		);
		const alive = rows.filter((row) => now === undefined || isAlive(row, now));
		return new Map(alive.map((row) => [row.key, JSON.parse(row.value)]));
	}

	async put(
		key: string,
		value: Record<string, unknown>,
		now: string,
		expiresAt?: string,
	): Promise<void> {
		await this.handle.write((db) =>
			upsert(db, 'shared', ['key'], [stored(key, value, now, expiresAt)]),
		);
	}

	async change<T>(
		key: string,
		now: string,
		change: (value: Record<string, unknown> | undefined) => {
			value: Record<string, unknown> | undefined;
			result: T;
			expiresAt?: string;
		},
	): Promise<T> {
		return this.handle.write(
			async (db) => {
				const row = await db
					.selectFrom('shared')
					.select(['value', 'expires_at'])
					.where('key', '=', key)
					.executeTakeFirst();
				const next = change(row && isAlive(row, now) ? JSON.parse(row.value) : undefined);
				if (next.value === undefined) {
					await db.deleteFrom('shared').where('key', '=', key).execute();
				} else {
					const changed = stored(key, next.value, now, next.expiresAt);
					await upsert(db, 'shared', ['key'], [changed]);
				}
				return next.result;
			},
			[`shared:${key}`],
		);
	}

	async once(key: string, now: string, expiresAt: string): Promise<boolean> {
		const marked = await this.handle.write((db) =>
			db
				.insertInto('shared')
				.values(stored(key, {}, now, expiresAt))
				.onConflict((oc) =>
					oc
						.column('key')
						.doUpdateSet({ value: '{}', updated_at: now, expires_at: expiresAt })
						.where('shared.expires_at', '<=', now),
				)
				.returning('key')
				.execute(),
		);
		return marked.length > 0;
	}

	async purge(now: string): Promise<number> {
		const gone = await this.handle.write((db) =>
			db.deleteFrom('shared').where('expires_at', '<=', now).executeTakeFirst(),
		);
		return Number(gone.numDeletedRows);
	}
}

const stored = (
	key: string,
	value: Record<string, unknown>,
	now: string,
	expiresAt: string | undefined,
) => ({ key, value: JSON.stringify(value), updated_at: now, expires_at: expiresAt ?? null });

const isAlive = (row: { expires_at: string | null }, now: string): boolean =>
	row.expires_at === null || row.expires_at > now;
