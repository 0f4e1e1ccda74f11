import type { Delivery } from '../../events/delivery';

/** What waits: one entry per delivery. kind tells who lets it go. */
export interface HeldEntry {
	delivery_id: string;
	kind: 'group' | 'batch' | 'state' | 'silence' | 'inhibited';
	/** Only for kind group. */
	group_key: string | null;
	user_id: string;
	channel: string;
	ticket_key: string;
	event_id: string;
	/** When it is to be looked at again; null: only when something changes (dnd without an end). */
	due_at: string | null;
	item: Delivery;
	reason: string;
	policy_id: string | null;
	test: boolean;
	/** Order of arrival, rising; set by the store when 0. */
	seq: number;
	created_at: string;
}

export interface HeldRepository {
	put(rows: readonly HeldEntry[]): Promise<void>;
	get(ids: readonly string[]): Promise<HeldEntry[]>;
	/** All entries of these people and channels (key pairs), oldest first. */
	of(pairs: ReadonlyArray<{ user_id: string; channel: string }>): Promise<HeldEntry[]>;
	ofTickets(ticketKeys: readonly string[]): Promise<HeldEntry[]>;
	ofGroups(groupKeys: readonly string[]): Promise<HeldEntry[]>;
	/** People and channels that have an entry due, oldest due first. Tests left out. */
	duePairs(now: string, limit: number): Promise<Array<{ user_id: string; channel: string }>>;
	remove(ids: readonly string[]): Promise<void>;
	/** Makes entries of these kinds due now: something that they wait for has changed. Returns how many. */
	touch(
		filter: {
			user_ids?: readonly string[];
			ticket_keys?: readonly string[];
			kinds: ReadonlyArray<HeldEntry['kind']>;
		},
		now: string,
	): Promise<number>;
	nextDue(): Promise<string | undefined>;
	count(): Promise<number>;
}
