import type { Policy } from '../preferences/policy';
import type { GroupState, HeldEntry, Store } from '../store/types';
import { loadView, type LoadedView } from './load';

/** One view per policy by which something was held; null = the store's current one. */
export async function releaseViews(
	store: Store,
	entries: readonly HeldEntry[],
	groups: readonly GroupState[],
	options: { now: number; policyOf(policyId: string | null): Promise<Policy> },
): Promise<Map<string | null, LoadedView>> {
	const views = new Map<string | null, LoadedView>();
	for (const id of new Set([...entries, ...groups].map((held) => held.policy_id))) {
		const items = [
			...entries.filter((e) => e.policy_id === id).map((e) => e.item),
			...groups.filter((g) => g.policy_id === id).flatMap((g) => g.last_items ?? []),
		];
		const view = await loadView(store, items, {
			policy: await options.policyOf(id),
			now: options.now,
			groups: groups.map((g) => g.group_key),
		});
		views.set(id, view);
	}
	return views;
}
