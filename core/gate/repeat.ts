import type { Delivery } from '../events/delivery';
import { deliveryId, ticketKey } from '../events/ids';
import type { GroupState, TicketState } from '../store/types';
import { collapse } from './collapse';
import { afterFlush } from './window';

/** What a group says again at `now`, and the group after it; nothing where all its tickets are closed. */
export function repeatOf(
	group: GroupState,
	ticketOf: (key: string) => TicketState | undefined,
	now: number,
): { next?: GroupState; delivery?: Delivery } {
	const items = group.last_items ?? [];
	const open = group.open_tickets.filter((key) => ticketOf(key)?.open ?? true);
	const still = items.filter((d) => open.includes(ticketKey(d.event)));
	if (still.length === 0) return {};
	const { delivery } = collapse(still, ticketOf, `repeat:${now}`);
	const seconds = Math.round((now - Date.parse(group.anchor_at as string)) / 1000);
	const purpose = `repeat:${seconds}`;
	const { event, recipient, channel } = delivery;
	const id = deliveryId(
		event.event_id,
		recipient.user_id,
		channel,
		`${group.group_key}:${purpose}`,
	);
	return {
		next: afterFlush(group, items, open, now),
		delivery: { ...delivery, purpose, delivery_id: id },
	};
}
