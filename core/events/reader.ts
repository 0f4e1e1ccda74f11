import { z } from 'zod';

import { deliverySchema, type Delivery } from './delivery';
import type { NotificationEvent } from './model';
import { parseDelivery, parseWith } from './validate';

const besideEvent = deliverySchema.extend({ event: z.unknown() });

/**
 * Parses the deliveries of one run. Deliveries that carry the very same event object get the very same parsed one: an
 * event that goes to many is checked once. Use it for one pass only: it trusts that nobody changes an event meanwhile.
 * Throws `invalid_delivery` naming the field.
 */
export function deliveryReader(): (value: unknown) => Delivery {
	const events = new WeakMap<object, NotificationEvent>();
	return (value) => {
		const given = (value as { event?: unknown } | null)?.event;
		const isShared = typeof given === 'object' && given !== null;
		const event = isShared ? events.get(given) : undefined;
		if (event) {
			return { ...parseWith(besideEvent, value, 'Delivery', 'invalid_delivery'), event };
		}
		const delivery = parseDelivery(value);
		if (isShared) events.set(given, delivery.event);
		return delivery;
	};
}
