import { caught } from '../errors';
import { ticketKey } from '../events/ids';
import type { Delivery } from '../events/delivery';
import { effective, type EffectivePreference } from '../preferences/merge';
import { parseMatchers, type Matcher } from '../preferences/matchers';
import type { Policy } from '../preferences/policy';
import type { GroupState, HeldEntry, Presence, Store, TicketState } from '../store/types';
import { parseDuration } from '../time/duration';
import { HeldIndex } from './held-index';
import { parentBy } from './parents';
import type { GateView, InhibitionRule } from './types';
import { groupKey } from './window';

export interface LoadOptions {
	policy: Policy;
	now: number;
	testId?: string;
	aggregationInvalid?: string;
	/** Groups to read besides those that the deliveries would join. */
	groups?: readonly string[];
}

/** A view with its maps, so that a run can note what it has changed before it decides the next one. */
export interface LoadedView extends GateView {
	setGroup(group: GroupState): void;
	setHeld(entry: HeldEntry): void;
	dropHeld(ids: readonly string[]): void;
	noteRecent(userId: string, channel: string): void;
	noteSilent(eventId: string, userId: string): void;
}

const pairKey = (userId: string, channel: string): string => `${userId}|${channel}`;

/** Reads everything that decisions on these deliveries may rest on: one query per kind of state. */
export async function loadView(
	store: Store,
	deliveries: readonly Delivery[],
	options: LoadOptions,
): Promise<LoadedView> {
	const { policy, now, testId } = options;
	const nowIso = new Date(now).toISOString();
	const userIds = [...new Set(deliveries.map((d) => d.recipient.user_id))];
	const pairs = unique(
		deliveries.map((d) => ({ user_id: d.recipient.user_id, channel: d.channel })),
		(p) => pairKey(p.user_id, p.channel),
	);
	const tickets = [...new Set(deliveries.map((d) => ticketKey(d.event)))];
	const groupKeys = [
		...new Set([
			...(options.groups ?? []),
			...deliveries.map((d) => groupKey(d, policy.aggregation.group_by, testId ?? '')),
		]),
	];
	const since = new Date(
		now - parseDuration(policy.aggregation.recent_window, 'aggregation.recent_window'),
	).toISOString();

	const documents = await store.preferences.get(userIds);
	const presences = await store.presence.get(userIds);
	const silences = await store.silences.active(nowIso);
	const groups = await store.groups.get(groupKeys);
	const recent = await store.deliveries.recentCounts(pairs, since);
	const held = [
		...(await store.held.ofTickets(tickets)),
		...(await store.held.get(deliveries.map((d) => d.delivery_id))),
		...(await store.held.ofGroups(nearlyFull(groups, deliveries.length))),
	];
	const ticketStates = await store.tickets.get([
		...new Set([
			...tickets,
			...groups.flatMap((g) => g.open_tickets),
			...held.map((h) => h.ticket_key),
		]),
	]);
	const told = await store.deliveries.told(
		unique(
			deliveries.map((d) => ({ ticket_key: ticketKey(d.event), user_id: d.recipient.user_id })),
			(p) => `${p.ticket_key}|${p.user_id}`,
		),
	);
	const inhibitors = await loadInhibitors(store, policy);

	const documentOf = new Map(documents.map((row) => [row.user_id, row.document]));
	const recipientOf = new Map(deliveries.map((d) => [d.recipient.user_id, d]));
	const preferenceCache = new Map<string, EffectivePreference>();
	const presenceOf = new Map<string, Presence>(presences.map((p) => [p.user_id, p]));
	const ticketOf = new Map<string, TicketState>(ticketStates.map((t) => [t.ticket_key, t]));
	const groupOf = new Map<string, GroupState>(groups.map((g) => [g.group_key, g]));
	const silent = new Set<string>();
	const heldIndex = new HeldIndex();
	for (const entry of held) if (entry.test === (testId !== undefined)) heldIndex.set(entry);

	return {
		now,
		policy,
		silences: silences.map((silence) => ({ silence, matchers: parseMatchers(silence.matchers) })),
		inhibitors,
		aggregationInvalid: options.aggregationInvalid,
		preferenceOf(userId, channel) {
			let preference = preferenceCache.get(userId);
			if (!preference) {
				const fallback = unknownPerson(userId, channel, recipientOf.get(userId));
				// Documents that did not come from the store travel with the delivery.
				const carried = recipientOf.get(userId)?.preference as Record<string, unknown> | undefined;
				preference = readPreference(carried ?? documentOf.get(userId), fallback, policy);
				preferenceCache.set(userId, preference);
			}
			return preference;
		},
		presenceOf: (userId) => presenceOf.get(userId),
		ticketOf: (key) => ticketOf.get(key),
		groupOf: (key) => groupOf.get(key),
		heldById: (id) => heldIndex.get(id),
		heldForTicket: (userId, key) => heldIndex.ofTicket(userId, key),
		heldOfGroup: (key) => heldIndex.ofGroup(key),
		recentCount: (userId, channel) => recent.get(pairKey(userId, channel)) ?? 0,
		wasTold: (key, userId) => told.has(`${key}|${userId}`),
		saysNothing: (eventId, userId) => silent.has(`${eventId}|${userId}`),
		setGroup: (group) => void groupOf.set(group.group_key, group),
		setHeld: (entry) => heldIndex.set(entry),
		noteSilent: (eventId, userId) => void silent.add(`${eventId}|${userId}`),
		dropHeld: (ids) => ids.forEach((id) => heldIndex.delete(id)),
		noteRecent(userId, channel) {
			const key = pairKey(userId, channel);
			recent.set(key, (recent.get(key) ?? 0) + 1);
		},
	};
}

