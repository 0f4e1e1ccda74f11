// A leading main as the test sees it: what it begins is run by a worker, here, that outlives it.
import { fork, type ChildProcess } from 'node:child_process';
import type { LeaderJob, LeaderNews, LeaderOrder } from './leader-child';
import type { Pipeline } from './pipeline';

interface Run {
	at: number;
	ids: string[];
}

export class Leader {
	/** The runs of events that it began. */
	readonly runs: Run[] = [];
	/** Runs of the worker that go on. */
	open = 0;
	private isOwn = false;
	private readonly child: ChildProcess;
	private readonly gone: Promise<void>;
	private said = '';
	private hear: (news: LeaderNews) => void = () => undefined;

	constructor(
		script: string,
		private readonly worker: Pipeline,
	) {
		this.child = fork(script, [], {
			stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
			execArgv: ['--disable-warning=ExperimentalWarning'],
		});
		this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
		this.gone = new Promise((done) => this.child.once('close', () => done()));
		this.child.on('message', (news: LeaderNews) => {
			this.note(news);
			this.hear(news);
		});
	}

	complaints(): string[] {
		return this.said ? [this.said] : [];
	}

	/** Returns when it leads; what it does before is heard too. */
	async begin(job: LeaderJob): Promise<void> {
		this.isOwn = job.own !== undefined;
		await this.until({ begin: job }, 'ready');
	}

	/** Begins nothing more; its runs go on. */
	stop(): Promise<void> {
		return this.until('stop', 'stopped');
	}

	async kill(): Promise<void> {
		this.child.kill('SIGKILL');
		await this.gone;
	}

	private note(news: LeaderNews): void {
		if ('events' in news)
			this.runs.push({ at: news.at, ids: news.events.map((event) => event.event_id) });
		if (!('run' in news) || this.isOwn) return;
		const { run } = news;
		this.open++;
		const work =
			'events' in news
				? this.worker.run(news.events)
				: this.worker.runDue(news.due).then(() => true);
		void work
			.catch((error: unknown) => {
				this.said += `The worker's run failed: ${String(error)}\n`;
				return false;
			})
			.then((ok) => {
				this.open--;
				this.order({ ended: run, ok });
			});
	}

	private order(order: LeaderOrder): void {
		if (this.child.connected) this.child.send(order, () => undefined);
	}

	private until(order: LeaderOrder, word: 'ready' | 'stopped'): Promise<void> {
		const done = new Promise<void>((resolve) => {
			this.hear = (news) => {
				if (word in news) resolve();
			};
		});
		this.order(order);
		return Promise.race([
			done,
			this.gone.then(() => Promise.reject(new Error(`A leader ended: ${this.said}`))),
		]);
	}
}
