import type { ItsmTicket, TicketHistory } from '../itsm';
import type { Store } from '../store/types';
import { answererOf } from './people';

const KEEP_MS = 30 * 86_400_000;
const historyKey = (ticketKey: string): string => `acted:${ticketKey}`;

/** What people did with a ticket through us; an acknowledgement that only the store knows of counts too. */
export async function historyOf(
	store: Store,
	ticketKey: string,
	now: number,
): Promise<TicketHistory> {
	const key = historyKey(ticketKey);
	const known = (await store.shared.get([key], new Date(now).toISOString())).get(key) as
		| TicketHistory
		| undefined;
	const [state] = await store.tickets.get([ticketKey]);
	const { acknowledged_by: by, acknowledged_at: at } = state ?? {};
	if (!by || !at || (known?.acknowledged && known.acknowledged.at >= at)) return known ?? {};
	const person = await answererOf(store, { userId: by });
	return { ...known, acknowledged: { by, name: person?.username ?? by, at } };
}

/** Notes a write, for whoever comes second. */
export async function noteHistory(
	store: Store,
	ticketKey: string,
	did: { action: string; by: string; name: string; ticket: ItsmTicket },
	now: number,
): Promise<void> {
	const at = new Date(now).toISOString();
	await store.shared.change(historyKey(ticketKey), at, (value) => ({
		value: {
			...value,
			...(did.action === 'acknowledge' ? { acknowledged: { by: did.by, name: did.name, at } } : {}),
			last: {
				by: did.by,
				at,
				status: did.ticket.status,
				assignee: did.ticket.assignee?.id ?? null,
			},
		},
		result: undefined,
		expiresAt: new Date(now + KEEP_MS).toISOString(),
	}));
}
