import { around, runWithin } from '../around';
import { endedTransaction } from '../errors';
import type { Db, Handle } from './handle';

/** What a dialect brings: its root, and how it begins, locks and ends a transaction. */
export interface Backend
	extends Pick<Handle, 'kind' | 'types' | 'numbers' | 'hasTable' | 'prepareSchema'> {
	readonly db: Db;
	begin<T>(work: (db: Db) => Promise<T>): Promise<T>;
	/** Waits for keys inside a transaction, and keeps them until its end. */
	lock(db: Db, keys: readonly string[]): Promise<void>;
}

/** A running transaction. */
interface Open {
	db: Db;
	open: boolean;
}

/** The root handle of a backend. */
export class RootHandle implements Handle {
	readonly kind;
	readonly types;
	readonly hasTable;
	readonly prepareSchema;
	readonly numbers;

	constructor(private readonly backend: Backend) {
		this.kind = backend.kind;
		this.types = backend.types;
		this.hasTable = backend.hasTable.bind(backend);
		this.prepareSchema = backend.prepareSchema.bind(backend);
		this.numbers = backend.numbers.bind(backend);
	}

	async read<T>(work: (db: Db) => Promise<T>): Promise<T> {
		return work(this.joined()?.db ?? this.backend.db);
	}

	async write<T>(work: (db: Db) => Promise<T>, keys: readonly string[] = []): Promise<T> {
		return this.enter(keys, (current) => work(current.db));
	}

	async transaction<T>(keys: readonly string[], work: (handle: Handle) => Promise<T>): Promise<T> {
		return this.enter(keys, (current) => work(new OpenHandle(this, this.backend, current)));
	}

	private async enter<T>(keys: readonly string[], work: (current: Open) => Promise<T>): Promise<T> {
		const joined = this.joined();
		if (joined) {
			await this.backend.lock(joined.db, keys);
			return work(joined);
		}
		return this.backend.begin(async (db) => {
			await this.backend.lock(db, keys);
			const current: Open = { db, open: true };
			try {
				return await runWithin(this, current, () => work(current));
			} finally {
				current.open = false;
			}
		});
	}

	/** A call through the outer store from inside a transaction's work would wait for itself: it joins. */
	private joined(): Open | undefined {
		const current = around<Open>(this);
		return current?.open ? current : undefined;
	}
}

/** An open transaction: everything joins it. */
class OpenHandle implements Handle {
	readonly kind;
	readonly types;
	readonly hasTable;
	readonly prepareSchema;
	readonly numbers;

	constructor(
		root: RootHandle,
		private readonly backend: Backend,
		private readonly current: Open,
	) {
		this.kind = root.kind;
		this.types = root.types;
		this.hasTable = root.hasTable;
		this.prepareSchema = root.prepareSchema;
		this.numbers = root.numbers;
	}

	async read<T>(work: (db: Db) => Promise<T>): Promise<T> {
		return work(this.db());
	}

	async write<T>(work: (db: Db) => Promise<T>, keys: readonly string[] = []): Promise<T> {
		await this.backend.lock(this.db(), keys);
		return work(this.db());
	}

	async transaction<T>(keys: readonly string[], work: (handle: Handle) => Promise<T>): Promise<T> {
		await this.backend.lock(this.db(), keys);
		return work(this);
	}

	private db(): Db {
		if (!this.current.open) throw endedTransaction();
		return this.current.db;
	}
}
