import { createHash } from 'node:crypto';

import { ticketStatus } from '../actions/permissions';
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
	const names = await namesOf(store, [...states.values()]);
	const due = messagesIn(rows).flatMap(({ message, shown }) => {
		const state = states.get(message.ticket_key);
		return state && differs(shown.item as Delivery, state)
			? [
					ledgerRow(edit(message, shown, state, names), nowIso, {
						stage: 'due',
						due_at: nowIso,
						rank: RANK,
					}),
				]
			: [];
	});
	return (await store.deliveries.insert(due)).length;
}

/** What people are called who acknowledged a ticket: the user ids are nobody's business. */
async function namesOf(store: Store, states: readonly TicketState[]): Promise<Map<string, string>> {
	const ids = states.flatMap(({ acknowledged_by: id }) => (id ? [id] : []));
	if (ids.length === 0) return new Map();
	const rows = await store.preferences.get([...new Set(ids)]);
	return new Map(
		rows.flatMap(({ user_id, document: { username } }) =>
			typeof username === 'string' && username !== '' ? [[user_id, username] as const] : [],
		),
	);
}

interface Out {
	message: LedgerRow;
	/** The message itself, or the last edit of it. */
	shown: LedgerRow;
}

/** The newest message of each ticket, person and channel; `rows` in order of creation. */
function messagesIn(rows: readonly LedgerRow[]): Out[] {
	const newest = new Map<string, Out>();
	for (const row of rows) {
		const key = `${row.ticket_key}\n${row.user_id}\n${row.channel}`;
		const known = newest.get(key);
		if (canChange(row)) newest.set(key, { message: row, shown: row });
		else if (known && row.item?.update_of?.delivery_id === known.message.delivery_id)
			newest.set(key, { ...known, shown: row });
	}
	return [...newest.values()];
}

/** A digest of several tickets and an answer stay as they were; an edit is no message of its own. */
const canChange = (row: LedgerRow): boolean =>
	row.item !== null &&
	(row.item.digest?.total ?? 1) === 1 &&
	!row.purpose.startsWith('update:') &&
	!row.purpose.startsWith('confirmation:') &&
	channels[row.channel as ChannelId]?.update !== undefined;

const facts = (...list: unknown[]): string => JSON.stringify(list.map((fact) => fact ?? null));

/** What a message shows that may change. */
const factsOf = ({ status, acknowledged_by, event }: TicketState): string =>
	facts(status, acknowledged_by, event.content.assignee);

/** Whether the ticket is not as the message says. A status that nobody names is no news. */
function differs(
	{ event, acknowledged, update_of: edited }: Delivery,
	state: TicketState,
): boolean {
	if (edited) return edited.facts !== factsOf(state);
	const status = state.status === null ? null : ticketStatus(event);
	return facts(status, acknowledged?.by, event.content.assignee) !== factsOf(state);
}

function edit(
	row: LedgerRow,
	shown: LedgerRow,
	state: TicketState,
	names: ReadonlyMap<string, string>,
): Delivery {
	const before = row.item as Delivery;
	// Behind what is shown now: a ticket may come back to an earlier state.
	const mark = createHash('sha256')
		.update(facts(shown.delivery_id, factsOf(state)))
		.digest('hex')
		.slice(0, 12);
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
		update_of: {
			delivery_id: row.delivery_id,
			ref: row.provider_ref as Record<string, unknown>,
			facts: factsOf(state),
		},
		...(state.acknowledged_by
			? {
					acknowledged: {
						by: state.acknowledged_by,
						name: names.get(state.acknowledged_by) ?? state.acknowledged_by,
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
