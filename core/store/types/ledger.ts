import type { Delivery } from '../../events/delivery';

/**
 * The ledger: one row per delivery_id, from decision to outcome.
 * stage: decided (gate said send) | held | due (waiting for the Release Trigger: digest, retry, escalation)
 *   | emitted (handed to a workflow, leased) | sending (claimed by a sender, leased) | done.
 * status: pending | sent | delivered | failed | silenced | superseded | no_route.
 */
export interface LedgerRow {
	delivery_id: string;
	event_id: string;
	ticket_key: string;
	user_id: string;
	channel: string;
	purpose: string;
	stage: 'decided' | 'held' | 'due' | 'emitted' | 'sending' | 'done';
	status: 'pending' | 'sent' | 'delivered' | 'failed' | 'silenced' | 'superseded' | 'no_route';
	reason: string | null;
	/** What the last decision rests on. */
	facts: Record<string, unknown> | null;
	attempts: number;
	provider_message_id: string | null;
	provider_ref: Record<string, unknown> | null;
	error: Record<string, unknown> | null;
	possibly_duplicate: boolean;
	/** The whole delivery item, kept while it may be emitted again (due, emitted, sending, retry) and after for "why". */
	item: Delivery | null;
	due_at: string | null;
	lease_owner: string | null;
	lease_until: string | null;
	/** Order of the line: urgent before all, first messages before repeats. Lower goes first. */
	rank: number;
	latency_ms: number | null;
	test: boolean;
	created_at: string;
	updated_at: string;
	sent_at: string | null;
}

/** What of a row tells its place in the line of its ticket, person and channel. */
export type LineRow = Pick<
	LedgerRow,
	| 'delivery_id'
	| 'ticket_key'
	| 'user_id'
	| 'channel'
	| 'purpose'
	| 'stage'
	| 'reason'
	| 'facts'
	| 'rank'
	| 'due_at'
	| 'lease_until'
	| 'test'
	| 'created_at'
>;

export type ClaimResult =
	| { delivery_id: string; claimed: true; attempts: number; possibly_duplicate: boolean }
	| {
			delivery_id: string;
			claimed: false;
			why: 'already_sent' | 'claimed_elsewhere';
			row: LedgerRow;
	  };

export interface DeliveryFilter {
	user_id?: string;
	channel?: string;
	status?: string;
	ticket_key?: string;
	ticket_id?: string;
	event_id?: string;
	delivery_id?: string;
	/** The provider's own id of the message. */
	provider_message_id?: string;
	since?: string;
	until?: string;
	include_test?: boolean;
	limit?: number;
	offset?: number;
}

export interface DeliveryRepository {
	/** Inserts; an existing delivery_id keeps its row unless `overwrite`. Returns the ids that were new. */
	insert(rows: readonly LedgerRow[], options?: { overwrite?: boolean }): Promise<string[]>;
	get(ids: readonly string[]): Promise<LedgerRow[]>;
	/** Changes rows that are there, where `still` is given only those that it holds for now. Returns their ids. */
	update(
		rows: ReadonlyArray<Partial<LedgerRow> & { delivery_id: string }>,
		still?: (now: LedgerRow) => boolean,
	): Promise<string[]>;
	/**
	 * Claims for sending, atomically: absent, decided, due and emitted rows become `sending`; sent and delivered ones are
	 * refused `already_sent`; a running lease of another claim is refused `claimed_elsewhere`; an expired one is taken
	 * over and marked possibly_duplicate. `rows` are what to insert where there is none yet.
	 */
	claim(
		rows: readonly LedgerRow[],
		owner: string,
		now: string,
		leaseUntil: string,
	): Promise<ClaimResult[]>;
	/** Takes up to `limit` rows with stage due and due_at <= now (or emitted with an expired lease) for one process; they become emitted. */
	leaseDue(now: string, limit: number, owner: string, leaseUntil: string): Promise<LedgerRow[]>;
	/** What was handed out under this name has nobody any more (its process went down): it is due again at once. */
	takeBack(owner: string, now: string): Promise<number>;
	/** Decisions `send` and `hold` per user and channel since an instant (key `user_id|channel`), tests left out. */
	recentCounts(
		pairs: ReadonlyArray<{ user_id: string; channel: string }>,
		since: string,
	): Promise<Map<string, number>>;
	/** Which `ticket_key|user_id` pairs have had a message (sent or delivered). */
	told(pairs: ReadonlyArray<{ ticket_key: string; user_id: string }>): Promise<Set<string>>;
	/** Channels that carried this event to this person, whatever the purpose (sent or delivered): `event_id|user_id` -> channels. */
	carried(
		pairs: ReadonlyArray<{ event_id: string; user_id: string }>,
	): Promise<Map<string, string[]>>;
	/** Messages of these tickets that reached somebody and that their channel can change (they have a provider_ref). Tests left out. */
	editable(ticketKeys: readonly string[]): Promise<LedgerRow[]>;
	/** What waits to be sent or is being sent (due, emitted, sending) to these, tests left out; in order of `created_at`. */
	line(
		keys: ReadonlyArray<{ ticket_key: string; user_id: string; channel: string }>,
	): Promise<LineRow[]>;
	/** Rows stuck in decided, emitted or sending since before an instant, for the watchdog. */
	stuck(before: string, limit: number): Promise<LedgerRow[]>;
	/** Rows that were handed out or are being sent under a lease that has ended: their run died, or never got to them. */
	abandoned(now: string, limit: number): Promise<LedgerRow[]>;
	/** The earliest due_at of a due row, for the next timer. */
	nextDue(): Promise<string | undefined>;
	list(filter: DeliveryFilter): Promise<LedgerRow[]>;
}
