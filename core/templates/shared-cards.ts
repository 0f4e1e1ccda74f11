import type { Delivery } from '../events/delivery';
import type { NotificationEvent } from '../events/model';
import type { Found } from './lookup';
import type { CardRendered, RenderFailure } from './rendered';

type Made = CardRendered | RenderFailure;

/** Cards of one run: a person who reads an event on several channels gets the same card, drawn by each. */
export class SharedCards {
	private readonly made = new WeakMap<NotificationEvent, Map<string, { by: Found; made: Made }>>();

	get(delivery: Delivery, { document, standsIn }: Found): Made | undefined {
		if (!isPlain(delivery)) return undefined;
		const known = this.made.get(delivery.event)?.get(keyOf(delivery));
		return known?.by.document === document && known.by.standsIn === standsIn
			? known.made
			: undefined;
	}

	set(delivery: Delivery, by: Found, made: Made): Made {
		if (!isPlain(delivery)) return made;
		let ofEvent = this.made.get(delivery.event);
		if (!ofEvent) this.made.set(delivery.event, (ofEvent = new Map()));
		ofEvent.set(keyOf(delivery), { by, made });
		return made;
	}
}

/** A digest is cut to what its channel shows, an edit tells what has happened since: each has its own card. */
const isPlain = ({ digest, update_of, acknowledged }: Delivery): boolean =>
	!digest && !update_of && !acknowledged;

const keyOf = ({ purpose, recipient }: Delivery): string =>
	`${purpose}\n${JSON.stringify(recipient)}`;
