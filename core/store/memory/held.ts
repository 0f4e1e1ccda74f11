import { plainCopy } from '../plain';
import { compareText } from '../rules';
import type { HeldEntry, HeldRepository } from '../types';
import type { MemoryContext } from './context';
import { pairOf } from './state';

type Pair = { user_id: string; channel: string };

export class MemoryHeld implements HeldRepository {
	constructor(private readonly context: MemoryContext) {}

	async put(rows: readonly HeldEntry[]): Promise<void> {
		const { state } = this.context;
		return this.context.step(() => {
			for (const row of rows) {
				const seq = row.seq || state.held.get(row.delivery_id)?.seq || state.nextSeq();
				const { item, ...rest } = row;
				state.held.set({ ...plainCopy(rest), seq, item: state.documents.item(item) });
			}
		});
	}

	async get(ids: readonly string[]): Promise<HeldEntry[]> {
		const { held } = this.context.state;
		return this.context.step(() => inOrder(held.pick(ids)));
	}

	async of(pairs: readonly Pair[]): Promise<HeldEntry[]> {
		const { held } = this.context.state;
		const keys = pairs.map((pair) => pairOf(pair.user_id, pair.channel));
		return this.context.step(() => inOrder(held.byAny('pair', keys)));
	}

	async ofTickets(ticketKeys: readonly string[]): Promise<HeldEntry[]> {
		const { held } = this.context.state;
		return this.context.step(() => inOrder(held.byAny('ticket', ticketKeys)));
	}

	async ofGroups(groupKeys: readonly string[]): Promise<HeldEntry[]> {
		const { held } = this.context.state;
		return this.context.step(() => inOrder(held.byAny('group', groupKeys)));
	}

	async duePairs(now: string, limit: number): Promise<Pair[]> {
		const { held } = this.context.state;
		return this.context.step(() => {
			const pairs = new Map<string, Pair>();
			const due = held.due('due', now).sort(byDue);
			for (const { user_id, channel } of due) {
				if (pairs.size >= limit) break;
				pairs.set(pairOf(user_id, channel), { user_id, channel });
			}
			return [...pairs.values()];
		});
	}

	async remove(ids: readonly string[]): Promise<void> {
		const { held } = this.context.state;
		return this.context.step(() => ids.forEach((id) => held.delete(id)));
	}

	async touch(
		filter: {
			user_ids?: readonly string[];
			ticket_keys?: readonly string[];
			kinds: ReadonlyArray<HeldEntry['kind']>;
		},
		now: string,
	): Promise<number> {
		const { held } = this.context.state;
		return this.context.step(() => {
			const { user_ids: users, ticket_keys: tickets, kinds } = filter;
			const found = tickets
				? held.byAny('ticket', tickets)
				: users
					? held.byAny('user', users)
					: held.byAny('kind', kinds);
			const changed = found.filter(
				(row) =>
					kinds.includes(row.kind) &&
					!row.test &&
					(!users || users.includes(row.user_id)) &&
					(row.due_at === null || row.due_at > now),
			);
			changed.forEach((row) => held.set({ ...row, due_at: now }));
			return changed.length;
		});
	}

	async nextDue(): Promise<string | undefined> {
		const { held } = this.context.state;
		return this.context.step(() => held.firstDue('due'));
	}

	async count(): Promise<number> {
		const { held } = this.context.state;
		return this.context.step(() => held.size);
	}
}

const inOrder = (rows: HeldEntry[]): HeldEntry[] => plainCopy(rows.sort((a, b) => a.seq - b.seq));

const byDue = (a: HeldEntry, b: HeldEntry): number =>
	compareText(a.due_at ?? '', b.due_at ?? '') || a.seq - b.seq;
