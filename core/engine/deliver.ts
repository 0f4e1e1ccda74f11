import type { Delivery } from '../events/delivery';
import type { Store } from '../store/types';
import type { Delivered, DeliverOptions } from './deliver-types';
import { groupCommit } from './group-commit';
import { Lanes } from './lanes';
import { rank, recordAll, settleAll, type Claimed, type Outcome, type Turn } from './ledger-steps';
import { Line } from './line';
import { one } from './outcome';

export type { Attempt, Delivered, DeliverOptions } from './deliver-types';

/** How long an outcome and the next claim wait for those of the other lanes: little beside a call to a provider. */
const PATIENCE_MS = 3;

type Result = Delivered['results'][number];

/**
 * The one way to send: claim in the ledger, call, record. What was sent is not sent again; what may be tried again
 * waits in the store, and what comes later for the same ticket, person and channel waits behind it; what failed for
 * good is turned to the recipient's next channel. Each message is claimed right before it begins, and its outcome is
 * written before the person's next one: a process that dies leaves in doubt only what was in flight.
 */
export async function deliver(
	store: Store,
	deliveries: readonly Delivery[],
	options: DeliverOptions,
): Promise<Delivered> {
	// The same delivery twice in one run is one message.
	const distinct = [...new Map(deliveries.map((d) => [d.delivery_id, d])).values()];
	const queues = byPerson(distinct);
	const results = new Map<string, Result>();
	const ended = new Set<string>();
	const late: Outcome[] = [];
	const line = new Line();
	const lanes = new Lanes();
	const step = (turns: readonly Turn[]): Promise<Array<Claimed | undefined>> =>
		settleAll(store, turns, line, options);
	const alone = async (turn: Turn): Promise<Array<Claimed | undefined>> =>
		step([turn]).catch(() => {
			// Once more at the end, where a store that is gone fails the run.
			if (turn.outcome) late.push(turn.outcome);
			return turn.next ? step([{ next: turn.next }]) : [undefined];
		});
	const settle = groupCommit<Turn, Claimed | undefined>(
		// Where many fail together, each is tried alone then.
		(turns) => (turns.length > 1 ? step(turns) : alone(turns[0])),
		{ isComplete: (waiting) => lanes.areAll(waiting.length), patienceMs: () => PATIENCE_MS },
	);
	await lanes.run([...queues.values()], options.concurrency, async (mine) => {
		let outcome: Outcome | undefined;
		for (const next of mine) {
			const others = rank(next, options) > 0 ? options.letPass?.() : undefined;
			if (others) {
				if (outcome) await settle({ outcome });
				outcome = undefined;
				await others;
			}
			const claimed = (await settle({ outcome, next })) as Claimed;
			outcome = undefined;
			if ('result' in claimed) {
				results.set(next.delivery_id, claimed.result);
				if (claimed.ended) ended.add(next.delivery_id);
				continue;
			}
			const { result, update } = await one(next, claimed.before, options);
			results.set(next.delivery_id, result);
			if (update.stage === 'done') ended.add(next.delivery_id);
			outcome = { result, update: { ...line.factsAfterTurn(next), ...update } };
		}
		if (outcome) await settle({ outcome });
	});
	if (late.length > 0) await recordAll(store, late, options);
	const freed = await line.wake(
		store,
		distinct.filter((d) => ended.has(d.delivery_id)),
		options.now(),
	);
	const told = new Set<string>();
	return {
		freed,
		results: deliveries.map((delivery) => {
			const result = results.get(delivery.delivery_id) as Result;
			const isRepeat = told.has(delivery.delivery_id);
			told.add(delivery.delivery_id);
			return isRepeat ? asDuplicate(result) : result;
		}),
	};
}

/** In order per person. By hand: Node 20 has no Map.groupBy, and a simulation runs there too. */
function byPerson(deliveries: readonly Delivery[]): Map<string, Delivery[]> {
	const queues = new Map<string, Delivery[]>();
	for (const delivery of deliveries) {
		const { user_id: id } = delivery.recipient;
		const queue = queues.get(id);
		if (queue) queue.push(delivery);
		else queues.set(id, [delivery]);
	}
	return queues;
}

/** The second item of one delivery: it tells the same outcome and turns nothing to a next channel again. */
function asDuplicate({ delivery, ok }: Delivered['results'][number]): Delivered['results'][number] {
	const { status } = delivery;
	return {
		delivery: status ? { ...delivery, status: { ...status, duplicate: true } } : delivery,
		ok,
	};
}
