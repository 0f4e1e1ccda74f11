import { messageOf } from '../errors';
import type { IntakeRow, Store } from '../store/types';
import { byAttempts, Resting } from './resting';
import { INTAKE_RULES, type IntakeRules } from './rules';

/** `T`: what the rows hold, events or answers of people. */
export interface IntakeLoopOptions<T> {
	store: Store;
	node: { workflow_id: string; node_id: string };
	/** Names this process, the same after a restart. */
	owner: string;
	/** Takes back at once what is leased under that name: right after a restart, not while this process works on it. */
	takeBack?: boolean;
	/** The item of a row, checked; throws where it is none. */
	read(item: Record<string, unknown>): T;
	/** Starts one run with these items; resolves true where it ended well. Rejects or false = failed. */
	emit(items: T[]): Promise<boolean>;
	now(): number;
	warn(message: string): void;
	/** True where another run at once would only take time from those that go on. */
	isBusy?(): boolean;
	/** Told that a run with urgent events begins; what it returns is called at its end. */
	urgentRun?(): () => void;
	/** Told of events that were given up; their operators should know. */
	setAside?(eventIds: readonly string[], why: string): Promise<unknown>;
	rules?: Partial<IntakeRules>;
}

export interface IntakeLoop {
	/** Looks again now: something has just been committed. */
	wake(): void;
	/** Lets running runs finish; nothing new is begun. */
	stop(): Promise<void>;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * The background half of durable intake: leases committed events of one node, emits them in batches and completes them
 * when their run has ended well. A fault is told and the loop goes on; an event that fails again and again is set aside.
 */
export function intakeLoop<T>(options: IntakeLoopOptions<T>): IntakeLoop {
	const loop = new Loop(options, { ...INTAKE_RULES, ...options.rules });
	return { wake: () => loop.wake(), stop: () => loop.stop() };
}

class Loop<T> {
	private stopped = false;
	private readonly running = new Set<Promise<void>>();
	/** Ids of what is leased and whose run has not begun. */
	private readonly unbegun = new Set<string>();
	private readonly resting: Resting;
	private urgentRunning = 0;
	private timer: NodeJS.Timeout | undefined;
	private looking: Promise<void>;
	private again = false;
	/** When the last look ended, on the clock of the process. */
	private lookedAt = -Infinity;

	constructor(
		private readonly options: IntakeLoopOptions<T>,
		private readonly rules: IntakeRules,
	) {
		this.resting = new Resting(rules.leaseMs / 3, (ids) => this.renew(ids));
		this.looking = this.begin();
	}

	wake(): void {
		this.again = true;
		this.schedule(0);
	}

	async stop(): Promise<void> {
		this.stopped = true;
		clearTimeout(this.timer);
		// A run that goes on longer keeps its lease: it is completed when it ends, or taken back after a restart.
		const grace = new Promise<void>((done) => setTimeout(done, this.rules.stopMs).unref());
		await Promise.race([this.end(), grace]);
	}

	private async end(): Promise<void> {
		await this.looking;
		this.resting.stop();
		await this.giveBack();
		await Promise.all(this.running);
	}

	/** Nobody need wait for the end of these leases: they go to the next process as they are. */
	private async giveBack(): Promise<void> {
		const { store, owner } = this.options;
		const ids = [...this.unbegun];
		this.unbegun.clear();
		if (ids.length > 0) await this.guarded(() => store.intake.giveBack(ids, owner));
	}

	/** What this process had leased before it went down comes back at once. */
	private async begin(): Promise<void> {
		const { store, owner, takeBack = true } = this.options;
		if (takeBack) await this.guarded(() => store.intake.release({ owner }));
		await this.look();
	}

	private schedule(pause: number): void {
		if (this.stopped) return;
		clearTimeout(this.timer);
		const rest = this.lookedAt + this.rules.restMs - performance.now();
		this.timer = setTimeout(
			() => {
				this.looking = this.looking.then(() => this.look());
			},
			Math.max(pause, rest),
		);
	}

	private async look(): Promise<void> {
		this.again = false;
		let found = 0;
		await this.guarded(async () => {
			while (!this.stopped && this.freeSlots() > 0) {
				// Urgent events have runs of their own: in one with others they would wait for what those cost.
				const urgent = await this.lease(true);
				const rows = urgent.length > 0 || this.isFull() ? urgent : await this.lease(false);
				if (rows.length === 0) break;
				found += rows.length;
				this.start(rows);
			}
		});
		this.lookedAt = performance.now();
		this.schedule(found > 0 || this.again ? 0 : this.rules.idleMs);
	}

