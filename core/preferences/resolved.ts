import type { Delivery } from '../events/delivery';
import type { NotificationEvent } from '../events/model';
import type { Store } from '../store/types';
import type { Policy } from './policy';
import type { Role } from './roles';
import type { ChannelReason } from './route';

export type NoRouteReason =
	| ChannelReason
	| 'no_user'
	| 'unknown_person'
	| 'inactive'
	| 'invalid_preferences'
	| 'actor_not_notified';

export interface NoRoute {
	event: NotificationEvent;
	/** `user_id` null where nobody is known by it; `name` is then what the event calls them. */
	recipient: { user_id: string | null; name: string | null; role: Role | null };
	reason: NoRouteReason;
	details: Record<string, unknown>;
}

export interface ResolveWarning {
	code: string;
	field?: string;
	message: string;
	user_id?: string;
}

export interface ResolveOptions {
	store?: { preferences: Pick<Store['preferences'], 'find'> };
	/** Preference documents from a second input or JSON: the store is then not asked. */
	documents?: ReadonlyArray<Record<string, unknown>>;
	policy: Policy;
	now: Date;
	knownChannels: readonly string[];
}

export interface ResolveResult {
	/** By event, then person, then channel in the person's order. */
	deliveries: Delivery[];
	/** Deliveries to a channel that is not there: `status.status` is `failed`, `unsupported_channel` (RN2). */
	unsupported: Delivery[];
	/** One per event and person that gets nothing. */
	noRoute: NoRoute[];
	/** Listed channels that were passed over: the record of RP3. */
	skipped: Array<{
		event_id: string;
		user_id: string;
		channel: string;
		reason: 'no_address' | 'disabled';
	}>;
	warnings: ResolveWarning[];
}
