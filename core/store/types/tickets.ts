import type { NotificationEvent } from '../../events/model';

/** That a ticket has matched the source side of an inhibition rule. */
export interface ParentMark {
	rule: string;
	/** Its values of the equal fields then. */
	equal: string;
	matches_target: boolean;
}

/** The last known state of a ticket: content of the newest event, never overwritten by an older one. */
export interface TicketState {
	/** `<source>:<ticket_id>` */
	ticket_key: string;
	open: boolean;
	status: string | null;
	urgent: boolean;
	event: NotificationEvent;
	/** The event's own timestamp. */
	updated_at: string;
	/** Set where somebody acknowledged it, from any place. */
	acknowledged_by?: string | null;
	acknowledged_at?: string | null;
	/** Inhibition rules by which it is a parent while it is open. */
	parent_of?: ParentMark[] | null;
}

export interface TicketRepository {
	get(keys: readonly string[]): Promise<TicketState[]>;
	put(rows: readonly TicketState[]): Promise<void>;
	/** Open tickets, for inhibition rules. */
	open(): Promise<TicketState[]>;
}
