import type { Delivery } from '../events/delivery';
import type { ActionRow, LedgerRow, TicketState } from './types';

/** What claiming a row means; one table for every backend. */
export type ClaimVerdict = 'take' | 'take_over' | 'already_sent' | 'claimed_elsewhere';

/**
 * Decided, due, emitted, failed, silenced and unrouted rows may be taken: nobody else will send them now.
 * A held one is let go of by the gate, a superseded one went inside another message.
 */
export function claimVerdict(
	row: Pick<LedgerRow, 'stage' | 'status' | 'lease_until'>,
	now: string,
): ClaimVerdict {
	if (row.status === 'sent' || row.status === 'delivered') return 'already_sent';
	if (row.stage === 'held') return 'claimed_elsewhere';
	if (row.stage === 'done' && row.status === 'superseded') return 'already_sent';
	if (row.stage !== 'sending') return 'take';
	return row.lease_until !== null && row.lease_until > now ? 'claimed_elsewhere' : 'take_over';
}

/** Status of a message that its reader has got. */
export const REACHED = ['sent', 'delivered'] as const;

export const isReached = (row: Pick<LedgerRow, 'status'>): boolean =>
	row.status === 'sent' || row.status === 'delivered';

/** Stages in which a row must not stay for long. */
export const IN_FLIGHT = ['decided', 'emitted', 'sending'] as const;

/** Stages of a row that has been decided to go out and has no outcome yet, in a sender or on its way there. */
export const IN_LINE = ['due', 'emitted', 'sending'] as const;

/** Purposes that are no new message to count: a digest and a repeat are made of earlier ones, an edit and an answer are not news. */
export const UNCOUNTED_PURPOSES = ['digest:', 'repeat:', 'update:', 'confirmation:'] as const;

export const UNCOUNTED_STATUS = ['silenced', 'no_route'] as const;

/** A decision `send` or `hold` that counts as a recent message. */
export const isCounted = (row: LedgerRow): boolean =>
	!row.test &&
	!UNCOUNTED_STATUS.some((status) => status === row.status) &&
	!UNCOUNTED_PURPOSES.some((prefix) => row.purpose.startsWith(prefix));

/** What was set aside, once more: after one failure an event runs alone. */
export const AGAIN = { status: 'queued' as const, attempts: 1 };

/** Nobody has taken or ended it since it was read. */
export const isAsSeen = (now: LedgerRow, seen: LedgerRow | undefined): boolean =>
	now.stage === seen?.stage &&
	now.updated_at === seen.updated_at &&
	now.lease_owner === seen.lease_owner;

/** The further events that a message accounts for: those inside its digest. */
export function coveredEvents(
	row: Pick<LedgerRow, 'event_id'> & { item?: Delivery | null },
): string[] {
	const ids = row.item?.digest?.event_ids ?? [];
	return [...new Set(ids)].filter((id) => id !== row.event_id);
}

/** The ticket's own id, out of `<source>:<ticket_id>`. */
export const ticketIdOf = (row: Pick<LedgerRow, 'ticket_key' | 'item'>): string =>
	row.item?.event?.content?.ticket_id ?? row.ticket_key.slice(row.ticket_key.indexOf(':') + 1);

/** The event's instant in the form that sorts: sources write `Z`, `.5Z` and offsets. */
export function instantOf(state: Pick<TicketState, 'updated_at'>): string {
	const ms = Date.parse(state.updated_at);
	return Number.isNaN(ms) ? state.updated_at : new Date(ms).toISOString();
}

/** The policy of a store in which none was saved. */
export const DEFAULT_POLICY_ID = 'default';

/** Rows of a list where the caller names no number. */
export const DEFAULT_LIMIT = 100;

/** Order by UTF-16 units; the databases sort alike what is written into keys and instants. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** RD2: urgent before all, first messages before repeats; then by time. */
export const byRank = (a: LedgerRow, b: LedgerRow): number =>
	a.rank - b.rank ||
	compareText(a.due_at ?? '', b.due_at ?? '') ||
	compareText(a.created_at, b.created_at) ||
	compareText(a.delivery_id, b.delivery_id);

/** An action that somebody holds for a time. */
export const isLeased = (row: Pick<ActionRow, 'status'>): boolean =>
	row.status === 'emitted' || row.status === 'running';

/** What claiming an action means; one table for every backend. */
export function actionVerdict(
	row: Pick<ActionRow, 'status' | 'lease_until'>,
	now: string,
): 'take' | 'take_over' | 'ended' | 'held' {
	if (row.status === 'done' || row.status === 'failed') return 'ended';
	if (row.status !== 'running') return 'take';
	return row.lease_until !== null && row.lease_until > now ? 'held' : 'take_over';
}

/** An action that nobody has seen before. */
export const newAction = (
	row: Pick<ActionRow, 'id' | 'ticket_key' | 'item'>,
	now: string,
): ActionRow => ({
	id: row.id,
	ticket_key: row.ticket_key,
	item: row.item,
	status: 'queued',
	result: null,
	steps: [],
	uncertain: false,
	attempts: 0,
	due_at: null,
	lease_owner: null,
	lease_until: null,
	error: null,
	created_at: now,
	updated_at: now,
});

/** The action as its new holder has it. */
export const heldAction = (
	row: ActionRow,
	status: 'emitted' | 'running',
	lease: { owner: string; now: string; until: string },
): ActionRow => ({
	...row,
	status,
	// A holder that was lost in the middle of its work: nobody knows what it wrote.
	uncertain: row.uncertain || row.status === 'running',
	due_at: null,
	lease_owner: lease.owner,
	lease_until: lease.until,
	updated_at: lease.now,
});

/** An action that was handed out and is due again. */
export const backInQueue = (
	now: string,
): Pick<ActionRow, 'status' | 'due_at' | 'lease_owner' | 'lease_until' | 'updated_at'> => ({
	status: 'queued',
	due_at: now,
	lease_owner: null,
	lease_until: null,
	updated_at: now,
});

/** By decision, so that what was decided first is in front. */
export const byCreation = (
	a: Pick<LedgerRow, 'created_at' | 'delivery_id'>,
	b: Pick<LedgerRow, 'created_at' | 'delivery_id'>,
): number => compareText(a.created_at, b.created_at) || compareText(a.delivery_id, b.delivery_id);