/** Groups that this run may fill: only their entries are needed whole. */
function nearlyFull(groups: readonly GroupState[], more: number): string[] {
	return groups
		.filter((g) => g.opened_at !== null && g.count + more >= Number(g.settings.max_items))
		.map((g) => g.group_key);
}

async function loadInhibitors(store: Store, policy: Policy): Promise<InhibitionRule[]> {
	if (policy.silence.inhibition.length === 0) return [];
	const open = await store.tickets.open();
	return policy.silence.inhibition.map((rule) => {
		const source: Matcher[] = parseMatchers(rule.source);
		const target: Matcher[] = parseMatchers(rule.target);
		const parents = new Map<string, Array<{ ticket_key: string; matchesTarget: boolean }>>();
		for (const ticket of open) {
			const found = parentBy(rule, ticket);
			if (!found) continue;
			parents.set(found.equal, [
				...(parents.get(found.equal) ?? []),
				{ ticket_key: ticket.ticket_key, matchesTarget: found.matches_target },
			]);
		}
		return { source, target, equal: rule.equal, parents };
	});
}

/** A document that has been broken meanwhile must not stop the others: the resolver reports it, here the defaults hold. */
function readPreference(
	document: Record<string, unknown> | undefined,
	fallback: Record<string, unknown>,
	policy: Policy,
): EffectivePreference {
	if (document === undefined) return effective(fallback, policy);
	const read = caught(() => effective(document, policy));
	return read.ok ? read.value : effective(fallback, policy);
}

/** Somebody without a document (mail address from the event): the defaults, with the zone that the resolver gave. */
function unknownPerson(
	userId: string,
	channel: string,
	delivery: Delivery | undefined,
): Record<string, unknown> {
	return {
		user_id: userId,
		notification_preferences: {
			channels: [channel],
			[channel]: { ...(delivery?.address ?? {}), categories: ['all'] },
		},
		...(delivery?.recipient.timezone ? { timezone: delivery.recipient.timezone } : {}),
		...(delivery?.recipient.language ? { language: delivery.recipient.language } : {}),
	};
}

function unique<T>(rows: readonly T[], key: (row: T) => string): T[] {
	return [...new Map(rows.map((row) => [key(row), row])).values()];
}
