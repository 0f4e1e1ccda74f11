import type { Delivery } from '../../events/delivery';
import type { NotificationEvent } from '../../events/model';
import { plainCopy } from '../plain';

/** Documents put within about one run of each other. */
const KEPT = 2048;

/**
 * The ledger, the held entries and the tickets hold the same events again and again: equal ones are kept once.
 * Takes what callers gave and gives the store's own copy, which nobody changes.
 */
export class SharedDocuments {
	private recent = new Map<string, unknown>();
	/** What was put before that: dropping a whole map costs less than finding each oldest entry. */
	private older = new Map<string, unknown>();

	item<T extends Delivery | null>(item: T): T {
		if (item === null) return item;
		const known = this.known(`delivery\n${item.delivery_id}`, item);
		if (known) return known as T;
		const { event, ...rest } = item;
		const own = { ...plainCopy(rest), event: this.event(event) } as Delivery;
		// The channels of one person and the people of one event have these in common.
		own.recipient = this.part(`recipient\n${own.recipient.user_id}`, own.recipient);
		own.address = this.part(`address\n${own.recipient.user_id}\n${own.channel}`, own.address);
		if (own.priority) own.priority = this.part(`priority\n${event.event_type}`, own.priority);
		if (own.why) own.why = this.part(`why\n${event.event_id}`, own.why);
		return this.keep(`delivery\n${item.delivery_id}`, own) as T;
	}

	/** A part of an own document; equal ones are kept once. */
	part<T>(key: string, own: T): T {
		return this.known(key, own) ?? this.keep(key, own);
	}

	event(event: NotificationEvent): NotificationEvent {
		const key = `event\n${event.event_id}`;
		return this.known(key, event) ?? this.keep(key, plainCopy(event));
	}

	/** The own copy of an equal value, so that only what is new is copied at all. */
	private known<T>(key: string, value: T): T | undefined {
		const known = this.recent.get(key) ?? this.older.get(key);
		return known !== undefined && isSame(known, value) ? (known as T) : undefined;
	}

	private keep<T>(key: string, value: T): T {
		this.recent.set(key, value);
		if (this.recent.size > KEPT) {
			this.older = this.recent;
			this.recent = new Map();
		}
		return value;
	}
}

/** False where in doubt: `undefined`, dates and functions never equal what a copy has in their place. */
function isSame(a: unknown, b: unknown): boolean {
	if (a === b) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	if (Array.isArray(a)) {
		return (
			Array.isArray(b) &&
			a.length === b.length &&
			a.every((entry, index) => isSame(entry, b[index]))
		);
	}
	if (Array.isArray(b)) return false;
	let count = 0;
	for (const key in b) {
		count++;
		if (!Object.hasOwn(a, key)) return false;
		const [mine, theirs] = [(a as Json)[key], (b as Json)[key]];
		if (mine !== theirs && !isSame(mine, theirs)) return false;
	}
	return Object.keys(a).length === count;
}

type Json = Record<string, unknown>;
