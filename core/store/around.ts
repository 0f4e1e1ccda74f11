import { AsyncLocalStorage } from 'node:async_hooks';

interface Frame {
	owner: object;
	value: object;
	outer?: Frame;
}

/** One for all stores: before Node 24 each storage that was ever used makes every promise of the process dearer, for good. */
const frames = new AsyncLocalStorage<Frame>();

/** Runs `work` with `value` around it, and all that it calls, for whoever asks for that of `owner`. */
export const runWithin = <T>(owner: object, value: object, work: () => Promise<T>): Promise<T> =>
	frames.run({ owner, value, outer: frames.getStore() }, work);

/** What `owner` has put around this call; undefined outside. */
export function around<V extends object>(owner: object): V | undefined {
	for (let frame = frames.getStore(); frame; frame = frame.outer)
		if (frame.owner === owner) return frame.value as V;
	return undefined;
}
