import { around, runWithin } from '../around';
import { endedTransaction } from '../errors';
import { Journal } from './table';

/** A running `exclusive`; whoever holds it works inside. */
export interface Session {
	open: boolean;
}

/** Lets one transaction run at a time; everything else waits for it, as it would for a database. */
export class Lane {
	readonly journal = new Journal();
	private tail: Promise<unknown> = Promise.resolve();
	private waiting = 0;

	/** One step that nobody interleaves with. */
	async step<T>(work: () => T, session?: Session): Promise<T> {
		if (session && !session.open) throw endedTransaction();
		if (this.waiting === 0 || this.isInside(session)) return work();
		return this.enqueue(async () => work());
	}

	/** Many steps as one; what a failed one wrote is undone. Inside a running one it joins that. */
	async exclusive<T>(work: (session: Session) => Promise<T>, session?: Session): Promise<T> {
		if (session && !session.open) throw endedTransaction();
		if (session) return work(session);
		const joined = this.joined();
		if (joined?.open) return work(joined);
		return this.enqueue(() => this.transaction(work));
	}

	/** Calls made through the outer store inside `work` would wait for themselves: they join it. */
	private isInside(session: Session | undefined): boolean {
		return session?.open === true || this.joined()?.open === true;
	}

	private joined(): Session | undefined {
		return around<Session>(this);
	}

	private async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
		const session: Session = { open: true };
		this.journal.begin();
		let done = false;
		try {
			const result = await runWithin(this, session, () => work(session));
			done = true;
			return result;
		} finally {
			session.open = false;
			this.journal.end(done);
		}
	}

	private enqueue<T>(work: () => Promise<T>): Promise<T> {
		this.waiting++;
		const turn = this.tail.then(work).finally(() => this.waiting--);
		this.tail = turn.catch(() => undefined);
		return turn;
	}
}
