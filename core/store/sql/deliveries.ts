import { sql } from 'kysely';

import {
	byCreation,
	DEFAULT_LIMIT,
	IN_LINE,
	REACHED,
	UNCOUNTED_PURPOSES,
	UNCOUNTED_STATUS,
} from '../rules';
import type { ClaimResult, DeliveryFilter, DeliveryRepository, LedgerRow, LineRow } from '../types';
import { byKeys, byPairs, lastByKey, pairIn } from './batch';
import { claim, leaseDue, takeBack } from './claim';
import type { Handle } from './handle';
import { carriedChannels, toldPairs } from './history';
import { insertNew, lockRows, replace } from './ledger';
import { ledgerCodec } from './schema';

export class SqlDeliveries implements DeliveryRepository {
	constructor(private readonly handle: Handle) {}

	async insert(
		rows: readonly LedgerRow[],
		options: { overwrite?: boolean } = {},
	): Promise<string[]> {
		const wanted = options.overwrite
			? lastByKey(rows, (row) => row.delivery_id)
			: lastByKey([...rows].reverse(), (row) => row.delivery_id);
		if (wanted.length === 0) return [];
		const fresh = await this.handle.write(async (db) => {
			const inserted = await insertNew(db, wanted);
			if (options.overwrite) {
				await replace(
					db,
					wanted.filter((row) => !inserted.has(row.delivery_id)),
				);
			}
			return inserted;
		});
		return [...new Set(rows.map((row) => row.delivery_id))].filter((id) => fresh.has(id));
	}

	async get(ids: readonly string[]): Promise<LedgerRow[]> {
		const rows = await this.handle.read((db) =>
			byKeys(ids, (part) =>
				db.selectFrom('deliveries').selectAll().where('delivery_id', 'in', part).execute(),
			),
		);
		return rows.map((row) => ledgerCodec.decode(row));
	}

	async update(
		rows: ReadonlyArray<Partial<LedgerRow> & { delivery_id: string }>,
		still: (now: LedgerRow) => boolean = () => true,
	): Promise<string[]> {
		if (rows.length === 0) return [];
		return this.handle.write(async (db) => {
			const ids = rows.map((row) => row.delivery_id);
			const known = await lockRows(this.handle, db, ids);
			for (const [id, row] of known) if (!still(row)) known.delete(id);
			for (const row of rows) {
				const before = known.get(row.delivery_id);
				if (before) known.set(row.delivery_id, { ...before, ...given(row) });
			}
			await replace(
				db,
				lastByKey([...known.values()], (row) => row.delivery_id),
			);
			return [...new Set(ids)].filter((id) => known.has(id));
		});
	}

	async claim(
		rows: readonly LedgerRow[],
		owner: string,
		now: string,
		leaseUntil: string,
	): Promise<ClaimResult[]> {
		return claim(this.handle, rows, { owner, now, until: leaseUntil });
	}

	async leaseDue(
		now: string,
		limit: number,
		owner: string,
		leaseUntil: string,
	): Promise<LedgerRow[]> {
		return leaseDue(this.handle, limit, { owner, now, until: leaseUntil });
	}

	async takeBack(owner: string, now: string): Promise<number> {
		return takeBack(this.handle, owner, now);
	}

	async recentCounts(
		pairs: ReadonlyArray<{ user_id: string; channel: string }>,
		since: string,
	): Promise<Map<string, number>> {
		const keys = pairs.map((pair) => [pair.user_id, pair.channel] as const);
		const rows = await this.handle.read((db) =>
			byPairs(keys, (part) =>
				db
					.selectFrom('deliveries')
					.select(['user_id', 'channel', (eb) => eb.fn.countAll<number>().as('n')])
					.where(pairIn('user_id', 'channel', part))
					.where('created_at', '>=', since)
					.where('test', '=', 0)
					.where('status', 'not in', [...UNCOUNTED_STATUS])
					.where((eb) =>
						eb.and(UNCOUNTED_PURPOSES.map((prefix) => eb('purpose', 'not like', `${prefix}%`))),
					)
					.groupBy(['user_id', 'channel'])
					.execute(),
			),
		);
		return new Map(rows.map((row) => [`${row.user_id}|${row.channel}`, row.n]));
	}

	async told(pairs: ReadonlyArray<{ ticket_key: string; user_id: string }>): Promise<Set<string>> {
		return this.handle.read((db) => toldPairs(db, pairs));
	}

	async carried(
		pairs: ReadonlyArray<{ event_id: string; user_id: string }>,
	): Promise<Map<string, string[]>> {
		return this.handle.read((db) => carriedChannels(db, pairs));
	}

