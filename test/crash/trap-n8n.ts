// Loaded into n8n with --require: a clock that has been put forward, and the point at which it dies.
import { existsSync, readFileSync } from 'node:fs';
import { trap, watchSqlite, type Trap } from './trap';

/** The server itself, not what it starts. */
if (process.argv.includes('start')) {
	putForward(Number(process.env.ITSM_CRASH_SHIFT_MS ?? 0));
	watchSqlite(orderedBy(String(process.env.ITSM_CRASH_ORDER)));
}

/** The order is a file that comes when the load does: what is recovered before it is left alone. */
function orderedBy(file: string): Trap {
	let set: Trap | undefined;
	return {
		begun(connection) {
			if (!set && existsSync(file)) {
				const { name, nth } = JSON.parse(readFileSync(file, 'utf8')) as {
					name: string;
					nth: number;
				};
				set = trap(name, nth);
			}
			set?.begun(connection);
		},
		ran: (connection, statement) => set?.ran(connection, statement),
		committing: (connection) => set?.committing(connection),
		committed: (connection) => set?.committed(connection),
	};
}

/** As if n8n had been down for so long: leases of the wall's clock need not be waited for. */
function putForward(ms: number): void {
	const real = Date;
	// Taken before anybody replaces it.
	const realNow = real.now;
	const now = (): number => realNow() + ms;
	globalThis.Date = new Proxy(real, {
		construct: (target, args: unknown[], self) =>
			Reflect.construct(target, args.length > 0 ? args : [now()], self) as Date,
		apply: () => new real(now()).toString(),
		get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
	});
}
