import { AGAIN } from '../rules';
import type { IntakeRepository, IntakeRow } from '../types';
import { byKeys, chunks } from './batch';
import type { Db, Handle } from './handle';
import { leaseIntake } from './intake-lease';
import { intakeCodec } from './schema';

type Node = { workflow_id: string; node_id: string };

const FREE = { lease_owner: null, lease_until: null } as const;

export class SqlIntake implements IntakeRepository {
	constructor(private readonly handle: Handle) {}

	async put(rows: readonly IntakeRow[]): Promise<string[]> {
		const first = [...new Map([...rows].reverse().map((row) => [row.id, row])).values()].reverse();
		if (first.length === 0) return [];
		const fresh = await this.handle.write(async (db) => {
			const numbers = await this.handle.numbers(db, 'intake', first.length);
			const stored = first.map((row, index) => intakeCodec.encode({ ...row, seq: numbers[index] }));
			const ids = new Set<string>();
			for (const part of chunks(stored, 15)) {
				const inserted = await db
					.insertInto('intake')
					.values([...part].sort((a, b) => (a.id < b.id ? -1 : 1)))
					.onConflict((oc) => oc.column('id').doNothing())
					.returning('id')
					.execute();
				inserted.forEach((row) => ids.add(row.id));
			}
			return ids;
		});
		return first.map((row) => row.id).filter((id) => fresh.has(id));
	}

	async lease(
		node: Node,
		owner: string,
		now: string,
		leaseUntil: string,
		limit: number,
		urgentOnly = false,
	): Promise<IntakeRow[]> {
		return leaseIntake(this.handle, node, { owner, now, until: leaseUntil }, limit, urgentOnly);
	}

	async renew(ids: readonly string[], owner: string, leaseUntil: string): Promise<void> {
		await this.handle.write((db) =>
			byKeys(ids, (part) =>
				db
					.updateTable('intake')
					.set({ lease_until: leaseUntil })
					.where('id', 'in', part)
					.where('status', '=', 'leased')
					.where('lease_owner', '=', owner)
					.execute(),
			),
		);
	}

	async giveBack(ids: readonly string[], owner: string): Promise<void> {
		await this.handle.write((db) =>
			byKeys(ids, (part) =>
				db
					.updateTable('intake')
					.set({ ...FREE, status: 'queued' })
					.where('id', 'in', part)
					.where('status', '=', 'leased')
					.where('lease_owner', '=', owner)
					.execute(),
			),
		);
	}

	async complete(ids: readonly string[], now: string): Promise<void> {
		await this.handle.write((db) =>
			byKeys(ids, (part) =>
				db
					.updateTable('intake')
					.set({ ...FREE, status: 'done', updated_at: now })
					.where('id', 'in', part)
					.where('status', 'in', ['leased', 'queued'])
					.execute(),
			),
		);
	}

	async fail(
		ids: readonly string[],
		error: string,
		maxAttempts: number,
		now: string,
		owner?: string,
	): Promise<string[]> {
		const failed = await this.handle.write((db) =>
			byKeys(ids, (part) =>
				db
					.updateTable('intake')
					.set((eb) => ({
						...FREE,
						error,
						updated_at: now,
						attempts: eb('attempts', '+', 1),
						status: eb
							.case()
							.when('attempts', '>=', maxAttempts - 1)
							.then('poison' as const)
							.else('queued' as const)
							.end(),
					}))
					.where('id', 'in', part)
					.where('status', 'in', ['leased', 'queued'])
					.$if(owner !== undefined, (query) =>
						query.where((eb) =>
							eb.or([eb('status', '=', 'queued'), eb('lease_owner', '=', owner as string)]),
						),
					)
					.returning(['id', 'status'])
					.execute(),
			),
		);
		const poison = new Set(failed.filter((row) => row.status === 'poison').map((row) => row.id));
		return ids.filter((id) => poison.has(id));
	}

	async retry(ids: readonly string[], now: string): Promise<IntakeRow[]> {
		const rows = await this.handle.write((db) =>
			byKeys(ids, (part) =>
				db
					.updateTable('intake')
					.set({ ...FREE, ...AGAIN, updated_at: now })
					.where('id', 'in', part)
					.where('status', '=', 'poison')
					.returningAll()
					.execute(),
			),
		);
		return rows.map((row) => intakeCodec.decode(row));
	}

	async release(filter: { owner?: string; expiredAt?: string }): Promise<number> {
		const { owner, expiredAt } = filter;
		if (owner === undefined && expiredAt === undefined) return 0;
		const freed = await this.handle.write((db) =>
			db
				.updateTable('intake')
				.set({ ...FREE, status: 'queued' })
				.where('status', '=', 'leased')
				.where((eb) =>
					eb.or([
						...(owner === undefined ? [] : [eb('lease_owner', '=', owner)]),
						...(expiredAt === undefined
							? []
							: [eb('lease_until', '<=', expiredAt), eb('lease_until', 'is', null)]),
					]),
				)
				.returning('id')
				.execute(),
		);
		return freed.length;
	}

	async counts(node?: Node): Promise<{ queued: number; leased: number; poison: number }> {
		const rows = await this.handle.read((db) =>
			db
				.selectFrom('intake')
				.select(['status', (eb) => eb.fn.countAll<number>().as('n')])
				.where('status', 'in', ['queued', 'leased', 'poison'])
				.$if(node !== undefined, (query) => ofNode(query, node as Node))
				.groupBy('status')
				.execute(),
		);
		const counts = { queued: 0, leased: 0, poison: 0 };
		for (const { status, n } of rows) if (status !== 'done') counts[status] = n;
		return counts;
	}

	async list(options: {
		status?: IntakeRow['status'];
		limit: number;
		offset?: number;
	}): Promise<IntakeRow[]> {
		const { status, limit, offset = 0 } = options;
		const rows = await this.handle.read((db) =>
			db
				.selectFrom('intake')
				.selectAll()
				.$if(status !== undefined, (query) =>
					query.where('status', '=', status as IntakeRow['status']),
				)
				.orderBy('seq')
				.limit(limit)
				.offset(offset)
				.execute(),
		);
		return rows.map((row) => intakeCodec.decode(row));
	}

	async purge(before: string): Promise<number> {
		const gone = await this.handle.write((db: Db) =>
			db
				.deleteFrom('intake')
				.where('status', '=', 'done')
				.where('updated_at', '<', before)
				.executeTakeFirst(),
		);
		return Number(gone.numDeletedRows);
	}
}

const ofNode = <Q extends { where(column: 'workflow_id' | 'node_id', op: '=', value: string): Q }>(
	query: Q,
	node: Node,
): Q => query.where('workflow_id', '=', node.workflow_id).where('node_id', '=', node.node_id);
