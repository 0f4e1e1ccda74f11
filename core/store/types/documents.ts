/** A stored document as the user pasted it, with the fields that it is found by. */
export interface StoredPreference {
	user_id: string;
	/** The whole preference document; frozen where it was read from the store. */
	document: Record<string, unknown>;
	updated_at: string;
}

export interface PreferenceRepository {
	/** Creates or replaces by `user_id`. Keys (username, addresses, identities, groups) are taken from the document. */
	put(rows: readonly StoredPreference[]): Promise<void>;
	get(userIds: readonly string[]): Promise<StoredPreference[]>;
	/**
	 * Everybody whom one of the keys names. Keys are `user:<id>`, `username:<name>`, `address:<any address>`,
	 * `identity:<source>:<id>`, `group:<name>`; all lower-cased. See preferenceKeys().
	 */
	find(keys: readonly string[]): Promise<Array<StoredPreference & { key: string }>>;
	list(options: { limit: number; offset?: number; search?: string }): Promise<StoredPreference[]>;
	delete(userIds: readonly string[]): Promise<number>;
}

export interface StoredDocument {
	id: string;
	/** BCP 47 or `''` where the document names none. */
	language: string;
	/** Frozen where it was read from the store. */
	document: Record<string, unknown>;
	updated_at: string;
}

export interface DocumentRepository {
	put(rows: readonly StoredDocument[]): Promise<void>;
	get(id: string, language?: string): Promise<StoredDocument | undefined>;
	/** All documents, newest first: there are tens of them, so renderers read all at once. */
	list(options?: { limit?: number; offset?: number }): Promise<StoredDocument[]>;
	delete(id: string, language?: string): Promise<number>;
}

export interface PolicyRepository {
	/** The policy document (frozen; partial as saved; `{}` where none was saved) and its id, a hash of the content. */
	get(id?: string): Promise<{ id: string; document: Record<string, unknown> } | undefined>;
	/** Makes it the current one and keeps it by id, so that what was held under it can be released under it. */
	put(id: string, document: Record<string, unknown>, now: string): Promise<void>;
	/** Keeps a policy by id without making it the current one (a node's own settings). */
	keep(id: string, document: Record<string, unknown>, now: string): Promise<void>;
}
