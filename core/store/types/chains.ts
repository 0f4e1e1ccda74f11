/** One escalation chain per ticket. */
export interface ChainState {
	ticket_key: string;
	status: 'running' | 'acknowledged' | 'stopped' | 'finished';
	/** Next instant at which something is to be done; null where nothing is. */
	due_at: string | null;
	/** Frozen rules, event, people, steps fired, acknowledgement, reminder: the engine's own document. */
	data: Record<string, unknown>;
	test: boolean;
	started_at: string;
	updated_at: string;
}

export interface ChainRepository {
	get(ticketKeys: readonly string[]): Promise<ChainState[]>;
	put(rows: readonly ChainState[]): Promise<void>;
	due(now: string, limit: number): Promise<ChainState[]>;
	nextDue(): Promise<string | undefined>;
}
