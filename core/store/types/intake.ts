/** An accepted webhook event that waits for its run. */
export interface IntakeRow {
	id: string;
	workflow_id: string;
	node_id: string;
	event_id: string;
	ticket_key: string;
	urgent: boolean;
	item: Record<string, unknown>;
	status: 'queued' | 'leased' | 'done' | 'poison';
	attempts: number;
	lease_owner: string | null;
	lease_until: string | null;
	error: string | null;
	received_at: string;
	updated_at: string;
	seq: number;
}

export interface IntakeRepository {
	/** Commits the events; ids that are there already are not put twice. Returns the new ids. */
	put(rows: readonly IntakeRow[]): Promise<string[]>;
	/**
	 * Leases up to `limit` events of one node: order inside a ticket first, then urgent first (an urgent event lifts its
	 * ticket's earlier ones). A ticket with a leased event is left alone until that one is completed.
	 */
	lease(
		node: { workflow_id: string; node_id: string },
		owner: string,
		now: string,
		leaseUntil: string,
		limit: number,
		urgentOnly?: boolean,
	): Promise<IntakeRow[]>;
	renew(ids: readonly string[], owner: string, leaseUntil: string): Promise<void>;
	/** What an owner has leased and not begun goes back to the queue, as if it had not been leased. */
	giveBack(ids: readonly string[], owner: string): Promise<void>;
	complete(ids: readonly string[], now: string): Promise<void>;
	/**
	 * Back to the queue with one more attempt; at `maxAttempts` they become poison. Returns the poison ids. With an owner:
	 * what another one has leased meanwhile is left to that one.
	 */
	fail(
		ids: readonly string[],
		error: string,
		maxAttempts: number,
		now: string,
		owner?: string,
	): Promise<string[]>;
	/** What was set aside goes back to the queue, alone in its first run. Returns it. */
	retry(ids: readonly string[], now: string): Promise<IntakeRow[]>;
	/** Leases of an owner (a restarted process takes back its own) or expired ones go back to the queue. */
	release(filter: { owner?: string; expiredAt?: string }): Promise<number>;
	counts(node?: {
		workflow_id: string;
		node_id: string;
	}): Promise<{ queued: number; leased: number; poison: number }>;
	list(options: {
		status?: IntakeRow['status'];
		limit: number;
		offset?: number;
	}): Promise<IntakeRow[]>;
	purge(before: string): Promise<number>;
}
