import type { Delivery } from '../events/delivery';
import { addressMark, deliveryId, newsId } from '../events/ids';
import type { NotificationEvent } from '../events/model';
import type { Score } from '../strategy/priority';
import type { EffectivePreference } from './merge';
import type { Target } from './recipients';
import type { ChosenChannel, Route } from './route';

/** One delivery item: everything that the nodes after the resolver need to know of person, channel and reason. */
export function deliveryItem(
	event: NotificationEvent,
	target: Target,
	person: EffectivePreference,
	chosen: ChosenChannel,
	routed: Route,
	priority: Score,
): Delivery {
	return {
		delivery_id: deliveryId(newsId(event), person.user_id, chosen.channel),
		event,
		recipient: {
			user_id: person.user_id,
			username: person.username,
			language: person.language,
			timezone: person.zone,
			role: target.role,
		},
		channel: chosen.channel,
		address: chosen.address,
		purpose: 'first',
		strategy: priority.level,
		priority,
		fallback: chosen.fallback,
		why: {
			role: target.role,
			roles: target.roles,
			address: addressMark(chosen.address),
			because: `${target.role} of ${event.content.ticket_id}; ${chosen.because}`,
			...(routed.skipped.length > 0 ? { skipped: routed.skipped } : {}),
		},
	};
}

/** The outcome of a delivery to a channel that is not there (RN2). */
export function unsupportedStatus(channel: string, now: Date): NonNullable<Delivery['status']> {
	return {
		status: 'failed',
		timestamp: now.toISOString(),
		reason: 'unsupported_channel',
		error: { code: 'unsupported_channel', message: `There is no channel "${channel}"` },
	};
}
