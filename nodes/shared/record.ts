import type { Delivery } from '../../core/events';
import { deliveryId, ticketKey } from '../../core/events';
import { ledgerRow } from '../../core/gate';
import type { NoRoute } from '../../core/preferences';
import type { LedgerRow, Store } from '../../core/store';

/** Writes down who gets nothing and why, so that "why did this person not get it" has an answer. */
export async function recordUndelivered(
	store: Store,
	deliveries: readonly Delivery[],
	noRoute: readonly NoRoute[],
	now: Date,
	testId: string | undefined,
): Promise<void> {
	const at = now.toISOString();
	const failed = deliveries
		.filter((d) => d.status?.status === 'failed')
		.map((d) =>
			ledgerRow(d, at, { stage: 'done', status: 'failed', reason: d.status?.reason ?? null }),
		);
	const without = noRoute.map((row) => noRouteRow(row, at, testId));
	if (failed.length + without.length > 0) await store.deliveries.insert([...failed, ...without]);
}

function noRouteRow(row: NoRoute, at: string, testId: string | undefined): LedgerRow {
	const person = row.recipient.user_id ?? row.recipient.name ?? 'nobody';
	const eventId = testId ? `${row.event.event_id}|${testId}` : row.event.event_id;
	const delivery = {
		delivery_id: deliveryId(eventId, person, 'none'),
		event: row.event,
		recipient: { user_id: person, role: row.recipient.role },
		channel: 'none',
		address: {},
		purpose: 'first',
		strategy: 'standard' as const,
		fallback: [],
		test: testId !== undefined,
	};
	return ledgerRow(delivery, at, {
		stage: 'done',
		status: 'no_route',
		reason: row.reason,
		facts: { ...row.details, ticket: ticketKey(row.event) },
	});
}
