import { createHash } from 'node:crypto';

import { deliveryId, ticketKey } from '../events/ids';
import type { Delivery, DigestEntry } from '../events/delivery';
import type { NotificationEvent } from '../events/model';
import type { TicketState } from '../store/types';

export interface Collapsed {
	/** What goes out. Its id is the newest entry's where one ticket is left, else that of a digest. */
	delivery: Delivery;
	/** Entries that this message accounts for and that are never sent by themselves. */
	absorbed: string[];
}

/**
 * Many held deliveries of one person and channel → one message. Per ticket the newest event counts, shown in the
 * ticket's state of now; nothing is lost: event_ids names every event, entries[].events what happened.
 */
export function collapse(
	entries: readonly Delivery[],
	ticketOf: (key: string) => TicketState | undefined,
	seed: string,
): Collapsed {
	const byTicket = new Map<string, Delivery[]>();
	for (const entry of entries) {
		const key = ticketKey(entry.event);
		byTicket.set(key, [...(byTicket.get(key) ?? []), entry]);
	}
	const newest = { ...entries[entries.length - 1], ...doubtOf(entries) };
	if (byTicket.size === 1 && entries.length === 1 && newest.digest === undefined) {
		return { delivery: withNewestContent(newest, ticketOf(ticketKey(newest.event))), absorbed: [] };
	}
	const digestEntries = [...byTicket.entries()].map(([key, list]) =>
		digestEntry(list, ticketOf(key)),
	);
	const eventIds = [...new Set(entries.flatMap((e) => e.digest?.event_ids ?? [e.event.event_id]))];
	const ticketIds = [
		...new Set(entries.flatMap((e) => e.digest?.ticket_ids ?? [e.event.content.ticket_id])),
	];
	const id = createHash('sha256')
		.update(JSON.stringify([seed, entries.map((e) => e.delivery_id)]))
		.digest('hex')
		.slice(0, 24);
	const digest = {
		id,
		entries: digestEntries,
		total: byTicket.size,
		ticket_ids: ticketIds,
		event_ids: eventIds,
		parts: [...new Set(entries.flatMap((e) => e.digest?.parts ?? [e.delivery_id]))],
	};

	if (byTicket.size === 1) {
		const delivery = { ...withNewestContent(newest, ticketOf(ticketKey(newest.event))), digest };
		return { delivery, absorbed: entries.slice(0, -1).map((e) => e.delivery_id) };
	}
	const purpose = `digest:${id}`;
	return {
		delivery: {
			...newest,
			delivery_id: deliveryId(id, newest.recipient.user_id, newest.channel, purpose),
			purpose,
			digest,
			message: undefined,
			status: undefined,
		},
		absorbed: entries.map((e) => e.delivery_id),
	};
}

/** What a message tells that may have gone before: it may tell it a second time (RD1). */
const doubtOf = (entries: readonly Delivery[]): { may_have_gone?: true } =>
	entries.some((entry) => entry.may_have_gone === true) ? { may_have_gone: true } : {};

/** Instants may be written with or without milliseconds, so that they are not compared as text. */
const isOlder = (a: NotificationEvent, b: NotificationEvent): boolean =>
	Date.parse(a.timestamp) < Date.parse(b.timestamp);

/** RA3: the newer content is what the message shows; the type that was held stays the news, and with it who got the ticket. */
export function withNewestContent(delivery: Delivery, ticket: TicketState | undefined): Delivery {
	if (
		!ticket ||
		isOlder(ticket.event, delivery.event) ||
		ticket.event.event_id === delivery.event.event_id
	)
		return delivery;
	const { content } = ticket.event;
	return {
		...delivery,
		// A replay of the day begins with what the event said then.
		first_content: delivery.first_content ?? delivery.event.content,
		event: {
			...delivery.event,
			content: {
				...delivery.event.content,
				ticket_title: content.ticket_title,
				priority: content.priority,
				status: ticket.status,
				...(content.description ? { description: content.description } : {}),
			},
		},
	};
}

function digestEntry(list: readonly Delivery[], ticket: TicketState | undefined): DigestEntry {
	const newest = list[list.length - 1].event;
	const shown = ticket && !isOlder(ticket.event, newest) ? ticket.event : newest;
	const events = list
		.flatMap((d) => d.digest?.entries.flatMap((e) => e.events ?? []) ?? [])
		.concat(list.map((d) => happening(d.event)));
	const distinct = [...new Map(events.map((e) => [e.event_id, e])).values()];
	return {
		ticket_id: newest.content.ticket_id,
		...(newest.content.number ? { number: newest.content.number } : {}),
		event_id: newest.event_id,
		event_type: newest.event_type,
		// Null where it was reopened by an event that names none.
		status: ticket ? ticket.status : shown.content.status || statusOfType(newest),
		title: shown.content.ticket_title,
		priority: shown.content.priority,
		url: shown.content.url ?? null,
		text: saidIn(distinct) ?? newest.content.comment?.text ?? null,
		...(distinct.length > 1 ? { events: distinct } : {}),
	};
}

/** Several comments are shown one under the other: what was said is not lost in a digest (RA3). */
function saidIn(events: NonNullable<DigestEntry['events']>): string | undefined {
	const said = events.filter((e) => e.text);
	if (said.length < 2) return undefined;
	return said.map((e) => (e.author ? `${e.author}: ${e.text}` : e.text)).join('\n');
}

function happening(event: NotificationEvent): NonNullable<DigestEntry['events']>[number] {
	const { comment } = event.content;
	const author =
		typeof comment?.author === 'string' ? comment.author : (comment?.author?.name ?? null);
	return {
		event_id: event.event_id,
		event_type: event.event_type,
		timestamp: event.timestamp,
		text: comment?.text ?? null,
		author,
	};
}

function statusOfType(event: NotificationEvent): string | null {
	if (event.event_type === 'ticket_resolved') return 'resolved';
	if (event.event_type === 'ticket_closed') return 'closed';
	return null;
}
