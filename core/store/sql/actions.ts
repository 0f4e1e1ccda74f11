import { sql } from 'kysely';

import {
	actionVerdict,
	backInQueue,
	compareText,
	DEFAULT_LIMIT,
	heldAction,
	newAction,
} from '../rules';
import type { ActionClaim, ActionRepository, ActionRow } from '../types';
import { byKeys } from './batch';
import type { Db, Handle } from './handle';
import { actionCodec, type Schema } from './schema';

// Written out, so that the partial indexes are used.
const QUEUED = sql<boolean>`status = 'queued'`;
const LEASED = sql<boolean>`status in ('emitted', 'running')`;
const ENDED = sql<boolean>`status in ('done', 'failed')`;

interface Lease {
	owner: string;
	now: string;
	until: string;
}

export class SqlActions implements ActionRepository {
	constructor(private readonly handle: Handle) {}

	async claim(
		row: Pick<ActionRow, 'id' | 'ticket_key' | 'item'>,
		owner: string,
		now: string,
		leaseUntil: string,
	): Promise<ActionClaim> {
		const lease = { owner, now, until: leaseUntil };
		return this.handle.write(async (db) => {
			const fresh = heldAction(newAction(row, now), 'running', lease);
			const inserted = await db
				.insertInto('actions')
				.values(actionCodec.encode(fresh))
				.onConflict((oc) => oc.column('id').doNothing())
				.returningAll()
				.execute();
			if (inserted.length > 0) return { claimed: true, row: actionCodec.decode(inserted[0]) };
			const stored = await db
				.selectFrom('actions')
				.selectAll()
				.where('id', '=', row.id)
				.$if(this.handle.kind === 'postgres', (query) => query.forUpdate())
				.executeTakeFirstOrThrow();
			const known = actionCodec.decode(stored);
			const verdict = actionVerdict(known, now);
			if (verdict === 'ended' || verdict === 'held') return { claimed: false, row: known };
			return { claimed: true, row: await hold(db, known, 'running', lease) };
		});
	}

	async settle(
		id: string,
		owner: string,
		change: Partial<ActionRow>,
		now: string,
	): Promise<boolean> {
		return this.handle.write(async (db) => {
			const stored = await db
				.selectFrom('actions')
				.selectAll()
				.where('id', '=', id)
				.where('status', '=', 'running')
				.where('lease_owner', '=', owner)
				.$if(this.handle.kind === 'postgres', (query) => query.forUpdate())
				.executeTakeFirst();
			if (!stored) return false;
			const free = { lease_owner: null, lease_until: null };
			await replace(db, { ...actionCodec.decode(stored), ...free, ...change, updated_at: now });
			return true;
		});
	}

	async get(ids: readonly string[]): Promise<ActionRow[]> {
		const rows = await this.handle.read((db) =>
			byKeys(ids, (part) => db.selectFrom('actions').selectAll().where('id', 'in', part).execute()),
		);
		const known = new Map(rows.map((row) => [row.id, actionCodec.decode(row)]));
		return [...new Set(ids)].flatMap((id) => known.get(id) ?? []);
	}

	async leaseDue(
		now: string,
		limit: number,
		owner: string,
		leaseUntil: string,
	): Promise<ActionRow[]> {
		if (limit <= 0) return [];
		const lease = { owner, now, until: leaseUntil };
		return this.handle.write(async (db) => {
			const skip = this.handle.kind === 'postgres';
			const due = await db
				.selectFrom('actions')
				.selectAll()
				.where(QUEUED)
				.where('due_at', '<=', now)
				.orderBy('due_at')
				.orderBy('id')
				.limit(limit)
				.$if(skip, (query) => query.forUpdate().skipLocked())
				.execute();
			const expired = await db
				.selectFrom('actions')
				.selectAll()
				.where(LEASED)
				.where('lease_until', '<=', now)
				.orderBy('lease_until')
				.orderBy('id')
				.limit(limit)
				.$if(skip, (query) => query.forUpdate().skipLocked())
				.execute();
			const taken: ActionRow[] = [];
			for (const row of [...due, ...expired].slice(0, limit))
				taken.push(await hold(db, actionCodec.decode(row), 'emitted', lease));
			return taken;
		});
	}

	async takeBack(owner: string, now: string): Promise<number> {
		const { numUpdatedRows } = await this.handle.write((db) =>
			db
				.updateTable('actions')
				.set(backInQueue(now))
				.where(LEASED)
				.where('status', '=', 'emitted')
				.where('lease_owner', '=', owner)
				.executeTakeFirst(),
		);
		return Number(numUpdatedRows);
	}

	async nextDue(): Promise<string | undefined> {
		const [due, lease] = await this.handle.read(async (db) => [
			await db
				.selectFrom('actions')
				.select('due_at as at')
				.where(QUEUED)
				.where('due_at', 'is not', null)
				.orderBy('due_at')
				.limit(1)
				.executeTakeFirst(),
			await db
				.selectFrom('actions')
				.select('lease_until as at')
				.where(LEASED)
				.where('lease_until', 'is not', null)
				.orderBy('lease_until')
				.limit(1)
				.executeTakeFirst(),
		]);
		return [due?.at, lease?.at].flatMap((at) => at ?? []).sort(compareText)[0];
	}

	async list(filter: {
		ticket_key?: string;
		status?: ActionRow['status'];
		limit?: number;
		offset?: number;
	}): Promise<ActionRow[]> {
		const { ticket_key, status, limit = DEFAULT_LIMIT, offset = 0 } = filter;
		const rows = await this.handle.read((db) => {
			let query = db.selectFrom('actions').selectAll();
			if (ticket_key !== undefined) query = query.where('ticket_key', '=', ticket_key);
			if (status !== undefined) query = query.where('status', '=', status);
			return query
				.orderBy('created_at', 'desc')
				.orderBy('id', 'desc')
				.limit(limit)
				.offset(offset)
				.execute();
		});
		return rows.map((row) => actionCodec.decode(row));
	}

	async purge(before: string): Promise<number> {
		const gone = await this.handle.write((db) =>
			db.deleteFrom('actions').where(ENDED).where('updated_at', '<', before).executeTakeFirst(),
		);
		return Number(gone.numDeletedRows);
	}
}

async function hold(
	db: Db,
	row: ActionRow,
	status: 'emitted' | 'running',
	lease: Lease,
): Promise<ActionRow> {
	const held = heldAction(row, status, lease);
	await replace(db, held);
	return held;
}

async function replace(db: Db, row: ActionRow): Promise<void> {
	const { id, ...rest } = actionCodec.encode(row) as Schema['actions'];
	await db.updateTable('actions').set(rest).where('id', '=', id).execute();
}
