import { sql } from 'kysely';

import { DEFAULT_LIMIT } from '../rules';
import type { InboxEntry, InboxFilter, InboxRepository } from '../types';
import { byKeys, chunks, lastByKey } from './batch';
import type { Handle } from './handle';
import { inboxCodec } from './schema';

export class SqlInbox implements InboxRepository {
	constructor(private readonly handle: Handle) {}

	async put(rows: readonly InboxEntry[]): Promise<string[]> {
		if (rows.length === 0) return [];
		const first = lastByKey([...rows].reverse(), (row) => row.delivery_id);
		const encoded = first.map((row) => inboxCodec.encode(row));
		const fresh = new Set<string>();
		await this.handle.write(async (db) => {
			for (const part of chunks(encoded, Object.keys(encoded[0]).length)) {
				const put = await db
					.insertInto('inbox')
					.values(part)
					.onConflict((oc) => oc.column('delivery_id').doNothing())
					.returning('delivery_id')
					.execute();
				put.forEach((row) => fresh.add(row.delivery_id));
			}
		});
		return [...new Set(rows.map((row) => row.delivery_id))].filter((id) => fresh.has(id));
	}

	async get(ids: readonly string[]): Promise<InboxEntry[]> {
		const rows = await this.handle.read((db) =>
			byKeys(ids, (part) =>
				db.selectFrom('inbox').selectAll().where('delivery_id', 'in', part).execute(),
			),
		);
		return rows.map((row) => inboxCodec.decode(row));
	}

	async list(filter: InboxFilter): Promise<InboxEntry[]> {
		const rows = await this.handle.read((db) => {
			const query = db.selectFrom('inbox').selectAll().where('user_id', '=', filter.user_id);
			return (filter.unread_only ? query.where('read_at', 'is', null) : query)
				.orderBy(sql`case when read_at is null then 0 else 1 end`)
				.orderBy('created_at', 'desc')
				.orderBy('delivery_id', 'desc')
				.limit(filter.limit ?? DEFAULT_LIMIT)
				.offset(filter.offset ?? 0)
				.execute();
		});
		return rows.map((row) => inboxCodec.decode(row));
	}

	async unread(userIds: readonly string[]): Promise<Map<string, number>> {
		const rows = await this.handle.read((db) =>
			byKeys(userIds, (part) =>
				db
					.selectFrom('inbox')
					.select((eb) => ['user_id', eb.fn.countAll().as('count')])
					.where('user_id', 'in', part)
					.where('read_at', 'is', null)
					.groupBy('user_id')
					.execute(),
			),
		);
		return new Map(rows.map((row) => [row.user_id, Number(row.count)]));
	}

	async markRead(userId: string, ids: readonly string[] | 'all', now: string): Promise<string[]> {
		const marked = await this.handle.write(async (db) => {
			const unread = db
				.updateTable('inbox')
				.set({ read_at: now })
				.where('user_id', '=', userId)
				.where('read_at', 'is', null);
			return ids === 'all'
				? unread.returning('delivery_id').execute()
				: byKeys(ids, (part) =>
						unread.where('delivery_id', 'in', part).returning('delivery_id').execute(),
					);
		});
		return marked.map((row) => row.delivery_id).sort();
	}

	async update(
		id: string,
		{ title, severity, payload }: Pick<InboxEntry, 'title' | 'severity' | 'payload'>,
		now: string,
	): Promise<boolean> {
		const changed = await this.handle.write((db) =>
			db
				.updateTable('inbox')
				.set({ title, severity, payload: JSON.stringify(payload), updated_at: now })
				.where('delivery_id', '=', id)
				.returning('delivery_id')
				.execute(),
		);
		return changed.length > 0;
	}

	async remove(filter: { ids?: readonly string[]; user_ids?: readonly string[] }): Promise<number> {
		const gone = await this.handle.write(async (db) => [
			...(await byKeys(filter.ids ?? [], (part) =>
				db.deleteFrom('inbox').where('delivery_id', 'in', part).returning('delivery_id').execute(),
			)),
			...(await byKeys(filter.user_ids ?? [], (part) =>
				db.deleteFrom('inbox').where('user_id', 'in', part).returning('delivery_id').execute(),
			)),
		]);
		return gone.length;
	}

	async purge(before: string): Promise<number> {
		const gone = await this.handle.write((db) =>
			db.deleteFrom('inbox').where('created_at', '<', before).executeTakeFirst(),
		);
		return Number(gone.numDeletedRows);
	}
}
