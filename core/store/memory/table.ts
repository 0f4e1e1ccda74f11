import { DueIndex } from './due-index';
import { KeyIndex } from './key-index';

/** Undoes what a failed transaction wrote. Empty outside transactions. */
export class Journal {
	private undo: Array<() => void> | undefined;

	begin(): void {
		this.undo = [];
	}

	note(undo: () => void): void {
		this.undo?.push(undo);
	}

	end(keep: boolean): void {
		const steps = this.undo ?? [];
		this.undo = undefined;
		if (!keep) steps.reverse().forEach((step) => step());
	}
}

type Values = string | readonly string[] | undefined;

interface Shape<R, I extends string, T extends string> {
	key(row: R): string;
	/** Values by which rows are found. */
	indexes?: Record<I, (row: R) => Values>;
	/** Instants at which rows come due. */
	timers?: Record<T, (row: R) => string | null | undefined>;
}

/** Rows by key with indexes. It holds what it is given: callers copy on the way in and out. */
export class Table<R, I extends string = never, T extends string = never> {
	private readonly rows = new Map<string, R>();
	private readonly indexes: Array<{ index: KeyIndex; of: (row: R) => Values }> = [];
	private readonly timers: Array<{ due: DueIndex; of: (row: R) => string | null | undefined }> = [];
	private readonly indexOf = new Map<string, KeyIndex>();
	private readonly timerOf = new Map<string, DueIndex>();

	constructor(
		private readonly journal: Journal,
		private readonly shape: Shape<R, I, T>,
	) {
		for (const [name, of] of entries(shape.indexes)) {
			const index = new KeyIndex();
			this.indexes.push({ index, of });
			this.indexOf.set(name, index);
		}
		for (const [name, of] of entries(shape.timers)) {
			const due = new DueIndex();
			this.timers.push({ due, of });
			this.timerOf.set(name, due);
		}
	}

	get size(): number {
		return this.rows.size;
	}

	get(key: string): R | undefined {
		return this.rows.get(key);
	}

	/** The rows that there are of these keys, each once. */
	pick(keys: readonly string[]): R[] {
		return [...new Set(keys)].flatMap((key) => this.rows.get(key) ?? []);
	}

	values(): Iterable<R> {
		return this.rows.values();
	}

	set(row: R): void {
		this.write(this.shape.key(row), row);
	}

	delete(key: string): boolean {
		const known = this.rows.has(key);
		if (known) this.write(key, undefined);
		return known;
	}

	has(index: I, value: string): boolean {
		return this.index(index).has(value);
	}

	/** Rows with a value. */
	by(index: I, value: string): R[] {
		return Array.from(this.index(index).keys(value), (key) => this.rows.get(key) as R);
	}

	/** Rows with one of the values, each once. */
	byAny(index: I, values: readonly string[]): R[] {
		const keys = new Set(values.flatMap((value) => [...this.index(index).keys(value)]));
		return Array.from(keys, (key) => this.rows.get(key) as R);
	}

	firstDue(timer: T): string | undefined {
		return this.timer(timer).first();
	}

	/** Rows due at or before an instant, earliest first. */
	due(timer: T, at: string, limit = Infinity): R[] {
		const rows: R[] = [];
		if (limit > 0) {
			this.timer(timer).upTo(at, (key) => rows.push(this.rows.get(key) as R) < limit);
		}
		return rows;
	}

	private index(name: I): KeyIndex {
		return this.indexOf.get(name) as KeyIndex;
	}

	private timer(name: T): DueIndex {
		return this.timerOf.get(name) as DueIndex;
	}

	private write(key: string, row: R | undefined): void {
		const before = this.rows.get(key);
		this.journal.note(() => this.write(key, before));
		for (const { index, of } of this.indexes) {
			const [old, now] = [before && of(before), row && of(row)];
			if (old === now) continue;
			for (const value of list(old)) index.remove(value, key);
			for (const value of list(now)) index.add(value, key);
		}
		for (const { due, of } of this.timers) due.set(key, row && of(row));
		if (row === undefined) this.rows.delete(key);
		else this.rows.set(key, row);
	}
}

const list = (values: Values): readonly string[] =>
	values === undefined ? [] : typeof values === 'string' ? [values] : values;

const entries = <V>(record: Record<string, V> | undefined): Array<[string, V]> =>
	Object.entries(record ?? {});
