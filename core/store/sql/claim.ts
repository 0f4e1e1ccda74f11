import { sql } from 'kysely';

import { byRank, claimVerdict } from '../rules';
import type { ClaimResult, LedgerRow } from '../types';
import { byKeys, lastByKey } from './batch';
import type { Db, Handle } from './handle';
import { insertNew, lockRows } from './ledger';
import { ledgerCodec } from './schema';

interface Lease {
	owner: string;
	now: string;
	until: string;
}

/** Claims rows for sending inside one transaction: those that are there are judged under lock, new ones go in. */
export async function claim(
	handle: Handle,
	rows: readonly LedgerRow[],
	lease: Lease,
): Promise<ClaimResult[]> {
	if (rows.length === 0) return [];
	const wanted = lastByKey(rows, (row) => row.delivery_id);
	const results = await handle.write(async (db) => {
		const ids = wanted.map((row) => row.delivery_id);
		const known = await lockRows(handle, db, ids);
		const missing = wanted.filter((row) => !known.has(row.delivery_id));
		const fresh = await insertNew(
			db,
			missing.map((row) => claimed(row, lease)),
		);
		// Somebody else has put these in between the two statements.
		const late = missing.map((row) => row.delivery_id).filter((id) => !fresh.has(id));
		for (const [id, row] of await lockRows(handle, db, late)) known.set(id, row);
		const judged = new Map(
			wanted.map((row) => [row.delivery_id, judge(row, known.get(row.delivery_id), lease.now)]),
		);
		const taken = [...known.keys()].filter((id) => judged.get(id)?.claimed);
		await take(db, taken, lease);
		return judged;
	});
	return answers(rows, wanted, results, lease);
}

const claimed = (row: LedgerRow, lease: Lease): LedgerRow => ({
	...row,
	stage: 'sending',
	status: 'pending',
	attempts: 0,
	possibly_duplicate: false,
	lease_owner: lease.owner,
	lease_until: lease.until,
	updated_at: lease.now,
});

function judge(row: LedgerRow, known: LedgerRow | undefined, now: string): ClaimResult {
	const { delivery_id } = row;
	if (!known) return { delivery_id, claimed: true, attempts: 0, possibly_duplicate: false };
	const verdict = claimVerdict(known, now);
	if (verdict === 'already_sent' || verdict === 'claimed_elsewhere') {
		return { delivery_id, claimed: false, why: verdict, row: known };
	}
	const over = verdict === 'take_over';
	return {
		delivery_id,
		claimed: true,
		attempts: known.attempts + (over ? 1 : 0),
		possibly_duplicate: known.possibly_duplicate || over,
	};
}

async function take(db: Db, ids: readonly string[], lease: Lease): Promise<void> {
	await byKeys(ids, (part) =>
		db
			.updateTable('deliveries')
			.set({
				stage: 'sending',
				status: 'pending',
				// A lease that ran out in the middle of sending: nobody knows whether the message went.
				attempts: sql`attempts + case when stage = 'sending' then 1 else 0 end`,
				possibly_duplicate: sql`case when stage = 'sending' then 1 else possibly_duplicate end`,
				lease_owner: lease.owner,
				lease_until: lease.until,
				updated_at: lease.now,
			})
			.where('delivery_id', 'in', part)
			.execute(),
	);
}

/** In the order of the input; of an id that is in it twice the first has the claim. */
function answers(
	rows: readonly LedgerRow[],
	wanted: readonly LedgerRow[],
	results: ReadonlyMap<string, ClaimResult>,
	lease: Lease,
): ClaimResult[] {
	const given = new Set<string>();
	const rowOf = new Map(wanted.map((row) => [row.delivery_id, row]));
	return rows.map(({ delivery_id }) => {
		const result = results.get(delivery_id) as ClaimResult;
		if (!result.claimed || !given.has(delivery_id)) {
			given.add(delivery_id);
			return result;
		}
		const row = claimed(rowOf.get(delivery_id) as LedgerRow, lease);
		return { delivery_id, claimed: false, why: 'claimed_elsewhere', row };
	});
}

/** Takes what is due for one process; others pass over rows that are being taken. */
export async function leaseDue(handle: Handle, limit: number, lease: Lease): Promise<LedgerRow[]> {
	return handle.write(async (db) => {
		const skip = handle.kind === 'postgres';
		const due = await db
			.selectFrom('deliveries')
			.selectAll()
			.where(sql<boolean>`stage = 'due' and test = 0`)
			.where('due_at', '<=', lease.now)
			.orderBy('rank')
			.orderBy('due_at')
			.orderBy('created_at')
			.orderBy('delivery_id')
			.limit(limit)
			.$if(skip, (query) => query.forUpdate().skipLocked())
			.execute();
		const expired = await db
			.selectFrom('deliveries')
			.selectAll()
			.where(sql<boolean>`stage = 'emitted' and test = 0`)
			.where('lease_until', '<=', lease.now)
			.orderBy('lease_until')
			.limit(limit)
			.$if(skip, (query) => query.forUpdate().skipLocked())
			.execute();
		const change = {
			stage: 'emitted' as const,
			lease_owner: lease.owner,
			lease_until: lease.until,
			updated_at: lease.now,
		};
		const rows = [...due, ...expired].map((row) => ledgerCodec.decode(row)).sort(byRank);
		const taken = rows.slice(0, limit).map((row) => ({ ...row, ...change }));
		await byKeys(
			taken.map((row) => row.delivery_id),
			(ids) => db.updateTable('deliveries').set(change).where('delivery_id', 'in', ids).execute(),
		);
		return taken;
	});
}

/** Makes due again what one owner has been handed out and has not begun to send. */
export async function takeBack(handle: Handle, owner: string, now: string): Promise<number> {
	const rows = await handle.write((db) =>
		db
			.updateTable('deliveries')
			.set({ stage: 'due', lease_owner: null, lease_until: null, updated_at: now })
			// In the words of the index `deliveries_stuck`, so that only what is in flight is looked at.
			.where(sql<boolean>`stage in ('decided', 'emitted', 'sending') and test = 0`)
			.where('stage', '=', 'emitted')
			.where('lease_owner', '=', owner)
			.returning('delivery_id')
			.execute(),
	);
	return rows.length;
}
