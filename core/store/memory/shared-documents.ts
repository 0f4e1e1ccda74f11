import type { Delivery } from '../../events/delivery';
import type { NotificationEvent } from '../../events/model';

/** Documents put within about one run of each other. */
const KEPT = 4096;

/**
 * The ledger, the held entries and the tickets hold the same events again and again: equal ones are kept once.
 * Takes and gives copies of the store's own, which nobody changes.
 */
export class SharedDocuments {
	private readonly recent = new Map<string, unknown>();

	item<T extends Delivery | null>(item: T): T {
		if (item === null) return item;
		const shared = { ...item, event: this.event(item.event) };
		return this.share(`delivery\n${item.delivery_id}`, shared) as T;
	}

	event(event: NotificationEvent): NotificationEvent {
		return this.share(`event\n${event.event_id}`, event);
	}

	private share<T>(key: string, value: T): T {
		const known = this.recent.get(key);
		if (known !== undefined && isSame(known, value)) return known as T;
		this.recent.delete(key);
		this.recent.set(key, value);
		if (this.recent.size > KEPT) this.recent.delete(this.recent.keys().next().value as string);
		return value;
	}
}

function isSame(a: unknown, b: unknown): boolean {
	if (a === b) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	if (Array.isArray(a) !== Array.isArray(b)) return false;
	const keys = Object.keys(a);
	return (
		keys.length === Object.keys(b).length &&
		keys.every(
			(key) =>
				Object.hasOwn(b, key) &&
				isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
		)
	);
}
