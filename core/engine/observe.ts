import { asEcho, echoKey, isEcho, marksOf } from '../actions/echo';
import { ticketKey } from '../events/ids';
import type { NotificationEvent } from '../events/model';
import { withStoredPriority, withStoredState } from '../events/stored';
import { isResolved } from '../gate/decide';
import { parentMarks } from '../gate/parents';
import type { Policy } from '../preferences/policy';
import { isUrgent } from '../strategy/priority';
import type { Store, TicketState } from '../store/types';
import { stopOnProgress } from './chains';

/** Senders that do not say which state a ticket had before: it is taken from the store. */
const TELL_NO_PAST = new Set([
	'glpi',
	'zammad',
	'freshservice',
	'bmcHelix',
	'manageEngine',
	'znuny',
]);

/**
 * Notes what events say of their tickets, before they are decided: newest content, open or not, urgent or not.
 * What was held because of the old state is looked at again. An older event never overwrites a newer one.
 * Returns the events as they read with the stored state (reopened is derived from it).
 */
export async function observe(
	store: Store,
	events: readonly NotificationEvent[],
	policy: Policy,
	now: number,
): Promise<NotificationEvent[]> {
	if (events.length === 0) return [];
	const keys = [...new Set(events.map(ticketKey))];
	return store.exclusive(
		keys.map((key) => `ticket:${key}`),
		async (tx) => {
			const states = new Map((await tx.tickets.get(keys)).map((t) => [t.ticket_key, t]));
			const changed = new Map<string, TicketState>();
			const closed: string[] = [];
			const urgent: string[] = [];
			const read: NotificationEvent[] = [];
			const nowIso = new Date(now).toISOString();
			const written = await tx.shared.get(keys.map(echoKey), nowIso);
			const acknowledged = new Set<NotificationEvent>();
			for (const given of events) {
				const key = ticketKey(given);
				const mark = marksOf(written.get(echoKey(key)), nowIso).find((m) => isEcho(given, m));
				const told = mark ? asEcho(given, mark) : given;
				const before = changed.get(key) ?? states.get(key);
				const event = withStoredPriority(
					TELL_NO_PAST.has(told.source) ? withStoredState(told, before) : told,
					before?.event,
				);
				read.push(event);
				if (mark?.action === 'acknowledge') acknowledged.add(event);
				const next = nextState(before, event, policy);
				if (!next) continue;
				changed.set(key, next);
				if (before?.open && !next.open) closed.push(key);
				if (next.open && next.urgent && !before?.urgent) urgent.push(key);
			}
			if (changed.size > 0) await tx.tickets.put([...changed.values()]);
			// A held item whose ticket becomes urgent is decided again at once (RS3); children of a closed parent too (RS7).
			if (urgent.length > 0)
				await tx.held.touch({ ticket_keys: urgent, kinds: ['state', 'batch', 'group'] }, nowIso);
			if (closed.length > 0 && policy.silence.inhibition.length > 0)
				await tx.held.touch({ kinds: ['inhibited'] }, nowIso);
			// An acknowledgement has paused the chain itself; its echo is no further progress (RE6).
			const others = read.filter((event) => !acknowledged.has(event));
			await stopOnProgress(tx, others, now);
			return read;
		},
	);
}

function nextState(
	before: TicketState | undefined,
	event: NotificationEvent,
	policy: Policy,
): TicketState | undefined {
	if (before && Date.parse(before.updated_at) > Date.parse(event.timestamp)) return undefined;
	const resolved = isResolved(event);
	const reopened = event.event_type === 'ticket_reopened';
	// A comment or update says nothing of the status: the last known one stays.
	const open = resolved ? false : event.content.status || reopened || !before ? true : before.open;
	const statusOfType =
		event.event_type === 'ticket_resolved'
			? 'resolved'
			: event.event_type === 'ticket_closed'
				? 'closed'
				: null;
	return {
		ticket_key: ticketKey(event),
		open,
		status: event.content.status || statusOfType || (reopened ? null : (before?.status ?? null)),
		urgent: isUrgent(event, policy),
		event,
		updated_at: event.timestamp,
		parent_of:
			policy.silence.inhibition.length > 0
				? parentMarks(event, before?.parent_of ?? [], policy)
				: (before?.parent_of ?? null),
		acknowledged_by: reopened ? null : (before?.acknowledged_by ?? null),
		acknowledged_at: reopened ? null : (before?.acknowledged_at ?? null),
	};
}
