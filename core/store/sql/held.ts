import { sql } from 'kysely';

import type { HeldEntry, HeldRepository } from '../types';
import { byKeys, byPairs, lastByKey, pairIn } from './batch';
import type { Db, Handle } from './handle';
import { heldCodec, type Schema } from './schema';
import { upsert } from './upsert';

type Pair = { user_id: string; channel: string };

export class SqlHeld implements HeldRepository {
	constructor(private readonly handle: Handle) {}

	async put(rows: readonly HeldEntry[]): Promise<void> {
		// In the order given, which is the order of arrival; a later one of the same id replaces it there.
		const last = [...new Map(rows.map((row) => [row.delivery_id, row])).values()];
		await this.handle.write(async (db) => {
			const numbered = await this.numbered(db, last);
			const sorted = lastByKey(numbered, (row) => row.delivery_id);
			await upsert(
				db,
				'held',
				['delivery_id'],
				sorted.map((row) => heldCodec.encode(row)),
			);
		});
	}

	async get(ids: readonly string[]): Promise<HeldEntry[]> {
		return this.where('delivery_id', ids);
	}

	async of(pairs: readonly Pair[]): Promise<HeldEntry[]> {
		const keys = pairs.map((pair) => [pair.user_id, pair.channel] as const);
		const rows = await this.handle.read((db) =>
			byPairs(keys, (part) =>
				db
					.selectFrom('held')
					.selectAll()
					.where(pairIn('user_id', 'channel', part))
					.execute(),
			),
		);
		return inOrder(rows);
	}

	async ofTickets(ticketKeys: readonly string[]): Promise<HeldEntry[]> {
		return this.where('ticket_key', ticketKeys);
	}

	async ofGroups(groupKeys: readonly string[]): Promise<HeldEntry[]> {
		return this.where('group_key', groupKeys);
	}

	async duePairs(now: string, limit: number): Promise<Pair[]> {
		return this.handle.read((db) =>
			db
				.selectFrom('held')
				.select(['user_id', 'channel'])
				.where(sql<boolean>`due_at is not null and test = 0`)
				.where('due_at', '<=', now)
				.groupBy(['user_id', 'channel'])
				.orderBy((eb) => eb.fn.min('due_at'))
				.orderBy((eb) => eb.fn.min('seq'))
				.limit(limit)
				.execute(),
		);
	}

	async remove(ids: readonly string[]): Promise<void> {
		await this.handle.write((db) =>
			byKeys(ids, (part) => db.deleteFrom('held').where('delivery_id', 'in', part).execute()),
		);
	}

	async touch(
		filter: {
			user_ids?: readonly string[];
			ticket_keys?: readonly string[];
			kinds: ReadonlyArray<HeldEntry['kind']>;
		},
		now: string,
	): Promise<number> {
		const { user_ids: users, ticket_keys: tickets, kinds } = filter;
		if (kinds.length === 0 || users?.length === 0) return 0;
		const update = (db: Db, column?: 'user_id' | 'ticket_key', keys: readonly string[] = []) =>
			db
				.updateTable('held')
				.set({ due_at: now })
				.where('kind', 'in', kinds)
				.where('test', '=', 0)
				.where((eb) => eb.or([eb('due_at', 'is', null), eb('due_at', '>', now)]))
				.$if(column !== undefined, (query) => query.where(column ?? 'user_id', 'in', keys))
				.$if(column === 'ticket_key' && users !== undefined, (query) =>
					query.where('user_id', 'in', users ?? []),
				)
				.returning('delivery_id')
				.execute();
		const touched = await this.handle.write((db) => {
			if (tickets) return byKeys(tickets, (part) => update(db, 'ticket_key', part));
			if (users) return byKeys(users, (part) => update(db, 'user_id', part));
			return update(db);
		});
		return touched.length;
	}

	async nextDue(): Promise<string | undefined> {
		const row = await this.handle.read((db) =>
			db
				.selectFrom('held')
				.select('due_at')
				.where(sql<boolean>`due_at is not null and test = 0`)
				.orderBy('due_at')
				.limit(1)
				.executeTakeFirst(),
		);
		return row?.due_at ?? undefined;
	}

	async count(): Promise<number> {
		const row = await this.handle.read((db) =>
			db
				.selectFrom('held')
				.select((eb) => eb.fn.countAll<number>().as('n'))
				.executeTakeFirstOrThrow(),
		);
		return row.n;
	}

	private async where(
		column: 'delivery_id' | 'ticket_key' | 'group_key',
		keys: readonly string[],
	): Promise<HeldEntry[]> {
		const rows = await this.handle.read((db) =>
			byKeys(keys, (part) => db.selectFrom('held').selectAll().where(column, 'in', part).execute()),
		);
		return inOrder(rows);
	}

	/** Entries without a number keep the one that they had, or get the next. */
	private async numbered(db: Db, rows: readonly HeldEntry[]): Promise<HeldEntry[]> {
		const without = rows.filter((row) => row.seq === 0).map((row) => row.delivery_id);
		const known = new Map(
			(
				await byKeys(without, (ids) =>
					db
						.selectFrom('held')
						.select(['delivery_id', 'seq'])
						.where('delivery_id', 'in', ids)
						.execute(),
				)
			).map((row) => [row.delivery_id, row.seq]),
		);
		const missing = without.length - known.size;
		const fresh = missing > 0 ? await this.handle.numbers(db, 'held', missing) : [];
		return rows.map((row) => ({
			...row,
			seq: row.seq || known.get(row.delivery_id) || (fresh.shift() as number),
		}));
	}
}

const inOrder = (rows: Array<Schema['held']>): HeldEntry[] =>
	rows.sort((a, b) => a.seq - b.seq).map((row) => heldCodec.decode(row));
