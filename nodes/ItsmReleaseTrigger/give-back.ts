import { handBack } from '../../core/engine';
import type { LedgerRow, Store } from '../../core/store';

/** Failed hand-outs of a row after which it waits for its lease: the others may fail by it. */
const TRIES = 5;

/** Leased rows whose hand-out failed: they are given back, so that they do not wait a whole lease. */
export class GiveBack {
	private owed: LedgerRow[] = [];
	private readonly failures = new Map<string, number>();

	/** Where the store is what failed, they are given back at the next look. */
	async failed(store: Store, rows: readonly LedgerRow[], now: number): Promise<void> {
		for (const row of rows) {
			const count = (this.failures.get(row.delivery_id) ?? 0) + 1;
			this.failures.set(row.delivery_id, count);
			if (count < TRIES) this.owed.push(row);
		}
		await this.settle(store, now).catch(() => undefined);
	}

	succeeded(rows: readonly LedgerRow[]): void {
		for (const row of rows) this.failures.delete(row.delivery_id);
	}

	async settle(store: Store, now: number): Promise<void> {
		if (this.owed.length === 0) return;
		await handBack(store, this.owed, now);
		this.owed = [];
	}
}
