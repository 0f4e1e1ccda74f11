// Where a process is killed, named by what the store's transaction holds or by what the provider has seen.
// Nothing of this is in the shipped code: the store's driver is patched from outside (see trap.ts).

/** One statement of a transaction, as it reaches the database. */
export interface Statement {
	sql: string;
	params: readonly unknown[];
}

type Test = (statement: Statement) => boolean;

interface StorePoint {
	kind: 'store';
	name: string;
	/** Killed before the COMMIT of a transaction that holds all of these, after it, or at the first such statement. */
	when: 'before' | 'after' | 'at';
	holds: Test[];
	/** How often it comes at least in one load of the drill: one of these is chosen. */
	times: number;
	/** The same where one run takes everything that has come in. */
	timesInOneRun: number;
}

/** Killed by the provider's simulator: while it has the request, or when it has taken the message and not answered. */
interface ProviderPoint {
	kind: 'provider';
	name: string;
	accepted: boolean;
}

export type Point = StorePoint | ProviderPoint;

const writes = (verb: string, table: string, ...params: unknown[]): Test => {
	const text = new RegExp(`^${verb} (?:"[^"]+"\\.)?"${table}"`);
	return (statement) =>
		text.test(statement.sql) && params.every((param) => statement.params.includes(param));
};
const mentions =
	(test: Test, part: string): Test =>
	(statement) =>
		test(statement) &&
		statement.params.some((param) => typeof param === 'string' && param.includes(part));

const commit = writes('insert into', 'intake');
const leased = writes('update', 'intake', 'leased');
const completed = writes('update', 'intake', 'done');
const observed = writes('insert into', 'tickets');
const decided = writes('insert into', 'deliveries', 'decided');
const held = writes('insert into', 'held');
const chain = writes('insert into', 'chains');
const fired = mentions(chain, '"fired":true');
const claimed: Test = (statement) =>
	writes('insert into', 'deliveries', 'sending')(statement) ||
	writes('update', 'deliveries', 'sending')(statement);
const recorded = writes('insert into', 'deliveries', 'done', 'sent');
const failed = writes('insert into', 'deliveries', 'done', 'failed');
const retried = writes('insert into', 'deliveries', 'due', 'retry_scheduled');
const digest = writes('insert into', 'deliveries', 'due');
const letGo = writes('delete from', 'held');
const handedOut = writes('update', 'deliveries', 'emitted');
const table: Test = ({ sql }) => /^create table deliveries /.test(sql);
const version = writes('insert into', 'meta');

const store = (
	name: string,
	when: StorePoint['when'],
	holds: Test[],
	times = 1,
	timesInOneRun = times,
): StorePoint => ({ kind: 'store', name, when, holds, times, timesInOneRun });

/** Once in each run of events. */
const ofRun = (name: string, when: StorePoint['when'], holds: Test[]): StorePoint =>
	store(name, when, holds, 2, 1);

/** In the order of an event's life. */
export const POINTS: readonly Point[] = [
	store('while the store migrates', 'at', [table]),
	store('before the migration is committed', 'before', [version]),
	store('before the commit of the intake', 'before', [commit], 3),
	store('after the commit, before the 2xx', 'after', [commit], 3),
	ofRun('before the lease of what was answered', 'before', [leased]),
	ofRun('after the lease, before the run begins', 'after', [leased]),
	ofRun('after the ticket was observed', 'after', [observed]),
	ofRun('while the gate decides', 'before', [decided]),
	ofRun('after the decision, before it is rendered', 'after', [decided]),
	ofRun('after it was held', 'after', [held]),
	store('after the escalation began', 'after', [chain]),
	store('after the claim, before the send', 'after', [claimed], 5),
	{ kind: 'provider', name: 'in the send, before it was accepted', accepted: false },
	{ kind: 'provider', name: 'after it was accepted, before the answer', accepted: true },
	store('while the outcome is recorded', 'before', [recorded], 5),
	store('after the outcome was recorded', 'after', [recorded], 5),
	store('after a failure was recorded, before the next channel', 'after', [failed]),
	store('while a retry is written', 'before', [retried]),
	store('after a retry was written', 'after', [retried]),
	ofRun('before the lease is completed', 'before', [completed]),
	store('while a digest is released', 'before', [letGo, digest]),
	store('after a digest was released, before its lease', 'after', [letGo, digest]),
	store('after the lease of what is due, before its run', 'after', [handedOut], 3),
	store('while an escalation step fires', 'before', [fired]),
	store('after an escalation step fired', 'after', [fired]),
];

/** Those of a store that is in use; it is migrated once. */
export const IN_USE = POINTS.filter(({ name }) => !/migrat/.test(name));

export const pointNamed = (name: string): Point => {
	const point = POINTS.find((known) => known.name === name);
	if (!point) throw new Error(`No crash point "${name}"`);
	return point;
};
