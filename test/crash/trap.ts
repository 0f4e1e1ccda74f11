// Kills this process at a point of the store's life. It patches the drivers, so the code that runs is the shipped one.
import { pointNamed, type Statement } from './points.ts';

/** What the drivers are told to watch. */
export interface Trap {
	/** A transaction begins on a connection. */
	begun(connection: object): void;
	/** A statement ran. */
	ran(connection: object, statement: Statement): void;
	/** Just before and just after the COMMIT. */
	committing(connection: object): void;
	committed(connection: object): void;
}

/** The n-th time that this point is reached (from 1) is the process's last moment. */
export function trap(name: string, nth: number, die = kill): Trap {
	const point = pointNamed(name);
	if (point.kind !== 'store') throw new Error(`"${name}" is no point of the store`);
	const { when, holds } = point;
	const open = new WeakMap<object, Set<number>>();
	let left = nth;
	const reached = (): void => {
		if (--left === 0) die();
	};
	const isWhole = (connection: object): boolean => open.get(connection)?.size === holds.length;
	return {
		begun: (connection) => void open.set(connection, new Set()),
		ran(connection, statement) {
			const found = open.get(connection);
			if (!found) return;
			holds.forEach((test, index) => test(statement) && found.add(index));
			if (when === 'at' && isWhole(connection)) reached();
		},
		committing(connection) {
			if (when === 'before' && isWhole(connection)) reached();
		},
		committed(connection) {
			if (when === 'after' && isWhole(connection)) reached();
			open.delete(connection);
		},
	};
}

/** No handler runs, nothing is flushed, as in a power cut of the process. */
function kill(): void {
	process.kill(process.pid, 'SIGKILL');
	// The signal is delivered before this returns.
}

interface Sqlite {
	DatabaseSync: { prototype: object };
}

type Method = (this: object, ...args: unknown[]) => unknown;

function wrap(
	target: object,
	name: string,
	around: (self: object, args: unknown[], run: () => unknown) => unknown,
): void {
	const original = Reflect.get(target, name) as Method;
	Reflect.set(target, name, function (this: object, ...args: unknown[]) {
		return around(this, args, () => original.apply(this, args));
	});
}

/** Watches every database of node:sqlite in this process. */
export function watchSqlite({ begun, ran, committing, committed }: Trap): void {
	const { DatabaseSync } = process.getBuiltinModule('node:sqlite') as unknown as Sqlite;
	wrap(DatabaseSync.prototype, 'exec', (database, [text], run) => {
		if (text === 'COMMIT') committing(database);
		const result = run();
		if (text === 'BEGIN IMMEDIATE') begun(database);
		if (text === 'COMMIT') committed(database);
		return result;
	});
	wrap(DatabaseSync.prototype, 'prepare', (database, [text], run) => {
		const statement = run() as object;
		for (const name of ['run', 'all', 'iterate'])
			wrap(statement, name, (_self, params, execute) => {
				const result = execute();
				ran(database, { sql: String(text), params });
				return result;
			});
		return statement;
	});
}

/** Watches every client of `pg`, given by whoever has it bundled. */
export function watchPostgres(
	{ begun, ran, committing, committed }: Trap,
	Client: { prototype: object },
): void {
	wrap(Client.prototype, 'query', (client, [text, params], run) => {
		const sql = typeof text === 'string' ? text : '';
		if (sql === 'commit') committing(client);
		const result = run();
		if (!(result instanceof Promise)) return result;
		return result.then((answer: unknown) => {
			if (/^(begin|start transaction)/.test(sql)) begun(client);
			else if (sql === 'commit') committed(client);
			else ran(client, { sql, params: (params as unknown[] | undefined) ?? [] });
			return answer;
		});
	});
}
