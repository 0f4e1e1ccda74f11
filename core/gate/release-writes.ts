import type { Decision, Delivery } from '../events/delivery';
import type { HeldEntry, LedgerRow, Store } from '../store/types';
import type { GateCode } from './codes';
import { ledgerRow } from './rows';

type Update = Partial<LedgerRow> & { delivery_id: string };

/** What one release is going to write, all of it at its end. */
export class ReleaseWrites {
	private readonly due: LedgerRow[] = [];
	private readonly updates: Update[] = [];
	private readonly again: HeldEntry[] = [];
	private readonly removed: string[] = [];

	/** Messages that go out now. */
	get count(): number {
		return this.due.filter((row) => row.stage === 'due').length;
	}

	constructor(
		private readonly nowIso: string,
		private readonly onDecision?: (delivery: Delivery, decision: Decision) => void,
	) {}

	/** Goes out now, in place of these held entries. */
	send(delivery: Delivery, decision: Decision, rank: number, entries: readonly string[]): void {
		const out = { stage: 'due' as const, due_at: this.nowIso, rank };
		this.due.push(ledgerRow({ ...delivery, decision }, this.nowIso, out));
		this.removed.push(...entries);
	}

	/** A repeat's rows and what of it is held. */
	add(rows: readonly LedgerRow[], held: readonly HeldEntry[]): void {
		this.due.push(...rows);
		this.again.push(...held);
	}

	/** Held as before, until something else lets go of it. */
	stay(entry: HeldEntry): void {
		this.again.push({ ...entry, due_at: null });
	}

	/** Held on by another obstacle; without an end where `until` is null. */
	holdOn(
		entry: HeldEntry,
		kind: HeldEntry['kind'],
		until: number | null,
		reason: GateCode,
		facts: Record<string, unknown>,
	): void {
		const due = until === null ? null : new Date(until).toISOString();
		const decision: Decision = { action: 'hold', reason, until: due, facts };
		const changed = entry.reason !== reason || entry.item.decision?.until !== due;
		const item = { ...entry.item, decision };
		this.again.push({ ...entry, kind, group_key: null, due_at: due, reason, item });
		this.updates.push({
			delivery_id: entry.delivery_id,
			reason,
			facts,
			item,
			updated_at: this.nowIso,
		});
		if (changed) this.onDecision?.(item, decision);
	}

	/** Inside another message from now on. */
	absorb(ids: readonly string[], by: string): void {
		for (const id of ids) this.end(id, 'superseded', 'in_digest', { by });
	}

	/** Never sent, and said so. */
	drop(
		{ delivery_id: id, item }: Pick<HeldEntry, 'delivery_id' | 'item'>,
		status: 'superseded' | 'silenced',
		reason: GateCode,
		facts: Record<string, unknown> = {},
	): void {
		this.end(id, status, reason, facts);
		this.onDecision?.(item, { action: 'silence', reason });
	}

	async write({ deliveries, held }: Store): Promise<void> {
		if (this.updates.length > 0) await deliveries.update(this.updates);
		if (this.due.length > 0) await deliveries.insert(this.due, { overwrite: true });
		if (this.removed.length > 0) await held.remove([...new Set(this.removed)]);
		if (this.again.length > 0) await held.put(this.again);
	}

	private end(
		id: string,
		status: 'superseded' | 'silenced',
		reason: GateCode,
		facts: Record<string, unknown>,
	): void {
		this.removed.push(id);
		this.updates.push({
			delivery_id: id,
			stage: 'done',
			status,
			reason,
			facts,
			updated_at: this.nowIso,
		});
	}
}
