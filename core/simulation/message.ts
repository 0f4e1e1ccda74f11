import { ticketKey } from '../events/ids';
import { channels } from '../channels/index';
import type { ChannelId, Delivery } from '../events/delivery';
import type { Store } from '../store/types';
import type { SimulatedMessage } from './result';

/** What the recipient sees of a delivery that the channel has accepted. */
export async function messageOfDelivery(
	store: Store,
	delivery: Delivery,
	at: string,
): Promise<SimulatedMessage> {
	const { event, digest } = delivery;
	const [ticket] = await store.tickets.get([ticketKey(event)]);
	const single = {
		ticket_id: event.content.ticket_id,
		event_id: event.event_id,
		status: ticket ? ticket.status : (event.content.status ?? null),
		title: ticket?.event.content.ticket_title ?? event.content.ticket_title,
	};
	return {
		at,
		channel: delivery.channel,
		recipient: delivery.recipient.user_id,
		kind: kindOf(delivery),
		ticket_ids: digest?.ticket_ids ?? [event.content.ticket_id],
		event_ids: digest?.event_ids ?? [event.event_id],
		entries: digest
			? digest.entries.slice(0, shownOn(delivery.channel, digest.total)).map((e) => ({
					ticket_id: e.ticket_id,
					event_id: e.event_id,
					status: e.status ?? null,
					title: e.title,
				}))
			: [single],
		reason: delivery.decision?.reason ?? 'send_now',
	};
}

function kindOf(delivery: Delivery): SimulatedMessage['kind'] {
	if (delivery.purpose.startsWith('escalation:')) return 'escalation';
	if (delivery.purpose.startsWith('reminder:')) return 'reminder';
	return (delivery.digest?.total ?? 1) > 1 ? 'digest' : 'single';
}

/**
 * A digest larger than its channel's limit shows the first entries and says how many more there are (RA9). A message
 * about one ticket shows it everywhere.
 */
const shownOn = (channel: string, tickets: number): number =>
	Math.max(channels[channel as ChannelId]?.limits.digestEntries ?? Infinity, tickets === 1 ? 1 : 0);
