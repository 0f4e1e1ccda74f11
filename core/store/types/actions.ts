/**
 * What somebody asked to be done with a ticket, once per interaction.
 * status: queued (waits for `due_at`) | emitted (handed to a workflow, leased) | running (claimed by a node, leased)
 *   | done | failed (both final; `result` is what was answered).
 */
export interface ActionRow {
	/** The interaction's id. */
	id: string;
	ticket_key: string;
	status: 'queued' | 'emitted' | 'running' | 'done' | 'failed';
	/** The interaction item, as it is emitted again. */
	item: Record<string, unknown>;
	/** The last answer. */
	result: Record<string, unknown> | null;
	/** Steps that are written already: a retry goes on behind them. */
	steps: string[];
	/** An earlier try had no clear end: it may have written. */
	uncertain: boolean;
	attempts: number;
	due_at: string | null;
	lease_owner: string | null;
	lease_until: string | null;
	error: string | null;
	created_at: string;
	updated_at: string;
}

/** `row` is the row as it stands after the claim, or as the other holder left it. */
export interface ActionClaim {
	claimed: boolean;
	row: ActionRow;
}

export interface ActionRepository {
	/**
	 * Claims for carrying out, atomically: absent, queued and emitted rows become `running`; done and failed ones are
	 * refused, so is a running one with a lease; an expired lease is taken over and marked uncertain.
	 */
	claim(
		row: Pick<ActionRow, 'id' | 'ticket_key' | 'item'>,
		owner: string,
		now: string,
		leaseUntil: string,
	): Promise<ActionClaim>;
	/** Ends a claim with what came of it. False where the claim is no longer this owner's: nothing is written then. */
	settle(
		id: string,
		owner: string,
		change: Pick<ActionRow, 'status'> & Partial<Omit<ActionRow, 'id' | 'created_at'>>,
		now: string,
	): Promise<boolean>;
	get(ids: readonly string[]): Promise<ActionRow[]>;
	/** Takes up to `limit` rows that are due, or whose lease ran out, for one process; they become emitted. */
	leaseDue(now: string, limit: number, owner: string, leaseUntil: string): Promise<ActionRow[]>;
	/** What this owner was handed out (emitted) before it ended is due at once. Returns how many rows. */
	takeBack(owner: string, now: string): Promise<number>;
	/** The earliest instant at which a row is due or a lease runs out. */
	nextDue(): Promise<string | undefined>;
	/** Newest first. */
	list(filter: {
		ticket_key?: string;
		status?: ActionRow['status'];
		limit?: number;
		offset?: number;
	}): Promise<ActionRow[]>;
	/** Removes final rows that were last changed before an instant. */
	purge(before: string): Promise<number>;
}
