import { plainCopy } from '../plain';
import type { GroupRepository, GroupState } from '../types';
import type { MemoryContext } from './context';

export class MemoryGroups implements GroupRepository {
	constructor(private readonly context: MemoryContext) {}

	async get(keys: readonly string[]): Promise<GroupState[]> {
		const { groups } = this.context.state;
		return this.context.step(() => plainCopy(groups.pick(keys)));
	}

	async put(rows: readonly GroupState[]): Promise<void> {
		const { groups, documents } = this.context.state;
		return this.context.step(() =>
			rows.forEach((row) => {
				const own = plainCopy(row);
				// Most windows are opened by the same policy.
				groups.set({ ...own, settings: documents.part('settings', own.settings) });
			}),
		);
	}

	async remove(keys: readonly string[]): Promise<void> {
		const { groups } = this.context.state;
		return this.context.step(() => keys.forEach((key) => groups.delete(key)));
	}

	async due(now: string, limit: number): Promise<GroupState[]> {
		const { groups } = this.context.state;
		return this.context.step(() => plainCopy(groups.due('closes', now, limit)));
	}

	async nextDue(): Promise<string | undefined> {
		const { groups } = this.context.state;
		return this.context.step(() => groups.firstDue('closes'));
	}

	async count(): Promise<number> {
		const { groups } = this.context.state;
		return this.context.step(() => groups.size);
	}
}
