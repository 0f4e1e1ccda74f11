import type { PreferenceRepository, DocumentRepository, PolicyRepository } from './types/documents';
import type { PresenceRepository } from './types/people';
import type { SilenceRepository } from './types/silences';
import type { TicketRepository } from './types/tickets';
import type { DeliveryRepository } from './types/ledger';
import type { HeldRepository } from './types/held';
import type { GroupRepository } from './types/groups';
import type { ChainRepository } from './types/chains';
import type { InboxRepository } from './types/inbox';
import type { IntakeRepository } from './types/intake';
import type { ActionRepository } from './types/actions';
import type { SeenRepository, AuditRepository, SharedRepository } from './types/shared';

export type * from './types/documents';
export type * from './types/people';
export type * from './types/silences';
export type * from './types/tickets';
export type * from './types/ledger';
export type * from './types/held';
export type * from './types/groups';
export type * from './types/chains';
export type * from './types/inbox';
export type * from './types/intake';
export type * from './types/actions';
export type * from './types/shared';

/**
 * The one interface of all state. Instants are ISO 8601 UTC text with milliseconds (`Date.toISOString()`), so that
 * text order is time order on every backend. Every list read takes all keys at once: one query per run, not per item.
 */
export interface Store {
	readonly kind: 'memory' | 'sqlite' | 'postgres';
	/** The same object for all stores that this process has opened on one place, also inside `exclusive`. */
	readonly place: object;
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
	inbox: InboxRepository;
	intake: IntakeRepository;
	actions: ActionRepository;
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
