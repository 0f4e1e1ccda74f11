import type { Interaction } from '../events/delivery';
import type { Store } from '../store/types';
import { item, type Answered, type TakeOptions } from './item';

/** An unknown sender is answered so often, and then no more (RI4). */
const STRANGER_ANSWERS = 5;
const STRANGER_MS = 86_400_000;

/** Somebody whom nobody knows: told so five times a day, then left alone. */
export async function stranger(
	store: Store,
	call: Answered,
	options: TakeOptions,
): Promise<Interaction | undefined> {
	const key = `stranger:${options.channel}:${call.channelUserId}`;
	const now = options.now.toISOString();
	const count = options.test
		? 0
		: await store.shared.change(key, now, (value) => {
				const next = Number(value?.count ?? 0) + 1;
				return {
					value: { count: next },
					result: next,
					expiresAt: new Date(options.now.getTime() + STRANGER_MS).toISOString(),
				};
			});
	if (count > STRANGER_ANSWERS) return undefined;
	return item(call, undefined, options, {
		action: 'unknown',
		parameters: { problem: 'unknown_person' },
	});
}
