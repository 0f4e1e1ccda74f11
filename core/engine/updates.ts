import { createHash } from 'node:crypto';

import { channels } from '../channels';
import { deliveryId } from '../events/ids';
import type { ChannelId, Delivery } from '../events/delivery';
import { ledgerRow } from '../gate/rows';
import type { LedgerRow, Store, TicketState } from '../store/types';

/** After the first messages of everybody. */
const RANK = 3;

/**
 * Changes the messages that are out about these tickets to how the tickets are now, where their channel can: the newest
 * message of each person and channel. One state is told once, however often it is asked for. Returns how many are due.
 */
export async function updateMessages(
	store: Store,
	ticketKeys: readonly string[],
	now: number,
): Promise<number> {
	const rows = await store.deliveries.editable(ticketKeys);
	if (rows.length === 0) return 0;
	const states = new Map((await store.tickets.get(ticketKeys)).map((s) => [s.ticket_key, s]));
	const nowIso = new Date(now).toISOString();
	const newest = new Map<string, LedgerRow>();
	for (const row of rows)
		if (canChange(row)) newest.set(`${row.ticket_key}\n${row.user_id}\n${row.channel}`, row);
	const due = [...newest.values()].flatMap((row) => {
		const state = states.get(row.ticket_key);
		return state
			? [ledgerRow(edit(row, state), nowIso, { stage: 'due', due_at: nowIso, rank: RANK })]
			: [];
	});
	return (await store.deliveries.insert(due)).length;
}

/** A digest of several tickets and an answer stay as they were; an edit is no message of its own. */
const canChange = (row: LedgerRow): boolean =>
	row.item !== null &&
	(row.item.digest?.total ?? 1) === 1 &&
	!row.purpose.startsWith('update:') &&
	!row.purpose.startsWith('confirmation:') &&
	channels[row.channel as ChannelId]?.update !== undefined;

function edit(row: LedgerRow, state: TicketState): Delivery {
	const before = row.item as Delivery;
	const told = [
		state.status,
		state.acknowledged_by ?? null,
		state.open,
		state.event.content.assignee ?? null,
	];
	const mark = createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 12);
	const purpose = `update:${mark}`;
	const { user_id } = before.recipient;
	return {
		...before,
		delivery_id: deliveryId(row.delivery_id, user_id, row.channel, purpose),
		event: { ...before.event, content: { ...before.event.content, ...present(state) } },
		purpose,
		message: undefined,
		card: undefined,
		status: undefined,
		decision: { action: 'send', reason: 'message_updated' },
		update_of: { delivery_id: row.delivery_id, ref: row.provider_ref as Record<string, unknown> },
		...(state.acknowledged_by
			? {
					acknowledged: {
						by: state.acknowledged_by,
						name: state.acknowledged_by,
						at: state.acknowledged_at ?? state.updated_at,
					},
				}
			: {}),
		fallback: [],
	};
}

/** The ticket as it is, in the message that told of something earlier. */
const present = ({ event, status }: TicketState) => ({
	ticket_title: event.content.ticket_title,
	priority: event.content.priority,
	assignee: event.content.assignee,
	...(status ? { status } : {}),
});
