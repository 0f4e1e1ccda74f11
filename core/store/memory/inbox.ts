import { plainCopy } from '../plain';
import { compareText, DEFAULT_LIMIT } from '../rules';
import type { InboxEntry, InboxFilter, InboxRepository } from '../types';
import type { MemoryContext } from './context';

export class MemoryInbox implements InboxRepository {
	constructor(private readonly context: MemoryContext) {}

	async put(rows: readonly InboxEntry[]): Promise<string[]> {
		const { inbox } = this.context.state;
		return this.context.step(() => {
			const fresh: string[] = [];
			for (const row of rows) {
				if (inbox.get(row.delivery_id)) continue;
				inbox.set(plainCopy(row));
				fresh.push(row.delivery_id);
			}
			return fresh;
		});
	}

	async get(ids: readonly string[]): Promise<InboxEntry[]> {
		const { inbox } = this.context.state;
		return this.context.step(() => plainCopy(inbox.pick(ids)));
	}

	async list(filter: InboxFilter): Promise<InboxEntry[]> {
		const { inbox } = this.context.state;
		const { limit = DEFAULT_LIMIT, offset = 0 } = filter;
		return this.context.step(() => {
			const rows = inbox
				.by('user', filter.user_id)
				.filter((row) => !filter.unread_only || row.read_at === null)
				.sort(unreadThenNewest);
			return plainCopy(rows.slice(offset, offset + limit));
		});
	}

	async unread(userIds: readonly string[]): Promise<Map<string, number>> {
		const { inbox } = this.context.state;
		return this.context.step(() => {
			const counts = new Map<string, number>();
			for (const id of new Set(userIds)) {
				const count = inbox.by('user', id).filter((row) => row.read_at === null).length;
				if (count > 0) counts.set(id, count);
			}
			return counts;
		});
	}

	async markRead(userId: string, ids: readonly string[] | 'all', now: string): Promise<string[]> {
		const { inbox } = this.context.state;
		return this.context.step(() => {
			const rows = (ids === 'all' ? inbox.by('user', userId) : inbox.pick(ids)).filter(
				(row) => row.user_id === userId && row.read_at === null,
			);
			for (const row of rows) inbox.set({ ...row, read_at: now });
			return rows.map((row) => row.delivery_id).sort();
		});
	}

	async update(
		id: string,
		{ title, severity, payload }: Pick<InboxEntry, 'title' | 'severity' | 'payload'>,
		now: string,
	): Promise<boolean> {
		const { inbox } = this.context.state;
		return this.context.step(() => {
			const row = inbox.get(id);
			if (!row) return false;
			inbox.set({ ...row, title, severity, payload: plainCopy(payload), updated_at: now });
			return true;
		});
	}

	async remove(filter: { ids?: readonly string[]; user_ids?: readonly string[] }): Promise<number> {
		const { inbox } = this.context.state;
		return this.context.step(() => {
			const rows = [...inbox.pick(filter.ids ?? []), ...inbox.byAny('user', filter.user_ids ?? [])];
			return rows.filter((row) => inbox.delete(row.delivery_id)).length;
		});
	}

	async purge(before: string): Promise<number> {
		const { inbox } = this.context.state;
		return this.context.step(
			() =>
				[...inbox.values()].filter(
					(row) => row.created_at < before && inbox.delete(row.delivery_id),
				).length,
		);
	}
}

const unreadThenNewest = (a: InboxEntry, b: InboxEntry): number =>
	Number(a.read_at !== null) - Number(b.read_at !== null) ||
	compareText(b.created_at, a.created_at) ||
	compareText(b.delivery_id, a.delivery_id);
