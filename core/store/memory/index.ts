import type { Store } from '../types';
import { MemoryActions } from './actions';
import { MemoryAudit } from './audit';
import type { MemoryContext } from './context';
import { MemoryDeliveries } from './deliveries';
import { MemoryDocuments, MemoryPolicies } from './documents';
import { MemoryGroups } from './groups';
import { MemoryHeld } from './held';
import { MemoryInbox } from './inbox';
import { MemoryIntake } from './intake';
import { Lane, type Session } from './lane';
import { MemoryPreferences, MemoryPresence } from './people';
import { MemorySeen, MemoryShared } from './shared';
import { MemorySilences } from './silences';
import { MemoryState } from './state';
import { MemoryChains, MemoryTickets } from './tickets';

/**
 * A store that lives as long as the object: for simulation and tests. Everything put in and read out is a copy
 * (documents of people, templates and policies are frozen instead), so no caller sees another's mutations.
 */
export function createMemoryStore(): Store {
	const lane = new Lane();
	return new MemoryStore(lane, new MemoryState(lane.journal));
}

class MemoryStore implements Store {
	readonly kind = 'memory';
	readonly place: object;
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
		private readonly lane: Lane,
		private readonly state: MemoryState,
		private readonly session?: Session,
	) {
		this.place = state;
		const context: MemoryContext = { state, step: (work) => lane.step(work, session) };
		this.preferences = new MemoryPreferences(context);
		this.templates = new MemoryDocuments(context);
		this.policies = new MemoryPolicies(context);
		this.presence = new MemoryPresence(context);
		this.silences = new MemorySilences(context);
		this.tickets = new MemoryTickets(context);
		this.deliveries = new MemoryDeliveries(context);
		this.held = new MemoryHeld(context);
		this.groups = new MemoryGroups(context);
		this.chains = new MemoryChains(context);
		this.inbox = new MemoryInbox(context);
		this.intake = new MemoryIntake(context);
		this.actions = new MemoryActions(context);
		this.seen = new MemorySeen(context);
		this.audit = new MemoryAudit(context);
		this.shared = new MemoryShared(context);
	}

	async exclusive<T>(_keys: readonly string[], work: (store: Store) => Promise<T>): Promise<T> {
		return this.lane.exclusive(
			async (session) =>
				work(session === this.session ? this : new MemoryStore(this.lane, this.state, session)),
			this.session,
		);
	}

	async close(): Promise<void> {
		// Nothing to give back: the garbage collector takes it.
	}
}
