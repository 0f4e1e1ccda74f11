import { ticketKey } from '../events/ids';
import type { Decision, Delivery } from '../events/delivery';
import { isOfType, type NotificationEvent } from '../events/model';
import type { EffectivePreference } from '../preferences/merge';
import type { Policy } from '../preferences/policy';
import { isUrgent } from '../strategy/priority';
import type { GroupState, HeldEntry, TicketState } from '../store/types';
import { nextDaily } from '../time/daily';
import { blockedBy } from './blocked';
import type { GateCode } from './codes';
import type { GateView, Verdict, WindowSettings } from './types';
import { groupKey, joinWindow, newGroup, windowSettings } from './window';

export interface DecideOptions {
	policyId: string | null;
	/** Mixed into group keys of test runs, so that they never meet live groups. */
	testId?: string;
}

/** The one decision: what becomes of this delivery now. Pure: reads the view, returns what is to be written. */
export function decide(view: GateView, delivery: Delivery, options: DecideOptions): Verdict {
	const { event } = delivery;
	const key = ticketKey(event);
	const person = view.preferenceOf(delivery.recipient.user_id, delivery.channel);
	const urgent = isUrgent(event, view.policy);
	const mandatory = isMandatory(view.policy, event);

	const block = blockedBy(view, event, key, person, { urgent, mandatory });
	if (block) {
		const facts = { ...block.facts, urgent, mandatory };
		if (block.kind !== 'inhibited' && view.policy.silence.action === 'drop') {
			return {
				action: 'silence',
				decision: decision('silence', block.reason as GateCode, { facts }),
				removes: [],
			};
		}
		return hold(block.kind, block.reason as GateCode, block.until, facts);
	}

	const heldOfTicket = view.heldForTicket(delivery.recipient.user_id, key);
	const here = heldOfTicket.filter(
		(e) => e.channel === delivery.channel && e.delivery_id !== delivery.delivery_id,
	);
	if (isResolved(event) && resolvedUntold(view, delivery, key, heldOfTicket)) {
		return {
			action: 'silence',
			decision: decision('silence', 'resolved_before_first_message', { facts: { ticket: key } }),
			// Another channel's go with this event's own delivery there, or at their release.
			removes: here.filter(isCollected),
		};
	}

	if (urgent || mandatory)
		return send(
			urgent ? 'urgent' : 'mandatory',
			here.filter((e) => passesNow(view, e, person, true)),
			{ event_type: event.event_type, ...(urgent ? { priority: event.content.priority } : {}) },
		);
	const released = here.filter((e) => e.kind === 'state' && passesNow(view, e, person, false));
	if (delivery.purpose !== 'first') return send('escalation_step', []);

	const batchAt = nextBatch(delivery, person, view.now);
	if (batchAt !== undefined)
		return hold('batch', 'batch_scheduled', batchAt, { timezone: person.zone });
	if (delivery.strategy === 'escalation' || delivery.strategy === 'immediate')
		return send('strategy_immediate', released, scoreOf(delivery));
	return aggregate(view, delivery, person, options) ?? send('send_now', released);
}

/** Joins or opens the group's window, where the person and the type ask for it. */
function aggregate(
	view: GateView,
	delivery: Delivery,
	person: EffectivePreference,
	options: DecideOptions,
): Verdict | undefined {
	const rules = view.policy.aggregation;
	if (!person.enable_aggregation) return undefined;
	const recent = view.recentCount(delivery.recipient.user_id, delivery.channel);
	const byType = isOfType(delivery.event, rules.types);
	if (!byType && recent <= rules.recent_limit) return undefined;
	if (view.aggregationInvalid !== undefined) {
		return {
			action: 'send',
			decision: decision('send', 'aggregation_settings_invalid', {
				facts: { why: view.aggregationInvalid },
			}),
			absorbs: [],
		};
	}
	const settings: WindowSettings = windowSettings(rules);
	const key = groupKey(delivery, rules.group_by, options.testId ?? '');
	const known = view.groupOf(key);
	const living =
		known && (known.opened_at !== null || groupLives(view, known, ticketKey(delivery.event)))
			? known
			: undefined;
	const group = joinWindow(
		living ?? newGroup(key, delivery, options.policyId, view.now, options.testId !== undefined),
		settings,
		view.now,
	);
	const facts = byType ? { rule: 'type' } : { rule: 'recent', recent, limit: rules.recent_limit };
	const frozen = group.settings as unknown as WindowSettings;
	if (group.count >= frozen.max_items) {
		return {
			action: 'send',
			decision: decision('send', 'window_full', { facts, digest_key: key }),
			absorbs: view.heldOfGroup(key),
			flush: group,
		};
	}
	const closes = Date.parse(group.closes_at as string);
	return { ...hold('group', 'aggregated', closes, facts, key), group } as Verdict;
}

