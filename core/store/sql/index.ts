import type { Store } from '../types';
import { SqlActions } from './actions';
import { SqlAudit } from './audit';
import { SqlDeliveries } from './deliveries';
import { SqlDocuments, SqlPolicies } from './documents';
import { SqlGroups } from './groups';
import type { Handle } from './handle';
import { SqlHeld } from './held';
import { SqlInbox } from './inbox';
import { SqlIntake } from './intake';
import { SqlPreferences, SqlPresence } from './people';
import { SqlSeen, SqlShared } from './shared';
import { SqlSilences } from './silences';
import { SqlChains, SqlTickets } from './tickets';

/** The store on a database; one that is handed over by `exclusive` works inside its transaction. */
export class SqlStore implements Store {
	readonly kind;
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
	readonly audit;
	readonly shared;

	constructor(
		private readonly handle: Handle,
		private readonly onClose: () => Promise<void> = async () => undefined,
		readonly place: object = handle,
	) {
		this.kind = handle.kind;
		this.preferences = new SqlPreferences(handle);
		this.templates = new SqlDocuments(handle);
		this.policies = new SqlPolicies(handle);
		this.presence = new SqlPresence(handle);
		this.silences = new SqlSilences(handle);
		this.tickets = new SqlTickets(handle);
		this.deliveries = new SqlDeliveries(handle);
		this.held = new SqlHeld(handle);
		this.groups = new SqlGroups(handle);
		this.chains = new SqlChains(handle);
		this.inbox = new SqlInbox(handle);
		this.intake = new SqlIntake(handle);
		this.actions = new SqlActions(handle);
		this.seen = new SqlSeen(handle);
		this.audit = new SqlAudit(handle);
		this.shared = new SqlShared(handle);
	}

	async exclusive<T>(keys: readonly string[], work: (store: Store) => Promise<T>): Promise<T> {
		return this.handle.transaction(keys, async (inside) =>
			work(inside === this.handle ? this : new SqlStore(inside, undefined, this.place)),
		);
	}

	async close(): Promise<void> {
		await this.onClose();
	}
}
