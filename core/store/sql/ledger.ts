import { coveredEvents, ticketIdOf } from '../rules';
import type { LedgerRow } from '../types';
import { byKeys, chunks } from './batch';
import type { Db, Handle } from './handle';
import { ledgerCodec, LEDGER_COLUMNS, type Schema } from './schema';
import { upsert } from './upsert';

/** A ledger row with the columns that it is found by. */
const stored = (row: LedgerRow): Schema['deliveries'] => ({
	...ledgerCodec.encode(row),
	ticket_id: ticketIdOf(row),
});

/** Inserts rows whose ids are new; returns those ids. Rows are in the order of their ids. */
export async function insertNew(db: Db, rows: readonly LedgerRow[]): Promise<Set<string>> {
	const fresh = new Set<string>();
	for (const part of chunks(rows, LEDGER_COLUMNS.length + 1)) {
		const inserted = await db
			.insertInto('deliveries')
			.values(part.map(stored))
			.onConflict((oc) => oc.column('delivery_id').doNothing())
			.returning('delivery_id')
			.execute();
		inserted.forEach((row) => fresh.add(row.delivery_id));
	}
	await noteCovered(
		db,
		rows.filter((row) => fresh.has(row.delivery_id)),
	);
	return fresh;
}

/** Replaces rows. The row began when it began: recent counts are by the first decision. */
export async function replace(db: Db, rows: readonly LedgerRow[]): Promise<void> {
	await upsert(db, 'deliveries', ['delivery_id'], rows.map(stored), ['created_at']);
	await noteCovered(db, rows);
}

/** Reads rows that a transaction is about to change; until its end nobody else changes them. */
export async function lockRows(
	handle: Pick<Handle, 'kind'>,
	db: Db,
	ids: readonly string[],
): Promise<Map<string, LedgerRow>> {
	const rows = await byKeys(ids, (part) =>
		db
			.selectFrom('deliveries')
			.selectAll()
			.where('delivery_id', 'in', part)
			.orderBy('delivery_id')
			.$if(handle.kind === 'postgres', (query) => query.forUpdate())
			.execute(),
	);
	return new Map(rows.map((row) => [row.delivery_id, ledgerCodec.decode(row)]));
}

/** What a digest accounts for, so that "was this person told of it?" has an answer for each event inside. */
async function noteCovered(db: Db, rows: readonly LedgerRow[]): Promise<void> {
	const covered = rows.flatMap((row) =>
		coveredEvents(row).map((event_id) => ({
			event_id,
			user_id: row.user_id,
			delivery_id: row.delivery_id,
		})),
	);
	for (const part of chunks(covered, 3)) {
		await db
			.insertInto('delivery_events')
			.values(part)
			.onConflict((oc) => oc.doNothing())
			.execute();
	}
}
