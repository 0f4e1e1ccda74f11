import type { Permissions } from '../actions';
import { shownName, type ItsmPerson, type ItsmTicket, type Plan } from '../itsm';
import type { Policy } from '../preferences/policy';
import type { InteractionResult } from './result';

/** A ticket as an item shows it. */
export interface TicketView {
	id: string;
	number: string | null;
	title: string;
	status: string | null;
	native_status: string;
	assignee: string | null;
	/** All names of the assignee. */
	person: ItsmPerson | null;
	priority: string | null;
	group: string | null;
	url: string | null;
	version: string;
}

/** `result` of an item that leaves ITSM Ticket. */
export interface ActionResult extends InteractionResult {
	before: TicketView | null;
	after?: TicketView;
	/** What was written: `fields`, `comment`. */
	steps: string[];
	attempts: number;
	/** The action had ended before; this is its result of then. */
	repeated?: boolean;
	/** A later try may succeed, and nobody has queued one. */
	retryable?: boolean;
	/** When a queued action is tried again. */
	due_at?: string;
}

export interface ActOptions {
	/** Names this run in leases. */
	owner: string;
	now(): number;
	sleep(ms: number): Promise<void>;
	random(): number;
	/**
	 * `live`: once per interaction, queued where the system is down. `once`: for a workflow's own action, neither claimed
	 * nor queued. `test`: as `once`, and nothing of it is remembered.
	 */
	mode: 'live' | 'once' | 'test';
	retry: Policy['retry'];
	/** Asks whether the person may do this; off for what a workflow does by itself. */
	checkPermission: boolean;
	permissions?: Permissions;
	/** Comments are seen by the requester. */
	publicComments?: boolean;
	/** Whose ticket it is after an acknowledgement: the person's if it was nobody's, in any case, or as before. */
	takeOver?: 'unassigned' | 'always' | 'never';
	/** Epoch ms after which no further try begins. */
	deadline: number;
}

/** What is kept between tries. */
export interface Progress {
	before: TicketView | null;
	plan: Plan | null;
	steps: string[];
	uncertain: boolean;
	/** When the first try began, ISO. */
	since: string;
}

export const viewOf = (ticket: ItsmTicket): TicketView => ({
	id: ticket.id,
	number: ticket.number,
	title: ticket.title,
	status: ticket.status,
	native_status: ticket.native_status,
	assignee: shownName(ticket.assignee),
	person: ticket.assignee,
	priority: ticket.priority,
	group: ticket.group,
	url: ticket.url,
	version: ticket.version,
});
