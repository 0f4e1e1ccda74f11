import type { Decision, Delivery } from '../events/delivery';
import { ticketKey } from '../events/ids';
import { withNewestContent } from '../gate/collapse';
import { hasWaited, ownMessage, stillFree } from '../gate/retry';
import { isAsSeen } from '../store/rules';
import type { LedgerRow, Store, TicketState } from '../store/types';
import { forPeopleOfNow } from './people-now';
import { policyReader } from './tick';

/** What goes out now, of due rows, to their people as they are; what waited for its channel and may not go any more is held. */
export async function handOutDue(
	store: Store,
	rows: readonly LedgerRow[],
	options: { now: number; onDecision?(delivery: Delivery, decision: Decision): void },
): Promise<Delivery[]> {
	const read = policyReader(store);
	const all = { ...options, policy: () => read(null) };
	const free = await asTheyAre(store, await stillFree(store, rows, all));
	return (await forPeopleOfNow(store, free, all)).flatMap(sent);
}

/** Leased rows that did not get out are due again, but for what somebody has taken, held or ended since. */
export async function handBack(
	store: Store,
	rows: readonly LedgerRow[],
	now: number,
): Promise<void> {
	const leased = new Map(rows.map((row) => [row.delivery_id, row]));
	await store.deliveries.update(
		rows.map(({ delivery_id }) => ({
			delivery_id,
			stage: 'due' as const,
			lease_owner: null,
			lease_until: null,
			updated_at: new Date(now).toISOString(),
		})),
		(row) => isAsSeen(row, leased.get(row.delivery_id)),
	);
}

/**
 * Due rows as they are sent: rendered anew, by the newest template (RA6); what had to wait for its channel shows its
 * tickets as they are now.
 */
export const handOut = async (store: Store, rows: readonly LedgerRow[]): Promise<Delivery[]> =>
	(await asTheyAre(store, rows)).flatMap(sent);

const sent = ({ item }: LedgerRow): Delivery[] =>
	item ? [{ ...item, message: ownMessage(item), status: undefined }] : [];

async function asTheyAre(store: Store, rows: readonly LedgerRow[]): Promise<LedgerRow[]> {
	const keys = rows.filter(hasWaited).flatMap(({ item }) => (item ? keysOf(item) : []));
	if (keys.length === 0) return [...rows];
	const states = await store.tickets.get([...new Set(keys)]);
	const stateOf = new Map(states.map((state) => [state.ticket_key, state]));
	return rows.map((row) =>
		row.item && hasWaited(row)
			? { ...row, item: asItIs(row.item, (key) => stateOf.get(key)) }
			: row,
	);
}

const keyOf = ({ event: { source } }: Delivery, id: string): string =>
	ticketKey({ source, content: { ticket_id: id } });

const keysOf = (item: Delivery): string[] => [
	ticketKey(item.event),
	...(item.digest?.entries ?? []).map((entry) => keyOf(item, entry.ticket_id)),
];

function asItIs(item: Delivery, stateOf: (key: string) => TicketState | undefined): Delivery {
	const fresh = withNewestContent(item, stateOf(ticketKey(item.event)));
	if (!fresh.digest) return fresh;
	const entries = fresh.digest.entries.map((entry) => {
		const state = stateOf(keyOf(item, entry.ticket_id));
		if (!state) return entry;
		const { ticket_title: title, priority } = state.event.content;
		return { ...entry, status: state.status, title, priority };
	});
	return { ...fresh, digest: { ...fresh.digest, entries } };
}