/** A notified group lives while one of its tickets is open, or is the one that joins now. */
export function groupLives(
	view: Pick<GateView, 'ticketOf'>,
	group: GroupState,
	joining: string,
): boolean {
	return group.open_tickets.some(
		(ticket) => ticket === joining || (view.ticketOf(ticket)?.open ?? true),
	);
}

/** The next batch time where this channel is read in batches, or the score says batch. */
export function nextBatch(
	delivery: Delivery,
	person: EffectivePreference,
	now: number,
): number | undefined {
	const channel = person.channels.find((c) => c.id === delivery.channel);
	const times = channel?.batch_times ?? [];
	if (times.length === 0) return undefined;
	if (channel?.frequency !== 'batch' && delivery.strategy !== 'batch') return undefined;
	return nextDaily(times, now, person.zone, { strictlyAfter: false });
}

/** Would this held entry go, were it to come now (as part of its ticket's new message)? */
function passesNow(
	view: GateView,
	entry: HeldEntry,
	person: EffectivePreference,
	urgent: boolean,
): boolean {
	const mandatory = isMandatory(view.policy, entry.item.event);
	return (
		blockedBy(view, entry.item.event, entry.ticket_key, person, { urgent, mandatory }) === undefined
	);
}

/** RA2: born by an earlier event and resolved within what this person was never told, on any channel. */
function resolvedUntold(
	view: GateView,
	{ event, recipient }: Delivery,
	key: string,
	held: readonly HeldEntry[],
): boolean {
	if (view.saysNothing(event.event_id, recipient.user_id)) return true;
	const isBorn = held.some(
		(e) => e.event_id !== event.event_id && isCollected(e) && isBirth(e.item.event),
	);
	return isBorn && !view.wasTold(key, recipient.user_id);
}

/** Held to be told together with others, and not because the person or an administrator wants quiet. */
export const isCollected = ({ kind }: Pick<HeldEntry, 'kind'>): boolean =>
	kind === 'group' || kind === 'batch';

/** RA2 at release: its ticket was born and closed within what this person was never told. */
export const isUntold = (
	entry: HeldEntry,
	held: readonly HeldEntry[],
	view: Pick<GateView, 'ticketOf' | 'wasTold'>,
): boolean =>
	isCollected(entry) &&
	view.ticketOf(entry.ticket_key)?.open === false &&
	held.some((e) => e.ticket_key === entry.ticket_key && isCollected(e) && isBirth(e.item.event)) &&
	!view.wasTold(entry.ticket_key, entry.user_id);

const BIRTHS = new Set(['ticket_created', 'system_failure', 'security_alert']);
const isBirth = (event: NotificationEvent): boolean =>
	BIRTHS.has(event.event_type) || event.content.status === 'new';

export const isResolved = (event: NotificationEvent): boolean =>
	event.event_type === 'ticket_resolved' ||
	event.event_type === 'ticket_closed' ||
	event.content.status === 'resolved' ||
	event.content.status === 'closed';

export const isMandatory = (policy: Policy, event: NotificationEvent): boolean =>
	isOfType(event, policy.routing.mandatory_types);

/** Urgent by its own event, or because its ticket has become so while it was held. */
export const isUrgentNow = (
	policy: Policy,
	event: NotificationEvent,
	ticket: TicketState | undefined,
): boolean => isUrgent(event, policy) || (ticket !== undefined && ticket.open && ticket.urgent);

function decision(
	action: Decision['action'],
	reason: GateCode,
	more: Partial<Decision> = {},
): Decision {
	return { action, reason, ...more };
}

const send = (
	reason: GateCode,
	absorbs: readonly HeldEntry[],
	facts?: Record<string, unknown>,
): Verdict => ({
	action: 'send',
	decision: decision('send', reason, facts ? { facts } : {}),
	absorbs,
});

const scoreOf = ({ strategy, priority }: Delivery): Record<string, unknown> => ({
	strategy,
	...(priority ? { score: priority.score } : {}),
});

function hold(
	kind: HeldEntry['kind'],
	reason: GateCode,
	due: number | null,
	facts: Record<string, unknown>,
	digestKey?: string,
): Verdict {
	const until = due === null ? null : new Date(due).toISOString();
	return {
		action: 'hold',
		kind,
		due,
		decision: decision('hold', reason, {
			until,
			facts,
			...(digestKey ? { digest_key: digestKey } : {}),
		}),
	};
}
