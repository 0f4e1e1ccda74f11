import type { Presence, Store, StoredSilence } from '../store/types';

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

type Entry = { at: string } & ({ presence: Presence } | { silence: StoredSilence });

/** What holds in the store at `at`, as entries of a timeline: these people's states, silences that run or will. */
export async function currentStates(
	store: Store,
	userIds: readonly string[],
	at: string,
): Promise<Entry[]> {
	const entries: Entry[] = [];
	for (let offset = 0; offset < userIds.length; offset += PAGE) {
		const rows = await store.presence.get(userIds.slice(offset, offset + PAGE));
		entries.push(...rows.map((presence) => ({ at, presence })));
	}
	for (let offset = 0; ; offset += PAGE) {
		const rows = await store.silences.list({ limit: PAGE, offset });
		entries.push(
			...rows
				.filter((silence) => !silence.ended_at && silence.ends_at > at)
				.map((silence) => ({ at, silence })),
		);
		if (rows.length < PAGE) break;
	}
	return entries;
}
