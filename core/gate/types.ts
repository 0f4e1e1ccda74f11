import type { Decision, Delivery } from '../events/delivery';
import type { Policy } from '../preferences/policy';
import type { EffectivePreference } from '../preferences/merge';
import type { Matcher } from '../preferences/matchers';
import type { GroupState, HeldEntry, Presence, StoredSilence, TicketState } from '../store/types';

/** Window settings in milliseconds, frozen into a group when its window opens. */
export interface WindowSettings {
	group_wait: number;
	group_interval: number;
	repeat_interval: number | null;
	max_items: number;
	sliding: boolean;
	max_wait: number;
}

/** Everything that one decision may rest on, read in bulk beforehand. `now` is epoch milliseconds. */
export interface GateView {
	now: number;
	policy: Policy;
	silences: ReadonlyArray<{ silence: StoredSilence; matchers: Matcher[] }>;
	inhibitors: readonly InhibitionRule[];
	preferenceOf(userId: string, channel: string): EffectivePreference;
	presenceOf(userId: string): Presence | undefined;
	ticketOf(ticketKey: string): TicketState | undefined;
	groupOf(groupKey: string): GroupState | undefined;
	/** Held entries, in order of arrival, with what this run has added. */
	heldById(deliveryId: string): HeldEntry | undefined;
	heldForTicket(userId: string, ticketKey: string): readonly HeldEntry[];
	heldOfGroup(groupKey: string): readonly HeldEntry[];
	recentCount(userId: string, channel: string): number;
	wasTold(ticketKey: string, userId: string): boolean;
	/** Whether this run has found that this event says nothing to this person: it says nothing on their other channels. */
	saysNothing(eventId: string, userId: string): boolean;
	/** Set where the run's own window settings cannot be read: aggregation then lets items through (RA7). */
	aggregationInvalid?: string;
}

export interface InhibitionRule {
	source: readonly Matcher[];
	target: readonly Matcher[];
	equal: readonly string[];
	/** Open tickets that match the source side, by their equal values. */
	parents: ReadonlyMap<string, ReadonlyArray<{ ticket_key: string; matchesTarget: boolean }>>;
}

/** Why something may not go now; `until` null: only a change lets it go. */
export interface Block {
	kind: 'silence' | 'inhibited' | 'state';
	reason: string;
	until: number | null;
	facts: Record<string, unknown>;
}

/** A decision and what it does to the state. Pure data: the caller writes it. */
export type Verdict =
	| { action: 'send'; decision: Decision; absorbs: readonly HeldEntry[]; flush?: GroupState }
	| {
			action: 'hold';
			decision: Decision;
			kind: HeldEntry['kind'];
			due: number | null;
			group?: GroupState;
	  }
	| { action: 'silence'; decision: Decision; removes: readonly HeldEntry[] };

export interface GateResult {
	send: Delivery[];
	held: Delivery[];
	silenced: Delivery[];
	/** Held before this run, and let go of without a word: their tickets were resolved before anybody was told. */
	unsaid: Delivery[];
}
