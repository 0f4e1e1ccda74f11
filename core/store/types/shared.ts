export interface SeenRepository {
	/**
	 * Marks event keys as seen, atomically across processes; returns those that were new. A key seen before `windowStart`
	 * counts as new again (content hashes: the same within 10 minutes of the first); without it once is for ever.
	 */
	mark(keys: readonly string[], now: string, windowStart?: string): Promise<string[]>;
	purge(before: string): Promise<number>;
}

export interface AuditRecord {
	at: string;
	actor: string;
	action: string;
	subject: string;
	details: Record<string, unknown>;
}

export interface AuditRepository {
	append(records: readonly AuditRecord[]): Promise<void>;
	list(filter: {
		subject?: string;
		action?: string;
		since?: string;
		limit?: number;
		offset?: number;
	}): Promise<Array<AuditRecord & { seq: number; hash: string }>>;
	/** Recomputes the chain; the first broken seq, or undefined where it is whole. */
	verify(): Promise<number | undefined>;
}

/** Small shared values: breaker and bucket states, the public URL, token refresh marks. */
export interface SharedRepository {
	/** With `now`, values that have run out are left out; without it they may still be in the answer. */
	get(keys: readonly string[], now?: string): Promise<Map<string, Record<string, unknown>>>;
	put(key: string, value: Record<string, unknown>, now: string, expiresAt?: string): Promise<void>;
	/** Read, change, write in one step that no other process interleaves with. `undefined` deletes. */
	change<T>(
		key: string,
		now: string,
		change: (value: Record<string, unknown> | undefined) => {
			value: Record<string, unknown> | undefined;
			result: T;
			expiresAt?: string;
		},
	): Promise<T>;
	/** True for the first caller within the time (owner is told once per cause and hour). */
	once(key: string, now: string, expiresAt: string): Promise<boolean>;
	purge(now: string): Promise<number>;
}
