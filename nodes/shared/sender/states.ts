import type { Store } from '../../../core/store';

type Value = Record<string, unknown>;

/** Small values that senders share: in the store where several processes use it, else in this process. */
export interface States {
	/** Values by their keys, in one read. */
	get(keys: readonly string[]): Promise<ReadonlyMap<string, Value>>;
	change<V extends Value, T>(
		key: string,
		change: (value: V | undefined) => { value: V; result: T },
	): Promise<T>;
}

const DAY_MS = 24 * 3_600_000;
const MOST = 10_000;
const own = new Map<string, Value>();

/** An embedded store serves one process: no write to disk for each message. */
const inProcess: States = {
	get: async (keys) =>
		new Map(keys.flatMap((key) => (own.has(key) ? [[key, own.get(key) as Value]] : []))),
	async change(key, change) {
		const { value, result } = change(own.get(key) as never);
		own.delete(key);
		own.set(key, value);
		const oldest = own.size > MOST ? own.keys().next().value : undefined;
		if (oldest !== undefined) own.delete(oldest);
		return result;
	},
};

const inStore = (store: Store): States => ({
	get: (keys) => store.shared.get(keys),
	change: async <V extends Value, T>(
		key: string,
		change: (value: V | undefined) => { value: V; result: T },
	) => {
		const now = Date.now();
		const expiresAt = new Date(now + DAY_MS).toISOString();
		return store.shared.change<T>(key, new Date(now).toISOString(), (value) => ({
			...change(value as V | undefined),
			expiresAt,
		}));
	},
});

export const statesOf = (store: Store): States =>
	store.kind === 'postgres' ? inStore(store) : inProcess;
