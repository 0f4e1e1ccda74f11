import { intakeOrder, type Queued } from '../intake-order';
import type { IntakeRow } from '../types';
import { byKeys } from './batch';
import type { Db, Handle } from './handle';
import { intakeCodec } from './schema';

interface Node {
	workflow_id: string;
	node_id: string;
}

interface Lease {
	owner: string;
	now: string;
	until: string;
}

/**
 * Leases events of one node. The lock is per node: whether a ticket is free, and which of its events is the first,
 * must not change between looking and taking.
 */
export async function leaseIntake(
	handle: Handle,
	node: Node,
	lease: Lease,
	limit: number,
	urgentOnly: boolean,
): Promise<IntakeRow[]> {
	if (limit <= 0) return [];
	const key = `intake:${node.workflow_id}:${node.node_id}`;
	return handle.write(
		async (db) => {
			await freeExpired(db, node, lease.now);
			const queued = await candidates(db, node, limit, urgentOnly);
			const change = {
				status: 'leased' as const,
				lease_owner: lease.owner,
				lease_until: lease.until,
				updated_at: lease.now,
			};
			const taken = intakeOrder(queued, limit, urgentOnly);
			const rows = await byKeys(
				taken.map((row) => row.id),
				(ids) =>
					db
						.updateTable('intake')
						.set(change)
						.where('id', 'in', ids)
						.where('status', '=', 'queued')
						.returningAll()
						.execute(),
			);
			const leased = new Map(rows.map((row) => [row.id, intakeCodec.decode(row)]));
			return taken.flatMap((row) => leased.get(row.id) ?? []);
		},
		[key],
	);
}

async function freeExpired(db: Db, node: Node, now: string): Promise<void> {
	await db
		.updateTable('intake')
		.set({ status: 'queued', lease_owner: null, lease_until: null })
		.where('workflow_id', '=', node.workflow_id)
		.where('node_id', '=', node.node_id)
		.where('status', '=', 'leased')
		.where((eb) => eb.or([eb('lease_until', '<=', now), eb('lease_until', 'is', null)]))
		.execute();
}

/**
 * Rows among which the first `limit` of the whole queue are: the first urgent ones, the earlier ones of their tickets,
 * and the first others. intakeOrder gives the same for them as for all.
 */
async function candidates(
	db: Db,
	node: Node,
	limit: number,
	urgentOnly: boolean,
): Promise<Queued[]> {
	const queued = db
		.selectFrom('intake as i')
		.select(['i.id', 'i.ticket_key', 'i.urgent', 'i.seq'])
		.where('i.workflow_id', '=', node.workflow_id)
		.where('i.node_id', '=', node.node_id)
		.where('i.status', '=', 'queued')
		.where((eb) =>
			eb.not(
				eb.exists(
					eb
						.selectFrom('intake as busy')
						.select('busy.id')
						.whereRef('busy.workflow_id', '=', 'i.workflow_id')
						.whereRef('busy.node_id', '=', 'i.node_id')
						.whereRef('busy.ticket_key', '=', 'i.ticket_key')
						.where('busy.status', '=', 'leased'),
				),
			),
		)
		.orderBy('i.seq');
	const urgent = await queued.where('i.urgent', '=', 1).limit(limit).execute();
	const last = urgent[urgent.length - 1]?.seq ?? 0;
	const lifted = await byKeys(
		urgent.map((row) => row.ticket_key),
		(tickets) => queued.where('i.ticket_key', 'in', tickets).where('i.seq', '<=', last).execute(),
	);
	const rest =
		urgentOnly || urgent.length >= limit
			? []
			: await queued
					.where('i.urgent', '=', 0)
					.limit(limit + lifted.length)
					.execute();
	const unique = new Map([...urgent, ...lifted, ...rest].map((row) => [row.id, row]));
	return [...unique.values()].map((row) => ({ ...row, urgent: row.urgent === 1 }));
}
