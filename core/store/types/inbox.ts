/** One message in a person's in-app inbox. */
export interface InboxEntry {
	delivery_id: string;
	/** Whose inbox: the person's `user_id`, or the `address` of their `in_app` document. */
	user_id: string;
	/** `<source>:<ticket_id>` */
	ticket_key: string;
	title: string;
	severity: string;
	/** The channel's whole payload: title, text, fields, links, buttons, ticket. */
	payload: Record<string, unknown>;
	/** Null while unread. */
	read_at: string | null;
	test: boolean;
	created_at: string;
	/** Differs from `created_at` where it was edited in place. */
	updated_at: string;
}

export interface InboxFilter {
	user_id: string;
	unread_only?: boolean;
	/** Default 100. */
	limit?: number;
	offset?: number;
}

export interface InboxRepository {
	/** A `delivery_id` that is there keeps its entry. Returns the ids that were new. */
	put(rows: readonly InboxEntry[]): Promise<string[]>;
	get(ids: readonly string[]): Promise<InboxEntry[]>;
	/** Unread ones first, then newest first. */
	list(filter: InboxFilter): Promise<InboxEntry[]>;
	/** How many are unread per person; people without any are left out. */
	unread(userIds: readonly string[]): Promise<Map<string, number>>;
	/** Marks a person's entries as read, those of the ids or all. Returns the ids of those that were unread. */
	markRead(userId: string, ids: readonly string[] | 'all', now: string): Promise<string[]>;
	/** Edits in place: title, severity and payload. Who has read it has read it. False where there is no such entry. */
	update(
		id: string,
		change: Pick<InboxEntry, 'title' | 'severity' | 'payload'>,
		now: string,
	): Promise<boolean>;
	/** Removes entries by their ids, or all of these people. Returns how many. */
	remove(filter: { ids?: readonly string[]; user_ids?: readonly string[] }): Promise<number>;
	/** Removes what was put before an instant, read or not. */
	purge(before: string): Promise<number>;
}