	async editable(ticketKeys: readonly string[]): Promise<LedgerRow[]> {
		const rows = await this.handle.read((db) =>
			byKeys(ticketKeys, (part) =>
				db
					.selectFrom('deliveries')
					.selectAll()
					.where('ticket_key', 'in', part)
					.where('status', 'in', [...REACHED])
					.where('provider_ref', 'is not', null)
					.where('test', '=', 0)
					.orderBy('created_at')
					.orderBy('delivery_id')
					.execute(),
			),
		);
		return rows.map((row) => ledgerCodec.decode(row));
	}

	async line(
		keys: ReadonlyArray<{ ticket_key: string; user_id: string; channel: string }>,
	): Promise<LineRow[]> {
		const pairs = keys.map((key) => [key.ticket_key, key.user_id] as const);
		const rows = await this.handle.read((db) =>
			byPairs(pairs, (part) =>
				db
					.selectFrom('deliveries')
					.select(LINE_COLUMNS)
					.where(pairIn('ticket_key', 'user_id', part))
					.where('stage', 'in', [...IN_LINE])
					.where('test', '=', 0)
					.execute(),
			),
		);
		const wanted = new Set(keys.map(lineKey));
		return rows
			.filter((row) => wanted.has(lineKey(row)))
			.sort(byCreation)
			.map((row) => ({
				...row,
				facts: row.facts === null ? null : (JSON.parse(row.facts) as LineRow['facts']),
				test: row.test === 1,
			}));
	}

	async stuck(before: string, limit: number): Promise<LedgerRow[]> {
		const rows = await this.handle.read((db) =>
			db
				.selectFrom('deliveries')
				.selectAll()
				.where(sql<boolean>`stage in ('decided', 'emitted', 'sending') and test = 0`)
				.where('updated_at', '<', before)
				.orderBy('updated_at')
				.orderBy('delivery_id')
				.limit(limit)
				.execute(),
		);
		return rows.map((row) => ledgerCodec.decode(row));
	}

	async abandoned(now: string, limit: number): Promise<LedgerRow[]> {
		const rows = await this.handle.read((db) =>
			db
				.selectFrom('deliveries')
				.selectAll()
				// In the words of the index `deliveries_stuck`, so that only what is in flight is looked at.
				.where(sql<boolean>`stage in ('decided', 'emitted', 'sending') and test = 0`)
				.where('stage', 'in', ['emitted', 'sending'])
				.where('lease_until', '<=', now)
				.orderBy('lease_until')
				.orderBy('delivery_id')
				.limit(limit)
				.execute(),
		);
		return rows.map((row) => ledgerCodec.decode(row));
	}

	async nextDue(): Promise<string | undefined> {
		const row = await this.handle.read((db) =>
			db
				.selectFrom('deliveries')
				.select('due_at')
				.where(sql<boolean>`stage = 'due' and test = 0`)
				.where('due_at', 'is not', null)
				.orderBy('due_at')
				.limit(1)
				.executeTakeFirst(),
		);
		return row?.due_at ?? undefined;
	}

	async list(filter: DeliveryFilter): Promise<LedgerRow[]> {
		const rows = await this.handle.read((db) => {
			let query = db.selectFrom('deliveries').selectAll();
			for (const name of EXACT) {
				const value = filter[name];
				if (value !== undefined) query = query.where(sql.ref(name), '=', value);
			}
			if (filter.since !== undefined) query = query.where('created_at', '>=', filter.since);
			if (filter.until !== undefined) query = query.where('created_at', '<', filter.until);
			if (!filter.include_test) query = query.where('test', '=', 0);
			return query
				.orderBy('created_at', 'desc')
				.orderBy('delivery_id', 'desc')
				.limit(filter.limit ?? DEFAULT_LIMIT)
				.offset(filter.offset ?? 0)
				.execute();
		});
		return rows.map((row) => ledgerCodec.decode(row));
	}
}

const LINE_COLUMNS = [
	'delivery_id',
	'ticket_key',
	'user_id',
	'channel',
	'purpose',
	'stage',
	'reason',
	'facts',
	'rank',
	'due_at',
	'lease_until',
	'test',
	'created_at',
] as const satisfies ReadonlyArray<keyof LineRow>;

const lineKey = (row: { ticket_key: string; user_id: string; channel: string }): string =>
	JSON.stringify([row.ticket_key, row.user_id, row.channel]);

const EXACT = [
	'user_id',
	'channel',
	'status',
	'ticket_key',
	'ticket_id',
	'event_id',
	'delivery_id',
	'provider_message_id',
] as const;

/** What a change names; `undefined` means that it does not. */
const given = (row: Partial<LedgerRow>): Partial<LedgerRow> =>
	Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