	private freeSlots(): number {
		return this.rules.inFlight + 1 - this.running.size;
	}

	/** One run goes on in any case. */
	private isFull(): boolean {
		const ordinary = this.running.size - this.urgentRunning;
		return ordinary >= this.rules.inFlight || (ordinary > 0 && this.options.isBusy?.() === true);
	}

	/** The last slot is for urgent events alone. */
	private async lease(urgentOnly: boolean): Promise<IntakeRow[]> {
		const { store, node, owner, now } = this.options;
		const until = iso(now() + this.rules.leaseMs);
		return store.intake.lease(node, owner, iso(now()), until, this.rules.batch, urgentOnly);
	}

	/** What has failed alone rests before it is tried again, and takes no slot meanwhile. */
	private start(rows: IntakeRow[]): void {
		rows.forEach((row) => this.unbegun.add(row.id));
		const now = rows.filter((row) => row.attempts < 2);
		if (now.length > 0) this.run(now);
		for (const [attempts, list] of byAttempts(rows.filter((row) => row.attempts >= 2))) {
			const { retryMs } = this.rules;
			const pause = retryMs[Math.min(attempts - 2, retryMs.length - 1)] ?? 0;
			this.resting.add(list, pause, () => this.run(list));
		}
	}

	private run(rows: IntakeRow[]): void {
		// After a failed batch its events go out one by one, so that one bad event does not take the others along.
		const fresh = rows.filter((row) => row.attempts === 0);
		const tried = rows.filter((row) => row.attempts > 0);
		const batches = [...(fresh.length > 0 ? [fresh] : []), ...tried.map((row) => [row])];
		const urgent = rows.some((row) => row.urgent);
		const ended = urgent ? this.options.urgentRun?.() : undefined;
		if (urgent) this.urgentRunning++;
		const run = this.runAll(batches).finally(() => {
			ended?.();
			this.running.delete(run);
			if (urgent) this.urgentRunning--;
			this.wake();
		});
		this.running.add(run);
	}

	/** One after the other. The leases of those that wait are renewed too; a stop gives them back. */
	private async runAll(batches: IntakeRow[][]): Promise<void> {
		const open = new Set(batches.flat().map((row) => row.id));
		const renewal = setInterval(() => this.renew([...open]), this.rules.leaseMs / 3);
		try {
			for (const batch of batches) {
				if (this.stopped) return;
				batch.forEach((row) => this.unbegun.delete(row.id));
				await this.runBatch(batch);
				batch.forEach((row) => open.delete(row.id));
			}
		} finally {
			clearInterval(renewal);
		}
	}

	private renew(ids: readonly string[]): void {
		const { store, owner, now } = this.options;
		const until = iso(now() + this.rules.leaseMs);
		void this.guarded(() => store.intake.renew(ids, owner, until));
	}

	private async runBatch(rows: IntakeRow[]): Promise<void> {
		const { store, owner, now, warn } = this.options;
		const ids = rows.map((row) => row.id);
		let failure: string | undefined;
		try {
			const ok = await this.emitted(rows);
			if (!ok) failure = 'the run did not end well';
		} catch (error) {
			failure = messageOf(error);
		}
		await this.guarded(async () => {
			if (failure === undefined) return store.intake.complete(ids, iso(now()));
			const poison = await store.intake.fail(ids, failure, this.rules.tries, iso(now()), owner);
			if (poison.length > 0) {
				warn(
					`${poison.length} event(s) were set aside after ${this.rules.tries} tries: ${failure}`,
				);
				const given = rows.filter((row) => poison.includes(row.id)).map((row) => row.event_id);
				await this.options.setAside?.(given, failure);
			}
			return undefined;
		});
	}

	/** In queue mode the end of a run may never be told, as when its worker died and no other is left to notice. */
	private async emitted(rows: IntakeRow[]): Promise<boolean> {
		const { longestRunMs } = this.rules;
		const { promise: over, reject } = Promise.withResolvers<never>();
		const timer = setTimeout(
			() => reject(new Error(`the run had no end within ${longestRunMs / 60_000} min`)),
			longestRunMs,
		).unref();
		try {
			const items = rows.map((row) => this.options.read(row.item));
			return await Promise.race([this.options.emit(items), over]);
		} finally {
			clearTimeout(timer);
		}
	}

	private async guarded(work: () => Promise<unknown>): Promise<void> {
		try {
			await work();
		} catch (error) {
			this.options.warn(`The intake loop met a fault and goes on: ${messageOf(error)}`);
		}
	}
}
