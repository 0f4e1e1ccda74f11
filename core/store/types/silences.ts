export interface StoredSilence {
	id: string;
	matchers: string[];
	starts_at: string;
	ends_at: string;
	author: string;
	comment: string;
	confirmed: boolean;
	/** Set when it was ended early: it never comes back. */
	ended_at?: string | null;
	updated_at: string;
}

export interface SilenceRepository {
	put(silence: StoredSilence): Promise<void>;
	get(id: string): Promise<StoredSilence | undefined>;
	/** Those with starts_at <= now < ends_at and not ended. */
	active(now: string): Promise<StoredSilence[]>;
	list(options?: { limit?: number; offset?: number }): Promise<StoredSilence[]>;
	/** Returns false where there is no such running silence. */
	end(id: string, now: string): Promise<boolean>;
}
