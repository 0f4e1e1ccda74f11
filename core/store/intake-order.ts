import type { IntakeRow } from './types';

/** What the order of the intake depends on. */
export type Queued = Pick<IntakeRow, 'id' | 'ticket_key' | 'urgent' | 'seq'>;

/**
 * The order of the intake: urgent events by arrival, each right after its ticket's earlier ones (it lifts them),
 * then the others by arrival. `queued` are the queued events of one node whose ticket has no lease.
 */
export function intakeOrder<R extends Queued>(
	queued: readonly R[],
	limit: number,
	urgentOnly = false,
): R[] {
	const rows = [...queued].sort((a, b) => a.seq - b.seq);
	const byTicket = new Map<string, R[]>();
	for (const row of rows) {
		const list = byTicket.get(row.ticket_key);
		if (list) list.push(row);
		else byTicket.set(row.ticket_key, [row]);
	}
	const order = new Set<R>();
	for (const urgent of rows) {
		if (order.size >= limit) break;
		if (!urgent.urgent || order.has(urgent)) continue;
		const list = byTicket.get(urgent.ticket_key) as R[];
		for (const row of list) if (row.seq <= urgent.seq) order.add(row);
	}
	if (!urgentOnly) {
		for (const row of rows) {
			if (order.size >= limit) break;
			order.add(row);
		}
	}
	return [...order].slice(0, limit);
}
