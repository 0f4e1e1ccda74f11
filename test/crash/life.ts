// One process of the drill, from its start to its end.
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Job, News, Order } from './child';
import type { Load } from './load';

const HUNG_MS = 60_000;

/** How one store's time in a process ended. */
export type End = 'killed' | 'drained' | 'ended' | 'hung';

export class Life {
	/** Event ids that were answered, and the process's clock. */
	readonly taken = new Set<string>();
	now = 0;
	private readonly child: ChildProcess;
	private readonly gone: Promise<NodeJS.Signals | null>;
	private said: string[] = [];
	private hear: (news: News) => void = () => undefined;

	constructor(script: string, folder: string) {
		this.child = fork(script, [], {
			stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
			execArgv: ['--disable-warning=ExperimentalWarning'],
			env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
		});
		this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.said.push(text));
		this.child.on('message', (news: News) => this.hear(news));
		this.gone = new Promise((done) => this.child.once('close', (_code, signal) => done(signal)));
	}

	get isAlive(): boolean {
		return this.child.connected;
	}

	kill(): void {
		this.child.kill('SIGKILL');
	}

	/** Lets it go in peace. */
	async leave(): Promise<void> {
		this.order('leave');
		await this.gone;
	}

	/** What it complained of since the last call. */
	complaints(): string[] {
		return this.said.splice(0);
	}

	/** Begins the job, sends the portions, each when the one before was answered, then lets it drain. */
	async live(job: Job, parts: ReadonlyArray<Load['events']>): Promise<End> {
		let next = 0;
		let timer: NodeJS.Timeout | undefined;
		this.now = job.startsAt;
		this.taken.clear();
		const drained = new Promise<End>((done) => {
			this.hear = (news) => {
				if ('now' in news) this.now = Math.max(this.now, news.now);
				if ('taken' in news) news.taken.forEach((id) => this.taken.add(id));
				if ('drained' in news) done('drained');
				if ('ready' in news || 'taken' in news)
					this.order(next < parts.length ? { take: parts[next++] } : 'drain');
			};
		});
		this.order({ begin: job });
		const hung = new Promise<End>((done) => {
			timer = setTimeout(() => {
				this.kill();
				done('hung');
			}, HUNG_MS);
		});
		const gone = this.gone.then<End>((signal) => (signal === 'SIGKILL' ? 'killed' : 'ended'));
		const end = await Promise.race([drained, hung, gone]);
		clearTimeout(timer);
		return end;
	}

	/** A process that is just dying does not take it. */
	private order(order: Order): void {
		if (this.isAlive) this.child.send(order, () => undefined);
	}
}
