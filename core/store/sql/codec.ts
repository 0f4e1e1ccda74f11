/** A contract row as its table holds it: documents as JSON text, flags as 0 and 1, no `undefined`. */
export type Stored<T, J extends keyof T, F extends keyof T = never> = {
	[K in keyof T]-?: K extends J
		? null extends T[K]
			? string | null
			: string
		: K extends F
			? number
			: undefined extends T[K]
				? Exclude<T[K], undefined> | null
				: T[K];
};

/** The one place where documents and flags change form; both databases hold them alike. */
export class Codec<T extends object, J extends keyof T, F extends keyof T = never> {
	constructor(
		private readonly columns: ReadonlyArray<keyof T>,
		private readonly json: readonly J[],
		private readonly flags: readonly F[] = [],
		/** How a document's text is read; default: anew each time. */
		private readonly read: (text: string) => unknown = JSON.parse,
	) {}

	encode(row: T): Stored<T, J, F> {
		const stored: Partial<Record<keyof T, unknown>> = {};
		for (const name of this.columns) stored[name] = row[name] ?? null;
		for (const name of this.json) stored[name] = textOf(row[name]);
		for (const name of this.flags) stored[name] = row[name] ? 1 : 0;
		return stored as Stored<T, J, F>;
	}

	/** Takes the contract's columns only: tables may hold more for their indexes. */
	decode(stored: Stored<T, J, F>): T {
		const row: Partial<Record<keyof T, unknown>> = {};
		for (const name of this.columns) row[name] = stored[name];
		for (const name of this.json) {
			const text = stored[name] as string | null;
			row[name] = text === null ? null : this.read(text);
		}
		for (const name of this.flags) row[name] = stored[name] === 1;
		return row as T;
	}
}

const textOf = (value: unknown): string | null =>
	value === null || value === undefined ? null : JSON.stringify(value);
