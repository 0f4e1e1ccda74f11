import type { Delivery } from '../../events/delivery';

/** One aggregation group: Alertmanager's aggregation group, per recipient and channel. */
export interface GroupState {
	group_key: string;
	user_id: string;
	channel: string;
	/** The window that is open, or null where the group has been notified and nothing new came. */
	opened_at: string | null;
	closes_at: string | null;
	/** Entries in the open window. */
	count: number;
	/** The first flush: later flushes stand on the grid of group_interval from here. Null before it. */
	anchor_at: string | null;
	last_flush_at: string | null;
	/** Settings with which the window opened: it keeps them. */
	settings: Record<string, unknown>;
	/** Tickets of the group that are not resolved yet; the group ends when it is empty after a flush. */
	open_tickets: string[];
	/** The latest told of each open ticket, for repeat_interval; null where nothing is repeated. */
	last_items: Delivery[] | null;
	policy_id: string | null;
	test: boolean;
	updated_at: string;
}

export interface GroupRepository {
	get(keys: readonly string[]): Promise<GroupState[]>;
	put(rows: readonly GroupState[]): Promise<void>;
	remove(keys: readonly string[]): Promise<void>;
	/** Groups whose window closes (or repeat is due) at or before now. */
	due(now: string, limit: number): Promise<GroupState[]>;
	nextDue(): Promise<string | undefined>;
	count(): Promise<number>;
}
