import type { Store } from '../store/types';

const PAGE = 500;

/** Everybody's documents and the policy, as they stand in the store. */
export async function currentRules(
	store: Store,
): Promise<{ preferences: Array<Record<string, unknown>>; policy: Record<string, unknown> }> {
	const preferences: Array<Record<string, unknown>> = [];
	for (let offset = 0; ; offset += PAGE) {
		const rows = await store.preferences.list({ limit: PAGE, offset });
		preferences.push(...rows.map((row) => row.document));
		if (rows.length < PAGE) break;
	}
	return { preferences, policy: (await store.policies.get())?.document ?? {} };
}
