import type { ChainedRecord } from '../audit-chain';
import type {
	ActionRow,
	ChainState,
	GroupState,
	HeldEntry,
	InboxEntry,
	IntakeRow,
	LedgerRow,
	Presence,
	StoredDocument,
	StoredPreference,
	StoredSilence,
	TicketState,
} from '../types';
import { Codec, type Stored } from './codec';
import { sharedDocument } from './shared-document';

type StoredLedger = Stored<
	LedgerRow,
	'facts' | 'provider_ref' | 'error' | 'item',
	'possibly_duplicate' | 'test'
>;

/** The tables; columns beside the contract's are what a row is found by. */
export interface Schema {
	meta: { key: string; value: string };
	counters: { name: string; value: number };
	preferences: Stored<StoredPreference, 'document'> & { search: string };
	preference_keys: { key: string; user_id: string };
	templates: Stored<StoredDocument, 'document'>;
	policies: { id: string; document: string; saved_at: string };
	presence: Stored<Presence, never>;
	silences: Stored<StoredSilence, 'matchers', 'confirmed'>;
	tickets: Stored<TicketState, 'event' | 'parent_of', 'open' | 'urgent'> & { event_at: string };
	deliveries: StoredLedger & { ticket_id: string };
	delivery_events: { event_id: string; user_id: string; delivery_id: string };
	held: Stored<HeldEntry, 'item', 'test'>;
	groups: Stored<GroupState, 'settings' | 'open_tickets' | 'last_items', 'test'>;
	chains: Stored<ChainState, 'data', 'test'>;
	inbox: Stored<InboxEntry, 'payload', 'test'>;
	intake: Stored<IntakeRow, 'item', 'urgent'>;
	actions: Stored<ActionRow, 'item' | 'result' | 'steps', 'uncertain'>;
	seen: { key: string; seen_at: string };
	shared: { key: string; value: string; updated_at: string; expires_at: string | null };
	audit: Stored<ChainedRecord, 'details'>;
}

export const preferenceCodec = new Codec<StoredPreference, 'document'>(
	['user_id', 'document', 'updated_at'],
	['document'],
	[],
	sharedDocument,
);

export const templateCodec = new Codec<StoredDocument, 'document'>(
	['id', 'language', 'document', 'updated_at'],
	['document'],
	[],
	sharedDocument,
);

export const presenceCodec = new Codec<Presence, never>(
	['user_id', 'status', 'until', 'updated_at'],
	[],
);

export const silenceCodec = new Codec<StoredSilence, 'matchers', 'confirmed'>(
	[
		'id',
		'matchers',
		'starts_at',
		'ends_at',
		'author',
		'comment',
		'confirmed',
		'ended_at',
		'updated_at',
	],
	['matchers'],
	['confirmed'],
);

export const ticketCodec = new Codec<TicketState, 'event' | 'parent_of', 'open' | 'urgent'>(
	[
		'ticket_key',
		'open',
		'status',
		'urgent',
		'event',
		'updated_at',
		'acknowledged_by',
		'acknowledged_at',
		'parent_of',
	],
	['event', 'parent_of'],
	['open', 'urgent'],
);

export const LEDGER_COLUMNS = [
	'delivery_id',
	'event_id',
	'ticket_key',
	'user_id',
	'channel',
	'purpose',
	'stage',
	'status',
	'reason',
	'facts',
	'attempts',
	'provider_message_id',
	'provider_ref',
	'error',
	'possibly_duplicate',
	'item',
	'due_at',
	'lease_owner',
	'lease_until',
	'rank',
	'latency_ms',
	'test',
	'created_at',
	'updated_at',
	'sent_at',
] as const satisfies ReadonlyArray<keyof LedgerRow>;

export const ledgerCodec = new Codec<
	LedgerRow,
	'facts' | 'provider_ref' | 'error' | 'item',
	'possibly_duplicate' | 'test'
>(LEDGER_COLUMNS, ['facts', 'provider_ref', 'error', 'item'], ['possibly_duplicate', 'test']);

export const heldCodec = new Codec<HeldEntry, 'item', 'test'>(
	[
		'delivery_id',
		'kind',
		'group_key',
		'user_id',
		'channel',
		'ticket_key',
		'event_id',
		'due_at',
		'item',
		'reason',
		'policy_id',
		'test',
		'seq',
		'created_at',
	],
	['item'],
	['test'],
);

export const groupCodec = new Codec<GroupState, 'settings' | 'open_tickets' | 'last_items', 'test'>(
	[
		'group_key',
		'user_id',
		'channel',
		'opened_at',
		'closes_at',
		'count',
		'anchor_at',
		'last_flush_at',
		'settings',
		'open_tickets',
		'last_items',
		'policy_id',
		'test',
		'updated_at',
	],
	['settings', 'open_tickets', 'last_items'],
	['test'],
);

export const chainCodec = new Codec<ChainState, 'data', 'test'>(
	['ticket_key', 'status', 'due_at', 'data', 'test', 'started_at', 'updated_at'],
	['data'],
	['test'],
);

export const inboxCodec = new Codec<InboxEntry, 'payload', 'test'>(
	[
		'delivery_id',
		'user_id',
		'ticket_key',
		'title',
		'severity',
		'payload',
		'read_at',
		'test',
		'created_at',
		'updated_at',
	],
	['payload'],
	['test'],
);

export const intakeCodec = new Codec<IntakeRow, 'item', 'urgent'>(
	[
		'id',
		'workflow_id',
		'node_id',
		'event_id',
		'ticket_key',
		'urgent',
		'item',
		'status',
		'attempts',
		'lease_owner',
		'lease_until',
		'error',
		'received_at',
		'updated_at',
		'seq',
	],
	['item'],
	['urgent'],
);

export const ACTION_COLUMNS = [
	'id',
	'ticket_key',
	'status',
	'item',
	'result',
	'steps',
	'uncertain',
	'attempts',
	'due_at',
	'lease_owner',
	'lease_until',
	'error',
	'created_at',
	'updated_at',
] as const satisfies ReadonlyArray<keyof ActionRow>;

export const actionCodec = new Codec<ActionRow, 'item' | 'result' | 'steps', 'uncertain'>(
	ACTION_COLUMNS,
	['item', 'result', 'steps'],
	['uncertain'],
);

export const auditCodec = new Codec<ChainedRecord, 'details'>(
	[
		'seq',
		'at',
		'actor',
		'action',
		'subject',
		'details',
		'hash_key',
		'actor_hash',
		'subject_hash',
		'details_hash',
		'prev_hash',
		'hash',
	],
	['details'],
);
