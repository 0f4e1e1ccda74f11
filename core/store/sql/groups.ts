import { sql } from 'kysely';

import type { GroupRepository, GroupState } from '../types';
import { byKeys, lastByKey } from './batch';
import type { Handle } from './handle';
import { groupCodec } from './schema';
import { upsert } from './upsert';

export class SqlGroups implements GroupRepository {
	constructor(private readonly handle: Handle) {}

	async get(keys: readonly string[]): Promise<GroupState[]> {
		const rows = await this.handle.read((db) =>
			byKeys(keys, (part) =>
				db.selectFrom('groups').selectAll().where('group_key', 'in', part).execute(),
			),
		);
		return rows.map((row) => groupCodec.decode(row));
	}

	async put(rows: readonly GroupState[]): Promise<void> {
		const last = lastByKey(rows, (row) => row.group_key);
		await this.handle.write((db) =>
			upsert(
				db,
				'groups',
				['group_key'],
				last.map((row) => groupCodec.encode(row)),
			),
		);
	}

	async remove(keys: readonly string[]): Promise<void> {
		await this.handle.write((db) =>
			byKeys(keys, (part) => db.deleteFrom('groups').where('group_key', 'in', part).execute()),
		);
	}

	async due(now: string, limit: number): Promise<GroupState[]> {
		const rows = await this.handle.read((db) =>
			db
				.selectFrom('groups')
				.selectAll()
				.where(sql<boolean>`closes_at is not null and test = 0`)
				.where('closes_at', '<=', now)
				.orderBy('closes_at')
				.orderBy('group_key')
				.limit(limit)
				.execute(),
		);
		return rows.map((row) => groupCodec.decode(row));
	}

	async nextDue(): Promise<string | undefined> {
		const row = await this.handle.read((db) =>
			db
				.selectFrom('groups')
				.select('closes_at')
				.where(sql<boolean>`closes_at is not null and test = 0`)
				.orderBy('closes_at')
				.limit(1)
				.executeTakeFirst(),
		);
		return row?.closes_at ?? undefined;
	}

	async count(): Promise<number> {
		const row = await this.handle.read((db) =>
			db
				.selectFrom('groups')
				.select((eb) => eb.fn.countAll<number>().as('n'))
				.executeTakeFirstOrThrow(),
		);
		return row.n;
	}
}
