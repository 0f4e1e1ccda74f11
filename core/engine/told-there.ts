import { isAsSeen } from '../store/rules';
import type { LedgerRow, Store } from '../store/types';

/** What the ledger says of deliveries on other channels, with the messages inside which they went. */
export class ToldThere {
	private readonly read: ReadonlyMap<string, LedgerRow>;
	private readonly known: Map<string, LedgerRow>;

	private constructor(rows: ReadonlyMap<string, LedgerRow>) {
		this.read = rows;
		this.known = new Map(rows);
	}

	static async of(store: Store, ids: readonly string[]): Promise<ToldThere> {
		const rows = new Map<string, LedgerRow>();
		const asked = new Set<string>();
		for (let wanted = [...new Set(ids)]; wanted.length > 0; ) {
			const found = await store.deliveries.get(wanted);
			for (const id of wanted) asked.add(id);
			for (const row of found) rows.set(row.delivery_id, row);
			wanted = [...new Set(found.flatMap((row) => insideOf(row) ?? []))].filter(
				(id) => !asked.has(id),
			);
		}
		return new ToldThere(rows);
	}

	/** Whether it is told there: it was sent, waits, or went inside a message of which that is true. */
	tells(id: string, failing: string): boolean {
		const row = this.teller(id);
		return (
			row !== undefined &&
			// A run before this one failed here too and died on its way to the next channel.
			!(row.stage === 'decided' && row.item?.tried?.includes(failing)) &&
			['sent', 'delivered', 'pending', 'superseded'].includes(row.status)
		);
	}

	/** The row that tells it: its own, or that of the message inside which it went. */
	teller(id: string): LedgerRow | undefined {
		const seen = new Set<string>();
		let row = this.known.get(id);
		for (let by = row && insideOf(row); row && by && !seen.has(by); by = row && insideOf(row)) {
			seen.add(by);
			row = this.known.get(by) ?? row;
		}
		return row;
	}

	/** Rows that this run is about to write. */
	note(rows: readonly LedgerRow[]): void {
		for (const row of rows) this.known.set(row.delivery_id, row);
	}

	/** Whether a row still is as it was read. */
	isAsRead(row: LedgerRow): boolean {
		return isAsSeen(row, this.read.get(row.delivery_id));
	}
}

/** The message inside which it went. */
const insideOf = ({ status, facts }: LedgerRow): string | undefined =>
	status === 'superseded' && typeof facts?.by === 'string' ? facts.by : undefined;
