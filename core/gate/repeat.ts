import type { Delivery } from '../events/delivery';
import { deliveryId, ticketKey } from '../events/ids';
import type { NotificationEvent } from '../events/model';
import type { EffectivePreference } from '../preferences/merge';
import { channelsFor, takes } from '../preferences/takes';
import type { GroupState, HeldEntry, TicketState } from '../store/types';
import { blockedBy } from './blocked';
import { collapse } from './collapse';
import { isMandatory, isUrgentNow } from './decide';
import type { Block, GateView } from './types';
import { afterFlush } from './window';

export interface Repeat {
	/** The group after it; nothing where all its tickets are closed. */
	next?: GroupState;
	/** What goes now. */
	send?: Delivery;
	/** What a silence or a state stops, one per ticket. */
	stopped: Array<{ delivery: Delivery; block: Block }>;
}

/** What a group says again at `now` of its open tickets: nothing that may not be said now (RS1). */
export function repeatOf(group: GroupState, view: GateView): Repeat {
	const items = group.last_items ?? [];
	const open = group.open_tickets.filter((key) => view.ticketOf(key)?.open ?? true);
	const person = view.preferenceOf(group.user_id, group.channel);
	const still = items.filter(
		(d) => open.includes(ticketKey(d.event)) && isWanted(person, group.channel, d.event),
	);
	if (still.length === 0) return { stopped: [] };
	const blocks = new Map<string, Block>();
	for (const item of still) {
		const block = blockOf(view, item);
		if (block) blocks.set(ticketKey(item.event), block);
	}
	const waiting = (key: string): HeldEntry[] =>
		view.heldForTicket(group.user_id, key).filter(({ channel }) => channel === group.channel);
	// A repeat that has waited is let go of in this very moment, or still waits: one is enough.
	const free = still.filter(
		({ event }) => !blocks.has(ticketKey(event)) && !waiting(ticketKey(event)).some(isRepeat),
	);
	const stopped = [...blocks]
		// What waits already will tell of its ticket.
		.filter(([key]) => waiting(key).length === 0)
		.map(([key, block]) => {
			const list = still.filter((d) => ticketKey(d.event) === key);
			return { delivery: again(group, list, view), block };
		});
	return {
		next: afterFlush(group, items, open, view.now),
		...(free.length > 0 ? { send: again(group, free, view) } : {}),
		stopped,
	};
}

/** The group once a repeat of it that had waited went out: the next one counts from there. */
export function afterRepeat(
	group: GroupState,
	ticketOf: (key: string) => TicketState | undefined,
	now: number,
): GroupState | undefined {
	if (group.opened_at !== null || group.last_items === null) return group;
	const open = group.open_tickets.filter((key) => ticketOf(key)?.open ?? true);
	return afterFlush(group, group.last_items, open, now);
}

/** Nobody is told again on a channel that they have switched off since, or muted for such events. */
const isWanted = (person: EffectivePreference, id: string, event: NotificationEvent): boolean =>
	person.active &&
	takes(person, id) &&
	channelsFor(person, event, false).some((channel) => channel.id === id);

const isRepeat = ({ item }: HeldEntry): boolean => item.purpose.startsWith('repeat:');

function blockOf(view: GateView, item: Delivery): Block | undefined {
	const key = ticketKey(item.event);
	const person = view.preferenceOf(item.recipient.user_id, item.channel);
	return blockedBy(view, item.event, key, person, {
		urgent: isUrgentNow(view.policy, item.event, view.ticketOf(key)),
		mandatory: isMandatory(view.policy, item.event),
	});
}

function again(group: GroupState, items: readonly Delivery[], view: GateView): Delivery {
	const { delivery } = collapse(items, view.ticketOf, `repeat:${view.now}`);
	// An instant comes once; the time since the last message comes again.
	const purpose = `repeat:${Math.round(view.now / 1000)}`;
	const { event, recipient, channel } = delivery;
	const id = deliveryId(
		event.event_id,
		recipient.user_id,
		channel,
		`${group.group_key}:${purpose}`,
	);
	return { ...delivery, purpose, delivery_id: id, repeat_of: group.group_key };
}
