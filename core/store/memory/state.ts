import type { ChainedRecord } from '../audit-chain';
import { preferenceKeys } from '../keys';
import { coveredEvents, IN_FLIGHT, isCounted, isLeased, isReached } from '../rules';
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
import { SharedDocuments } from './shared-documents';
import { Table, type Journal } from './table';

export interface SharedRow {
	key: string;
	value: Record<string, unknown>;
	expires_at: string | null;
}

export interface SeenRow {
	key: string;
	at: string;
}

export interface PolicyRow {
	id: string;
	document: Record<string, unknown>;
}

export const pairOf = (first: string, second: string): string => `${first}|${second}`;

export const documentKey = (id: string, language: string): string => `${id}\n${language}`;

export const nodeOf = (row: { workflow_id: string; node_id: string }): string =>
	`${row.workflow_id}\n${row.node_id}`;

const live = <R extends { test: boolean }>(
	row: R,
	at: string | null | undefined,
): string | null | undefined => (row.test ? null : at);

/** All tables of one memory store. */
export class MemoryState {
	private lastSeq = 0;
	readonly documents = new SharedDocuments();
	readonly preferences;
	readonly templates;
	readonly policies;
	readonly presence;
	readonly silences;
	readonly tickets;
	readonly deliveries;
	readonly held;
	readonly groups;
	readonly chains;
	readonly inbox;
	readonly intake;
	readonly actions;
	readonly seen;
	readonly shared;
	readonly audit: ChainedRecord[] = [];
	currentPolicy: string | undefined;

	constructor(readonly journal: Journal) {
		this.preferences = new Table<StoredPreference, 'key'>(journal, {
			key: (row) => row.user_id,
			indexes: { key: (row) => preferenceKeys(row.document) },
		});
		this.templates = new Table<StoredDocument, 'id'>(journal, {
			key: (row) => documentKey(row.id, row.language),
			indexes: { id: (row) => row.id },
		});
		this.policies = new Table<PolicyRow>(journal, { key: (row) => row.id });
		this.presence = new Table<Presence>(journal, { key: (row) => row.user_id });
		this.silences = new Table<StoredSilence>(journal, { key: (row) => row.id });
		this.tickets = new Table<TicketState, 'open'>(journal, {
			key: (row) => row.ticket_key,
			indexes: { open: (row) => (row.open ? 'open' : undefined) },
		});
		this.deliveries = ledgerTable(journal);
		this.held = heldTable(journal);
		this.groups = new Table<GroupState, never, 'closes'>(journal, {
			key: (row) => row.group_key,
			timers: { closes: (row) => live(row, row.closes_at) },
		});
		this.chains = new Table<ChainState, never, 'due'>(journal, {
			key: (row) => row.ticket_key,
			timers: { due: (row) => live(row, row.due_at) },
		});
		this.inbox = new Table<InboxEntry, 'user'>(journal, {
			key: (row) => row.delivery_id,
			indexes: { user: (row) => row.user_id },
		});
		this.intake = new Table<IntakeRow, 'node' | 'status'>(journal, {
			key: (row) => row.id,
			indexes: {
				node: (row) => `${row.status}\n${nodeOf(row)}`,
				status: (row) => row.status,
			},
		});
		this.actions = new Table<ActionRow, 'ticket', 'due' | 'lease'>(journal, {
			key: (row) => row.id,
			indexes: { ticket: (row) => row.ticket_key },
			timers: {
				due: (row) => (row.status === 'queued' ? row.due_at : null),
				lease: (row) => (isLeased(row) ? row.lease_until : null),
			},
		});
		this.seen = new Table<SeenRow>(journal, { key: (row) => row.key });
		this.shared = new Table<SharedRow>(journal, { key: (row) => row.key });
	}

	nextSeq(): number {
		return ++this.lastSeq;
	}
}

function ledgerTable(journal: Journal) {
	return new Table<
		LedgerRow,
		'told' | 'carried' | 'counted' | 'user' | 'editable',
		'due' | 'lease' | 'in_flight'
	>(journal, {
		key: (row) => row.delivery_id,
		indexes: {
			told: (row) => pairOf(row.ticket_key, row.user_id),
			carried: (row) =>
				isReached(row) && !row.test
					? [row.event_id, ...coveredEvents(row)].map((id) => pairOf(id, row.user_id))
					: undefined,
			counted: (row) => (isCounted(row) ? pairOf(row.user_id, row.channel) : undefined),
			user: (row) => row.user_id,
			editable: (row) =>
				isReached(row) && !row.test && row.provider_ref !== null ? row.ticket_key : undefined,
		},
		timers: {
			due: (row) => (row.stage === 'due' ? live(row, row.due_at) : null),
			lease: (row) => (row.stage === 'emitted' ? live(row, row.lease_until) : null),
			in_flight: (row) =>
				IN_FLIGHT.some((stage) => stage === row.stage) ? live(row, row.updated_at) : null,
		},
	});
}

function heldTable(journal: Journal) {
	return new Table<HeldEntry, 'pair' | 'user' | 'ticket' | 'group' | 'kind', 'due'>(journal, {
		key: (row) => row.delivery_id,
		indexes: {
			pair: (row) => pairOf(row.user_id, row.channel),
			user: (row) => row.user_id,
			ticket: (row) => row.ticket_key,
			group: (row) => row.group_key ?? undefined,
			kind: (row) => row.kind,
		},
		timers: { due: (row) => live(row, row.due_at) },
	});
}
