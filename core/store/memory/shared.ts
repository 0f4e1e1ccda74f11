import { plainCopy } from '../plain';
import type { SeenRepository, SharedRepository } from '../types';
import type { MemoryContext } from './context';
import type { SharedRow } from './state';

export class MemorySeen implements SeenRepository {
	constructor(private readonly context: MemoryContext) {}

	async mark(keys: readonly string[], now: string, windowStart?: string): Promise<string[]> {
		const { seen } = this.context.state;
		return this.context.step(() =>
			[...new Set(keys)].filter((key) => {
				const known = seen.get(key);
				if (known && (windowStart === undefined || known.at >= windowStart)) return false;
				seen.set({ key, at: now });
				return true;
			}),
		);
	}

	async purge(before: string): Promise<number> {
		const { seen } = this.context.state;
		return this.context.step(
			() => [...seen.values()].filter((row) => row.at < before && seen.delete(row.key)).length,
		);
	}
}

export class MemoryShared implements SharedRepository {
	constructor(private readonly context: MemoryContext) {}

	async get(keys: readonly string[], now?: string): Promise<Map<string, Record<string, unknown>>> {
		const { shared } = this.context.state;
		return this.context.step(() => {
			const rows = shared.pick(keys).filter((row) => now === undefined || isAlive(row, now));
			return new Map(rows.map((row) => [row.key, plainCopy(row.value)]));
		});
	}

	async put(
		key: string,
		value: Record<string, unknown>,
		_now: string,
		expiresAt?: string,
	): Promise<void> {
		const { shared } = this.context.state;
		return this.context.step(() =>
			shared.set({ key, value: plainCopy(value), expires_at: expiresAt ?? null }),
		);
	}

	async change<T>(
		key: string,
		now: string,
		change: (value: Record<string, unknown> | undefined) => {
			value: Record<string, unknown> | undefined;
			result: T;
			expiresAt?: string;
		},
	): Promise<T> {
		const { shared } = this.context.state;
		return this.context.step(() => {
			const known = shared.get(key);
			const next = change(known && isAlive(known, now) ? plainCopy(known.value) : undefined);
			if (next.value === undefined) shared.delete(key);
			else
				shared.set({
					key,
					value: plainCopy(next.value),
					expires_at: next.expiresAt ?? null,
				});
			return next.result;
		});
	}

	async once(key: string, now: string, expiresAt: string): Promise<boolean> {
		const { shared } = this.context.state;
		return this.context.step(() => {
			const known = shared.get(key);
			if (known && isAlive(known, now)) return false;
			shared.set({ key, value: {}, expires_at: expiresAt });
			return true;
		});
	}

	async purge(now: string): Promise<number> {
		const { shared } = this.context.state;
		return this.context.step(
			() =>
				[...shared.values()].filter((row) => !isAlive(row, now) && shared.delete(row.key)).length,
		);
	}
}

const isAlive = (row: SharedRow, now: string): boolean =>
	row.expires_at === null || row.expires_at > now;
