import { REACHED } from '../rules';
import { byPairs, pairIn } from './batch';
import type { Db } from './handle';

/** Pairs `ticket_key|user_id` that a message has reached: their own one, or a digest with one of their events. */
export async function toldPairs(
	db: Db,
	pairs: ReadonlyArray<{ ticket_key: string; user_id: string }>,
): Promise<Set<string>> {
	const keys = pairs.map((pair) => [pair.ticket_key, pair.user_id] as const);
	const rows = await byPairs(keys, (part) =>
		db
			.selectFrom('deliveries as d')
			.select(['d.ticket_key', 'd.user_id'])
			.distinct()
			.where(pairIn('d.ticket_key', 'd.user_id', part))
			.where('d.test', '=', 0)
			.where((eb) =>
				eb.or([
					eb('d.status', 'in', [...REACHED]),
					eb.exists(
						eb
							.selectFrom('delivery_events as e')
							.innerJoin('deliveries as by', 'by.delivery_id', 'e.delivery_id')
							.select('e.delivery_id')
							.whereRef('e.event_id', '=', 'd.event_id')
							.whereRef('e.user_id', '=', 'd.user_id')
							.where('by.test', '=', 0)
							.where('by.status', 'in', [...REACHED]),
					),
				]),
			)
			.execute(),
	);
	return new Set(rows.map((row) => `${row.ticket_key}|${row.user_id}`));
}

/** `event_id|user_id` → channels whose message reached the person, alone or inside a digest. */
export async function carriedChannels(
	db: Db,
	pairs: ReadonlyArray<{ event_id: string; user_id: string }>,
): Promise<Map<string, string[]>> {
	const keys = pairs.map((pair) => [pair.event_id, pair.user_id] as const);
	const alone = await byPairs(keys, (part) =>
		db
			.selectFrom('deliveries')
			.select(['event_id', 'user_id', 'channel'])
			.where(pairIn('event_id', 'user_id', part))
			.where('status', 'in', [...REACHED])
			.where('test', '=', 0)
			.execute(),
	);
	const inside = await byPairs(keys, (part) =>
		db
			.selectFrom('delivery_events as e')
			.innerJoin('deliveries as d', 'd.delivery_id', 'e.delivery_id')
			.select(['e.event_id', 'e.user_id', 'd.channel'])
			.where(pairIn('e.event_id', 'e.user_id', part))
			.where('d.status', 'in', [...REACHED])
			.where('d.test', '=', 0)
			.execute(),
	);
	const channels = new Map<string, Set<string>>();
	for (const { event_id, user_id, channel } of [...alone, ...inside]) {
		const key = `${event_id}|${user_id}`;
		channels.set(key, (channels.get(key) ?? new Set()).add(channel));
	}
	return new Map([...channels].map(([key, found]) => [key, [...found].sort()]));
}
