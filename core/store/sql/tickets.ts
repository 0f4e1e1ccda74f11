import { sql } from 'kysely';

import { compareText, instantOf } from '../rules';
import type { ChainRepository, ChainState, TicketRepository, TicketState } from '../types';
import { byKeys, chunks, excluded, lastByKey } from './batch';
import type { Db, Handle } from './handle';
import { chainCodec, ticketCodec, type Schema } from './schema';
import { upsert } from './upsert';

const CHANGED = [
	'open',
	'status',
	'urgent',
	'event',
	'updated_at',
	'event_at',
	'acknowledged_by',
	'acknowledged_at',
	'parent_of',
] as const;

export class SqlTickets implements TicketRepository {
	constructor(private readonly handle: Handle) {}

	async get(keys: readonly string[]): Promise<TicketState[]> {
		const rows = await this.handle.read((db) => readTickets(db, keys));
		return rows.map((row) => ticketCodec.decode(row));
	}

	async put(rows: readonly TicketState[]): Promise<void> {
		const last = newestByKey(rows);
		await this.handle.write(async (db) => {
			const known = new Map(
				(
					await readTickets(
						db,
						last.map((row) => row.ticket_key),
					)
				).map((r) => [r.ticket_key, r]),
			);
			const stored = last.map((row) => {
				const before = known.get(row.ticket_key);
				return {
					...ticketCodec.encode({
						...row,
						// A newer state that says nothing of the acknowledgement leaves it as it is.
						acknowledged_by: said(row.acknowledged_by, before?.acknowledged_by),
						acknowledged_at: said(row.acknowledged_at, before?.acknowledged_at),
					}),
					event_at: instantOf(row),
				};
			});
			for (const part of chunks(stored, CHANGED.length + 1)) await putNewer(db, part);
		});
	}

	async open(): Promise<TicketState[]> {
		const rows = await this.handle.read((db) =>
			db
				.selectFrom('tickets')
				.selectAll()
				.where(sql<boolean>`open = 1`)
				.orderBy('ticket_key')
				.execute(),
		);
		return rows.map((row) => ticketCodec.decode(row));
	}
}

const said = (given: string | null | undefined, before: string | null | undefined) =>
	given === undefined ? (before ?? null) : given;

/** Of several states of one ticket the newest; of equally new ones the last. */
function newestByKey(rows: readonly TicketState[]): TicketState[] {
	const ordered = [...rows].sort((a, b) => compareText(instantOf(a), instantOf(b)));
	return lastByKey(ordered, (row) => row.ticket_key);
}

const readTickets = (db: Db, keys: readonly string[]) =>
	byKeys(keys, (part) =>
		db.selectFrom('tickets').selectAll().where('ticket_key', 'in', part).execute(),
	);

async function putNewer(db: Db, rows: Array<Schema['tickets']>): Promise<void> {
	await db
		.insertInto('tickets')
		.values(rows)
		.onConflict((oc) =>
			oc
				.column('ticket_key')
				.doUpdateSet(excluded(CHANGED))
				.whereRef('excluded.event_at', '>=', 'tickets.event_at'),
		)
		.execute();
}

export class SqlChains implements ChainRepository {
	constructor(private readonly handle: Handle) {}

	async get(ticketKeys: readonly string[]): Promise<ChainState[]> {
		const rows = await this.handle.read((db) =>
			byKeys(ticketKeys, (keys) =>
				db.selectFrom('chains').selectAll().where('ticket_key', 'in', keys).execute(),
			),
		);
		return rows.map((row) => chainCodec.decode(row));
	}

	async put(rows: readonly ChainState[]): Promise<void> {
		const last = lastByKey(rows, (row) => row.ticket_key);
		await this.handle.write((db) =>
			upsert(
				db,
				'chains',
				['ticket_key'],
				last.map((row) => chainCodec.encode(row)),
			),
		);
	}

	async due(now: string, limit: number): Promise<ChainState[]> {
		const rows = await this.handle.read((db) =>
			db
				.selectFrom('chains')
				.selectAll()
				.where(sql<boolean>`due_at is not null and test = 0`)
				.where('due_at', '<=', now)
				.orderBy('due_at')
				.orderBy('ticket_key')
				.limit(limit)
				.execute(),
		);
		return rows.map((row) => chainCodec.decode(row));
	}

	async nextDue(): Promise<string | undefined> {
		const row = await this.handle.read((db) =>
			db
				.selectFrom('chains')
				.select('due_at')
				.where(sql<boolean>`due_at is not null and test = 0`)
				.orderBy('due_at')
				.limit(1)
				.executeTakeFirst(),
		);
		return row?.due_at ?? undefined;
	}
}
