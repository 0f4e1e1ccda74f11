import type { HeldEntry } from '../store/types';

/** Held entries of one run, found by id, by person and ticket, and by group; each list is in order of arrival. */
export class HeldIndex {
	private readonly byId = new Map<string, HeldEntry>();
	private readonly lists = new Map<string, Map<string, HeldEntry>>();

	get(id: string): HeldEntry | undefined {
		return this.byId.get(id);
	}

	set(entry: HeldEntry): void {
		this.byId.set(entry.delivery_id, entry);
		for (const key of keysOf(entry)) {
			const list = this.lists.get(key) ?? new Map<string, HeldEntry>();
			list.set(entry.delivery_id, entry);
			this.lists.set(key, list);
		}
	}

	delete(id: string): void {
		const entry = this.byId.get(id);
		if (!entry) return;
		this.byId.delete(id);
		for (const key of keysOf(entry)) this.lists.get(key)?.delete(id);
	}

	ofTicket(userId: string, ticket: string): HeldEntry[] {
		return this.list(`ticket:${userId}|${ticket}`);
	}

	ofGroup(groupKey: string): HeldEntry[] {
		return this.list(`group:${groupKey}`);
	}

	private list(key: string): HeldEntry[] {
		return inOrder([...(this.lists.get(key)?.values() ?? [])]);
	}
}

const keysOf = (entry: HeldEntry): string[] => [
	`ticket:${entry.user_id}|${entry.ticket_key}`,
	...(entry.group_key === null ? [] : [`group:${entry.group_key}`]),
];

/** By arrival; entries that the store has not numbered yet (seq 0) came last. */
export const inOrder = (entries: HeldEntry[]): HeldEntry[] =>
	entries.sort(
		(a, b) =>
			(a.seq || Number.MAX_SAFE_INTEGER) - (b.seq || Number.MAX_SAFE_INTEGER) ||
			(a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0),
	);
