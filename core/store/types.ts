import type { Delivery } from '../events/delivery';
import type { NotificationEvent } from '../events/model';

/**
 * The one interface of all state. Instants are ISO 8601 UTC text with milliseconds (`Date.toISOString()`), so that
 * text order is time order on every backend. Every list read takes all keys at once: one query per run, not per item.
 */
export interface Store {
	readonly kind: 'memory' | 'sqlite' | 'postgres';
	preferences: PreferenceRepository;
	templates: DocumentRepository;
	policies: PolicyRepository;
	presence: PresenceRepository;
	silences: SilenceRepository;
	tickets: TicketRepository;
	deliveries: DeliveryRepository;
	held: HeldRepository;
	groups: GroupRepository;
	chains: ChainRepository;
	intake: IntakeRepository;
	seen: SeenRepository;
	audit: AuditRepository;
	shared: SharedRepository;
	/**
	 * Runs `work` in one transaction that no other process interleaves with on the given keys
	 * (SQLite: BEGIN IMMEDIATE; PostgreSQL: transaction + advisory locks taken in sorted order; memory: a queue).
	 * All reads and writes of `work` go through the store that it is handed.
	 */
	exclusive<T>(keys: readonly string[], work: (store: Store) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

/** A stored document as the user pasted it, with the fields that it is found by. */
export interface StoredPreference {
	user_id: string;
	/** The whole preference document. */
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
	/** The policy document (partial as saved; `{}` where none was saved) and its id, a hash of the content. */
	get(id?: string): Promise<{ id: string; document: Record<string, unknown> } | undefined>;
	/** Makes it the current one and keeps it by id, so that what was held under it can be released under it. */
	put(id: string, document: Record<string, unknown>, now: string): Promise<void>;
	/** Keeps a policy by id without making it the current one (a node's own settings). */
	keep(id: string, document: Record<string, unknown>, now: string): Promise<void>;
}

export interface Presence {
	user_id: string;
	status: 'available' | 'focused' | 'in_meeting' | 'dnd';
	/** Absent: until it is changed. */
	until?: string | null;
	updated_at: string;
}

export interface PresenceRepository {
	put(rows: readonly Presence[]): Promise<void>;
	get(userIds: readonly string[]): Promise<Presence[]>;
}

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

/** The last known state of a ticket: content of the newest event, never overwritten by an older one. */
export interface TicketState {
	/** `<source>:<ticket_id>` */
	ticket_key: string;
	open: boolean;
	status: string | null;
	urgent: boolean;
	event: NotificationEvent;
	/** The event's own timestamp. */
	updated_at: string;
	/** Set where somebody acknowledged it, from any place. */
	acknowledged_by?: string | null;
	acknowledged_at?: string | null;
}

export interface TicketRepository {
	get(keys: readonly string[]): Promise<TicketState[]>;
	put(rows: readonly TicketState[]): Promise<void>;
	/** Open tickets, for inhibition rules. */
	open(): Promise<TicketState[]>;
}

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
	update(rows: ReadonlyArray<Partial<LedgerRow> & { delivery_id: string }>): Promise<void>;
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
	/** Rows stuck in decided, emitted or sending since before an instant, for the watchdog. */
	stuck(before: string, limit: number): Promise<LedgerRow[]>;
	/** The earliest due_at of a due row, for the next timer. */
	nextDue(): Promise<string | undefined>;
	list(filter: DeliveryFilter): Promise<LedgerRow[]>;
}

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
	/** The last message's items, for repeat_interval. */
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
	complete(ids: readonly string[], now: string): Promise<void>;
	/** Back to the queue with one more attempt; at `maxAttempts` they become poison. Returns the poison ids. */
	fail(ids: readonly string[], error: string, maxAttempts: number, now: string): Promise<string[]>;
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
