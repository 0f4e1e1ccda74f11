import type { Store } from '../../core/store';

/** The release loops of this process, by their store: what has just become due need not wait for their next look. */
const loops = new WeakMap<object, Set<() => void>>();

/** Returns how to leave again. */
export function joinRelease(store: Store, wake: () => void): () => void {
	const known = loops.get(store.place) ?? new Set();
	loops.set(store.place, known.add(wake));
	return () => known.delete(wake);
}

export const wakeRelease = (store: Store): void =>
	loops.get(store.place)?.forEach((wake) => wake());
