import type { Delivery } from '../events/delivery';
import type { Store } from '../store/types';
import { apart } from './apart';
import { PairRelease, type ReleaseOptions } from './pair-release';

export type { ReleaseOptions } from './pair-release';

/** Lets go of everything held that is due at `now`, as ledger rows of stage `due`. Returns how many messages were made. */
export async function releaseHeld(
	store: Store,
	options: ReleaseOptions,
	limit = 500,
): Promise<number> {
	const nowIso = new Date(options.now).toISOString();
	const work = new Map<string, { groups: string[]; channels: Set<string> }>();
	const of = (user: string): { groups: string[]; channels: Set<string> } => {
		const known = work.get(user) ?? { groups: [], channels: new Set<string>() };
		work.set(user, known);
		return known;
	};
	for (const group of await store.groups.due(nowIso, limit)) {
		of(group.user_id).groups.push(group.group_key);
		of(group.user_id).channels.add(group.channel);
	}
	for (const pair of await store.held.duePairs(nowIso, limit))
		of(pair.user_id).channels.add(pair.channel);
	let made = 0;
	for (const [user, due] of work) {
		const freed: Array<[Delivery, string | null]> = [];
		const noted = {
			...options,
			onFreed: (delivery: Delivery, id: string | null) => void freed.push([delivery, id]),
		};
		const release = async (tx: Store): Promise<number> => {
			// Read again under the lock: another process may have been here.
			const groups = (await tx.groups.get(due.groups)).filter(
				(g) => g.closes_at !== null && g.closes_at <= nowIso,
			);
			let count = 0;
			for (const channel of due.channels)
				count += await new PairRelease(tx, user, channel, noted).run(
					groups.filter((g) => g.channel === channel),
				);
			return count;
		};
		const count = await apart(options.onFault, `Held for ${user}`, () =>
			store.exclusive([`user:${user}`], release),
		);
		if (count === undefined) continue;
		made += count;
		for (const [delivery, id] of freed) options.onFreed?.(delivery, id);
	}
	return made;
}
