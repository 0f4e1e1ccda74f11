// One drill: a load, a death at a point, a second life on the same store, and the verdict.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { openStore, type StoreOptions } from '../../core/store/index';
import type { Job, News, Order } from './child';
import { judge, type Verdict } from './judge';
import { makeLoad, type Load } from './load';
import type { Point } from './points';
import type { Providers } from './providers';
import { Random } from './random';

const START = Date.parse('2027-03-10T08:00:00Z');
const LIFE_MS = 60_000;
const NAME = 'drill|crash|trigger';
/** How long it was down: its leases still run, have just run out, or everything is overdue. */
const DOWN_MS = [1_000, 2 * 60_000, 3 * 3_600_000];

export class Drill {
	readonly folder = mkdtempSync(join(tmpdir(), 'itsm-crash-'));
	private readonly script = join(this.folder, 'child.cjs');
	private count = 0;

	constructor(private readonly providers: Providers) {}

	async prepare(): Promise<void> {
		await build({
			entryPoints: [join(import.meta.dirname, 'child.ts')],
			outfile: this.script,
			bundle: true,
			platform: 'node',
			format: 'cjs',
			external: ['pg-native'],
			logLevel: 'error',
		});
		mkdirSync(join(this.folder, 'compiled'));
	}

	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}

	sqliteFile = (): StoreOptions => ({
		kind: 'sqlite',
		file: join(this.folder, `${this.count++}.sqlite`),
	});

	/** Dies at the point and comes back; everything that was wrong, with the seed that shows it again. */
	async run(point: Point, seed: number, options: StoreOptions): Promise<Verdict> {
		const random = new Random(seed);
		const load = makeLoad(`R${seed}x${this.count++}`, random, START);
		const lanes = random.pick([1, 1, 4]);
		const job: Job = {
			options,
			startsAt: START,
			owner: NAME,
			lanes,
			batch: random.pick([3, 50]),
			endpoints: this.providers.endpoints,
			setup: { people: load.people, policy: load.policy, silence: load.silence },
		};
		this.providers.stumble(load.unlucky);
		const first = new Life(this.script, this.folder, {
			...job,
			...(point.kind === 'store'
				? { point: { name: point.name, nth: random.int(1, point.times) } }
				: {}),
		});
		if (point.kind === 'provider')
			this.providers.catchOne(load, random.pick(['slack', 'email']), point.accepted, () =>
				first.kill(),
			);
		const parts = partsOf(load, random);
		const end = await first.live(parts);
		const faults = end === 'killed' ? [] : [`the point was not reached: the process ${end}`];
		// Nobody has answered for these: whoever sent them sends them again, and one that was answered, too.
		const again = load.events.filter((event) => !first.taken.has(String(event.event_id)));
		const second = new Life(this.script, this.folder, {
			...job,
			startsAt: first.now + random.pick(DOWN_MS),
			owner: random.pick([NAME, `other|crash|trigger`]),
		});
		const recovered = await second.live([
			...again.map((event) => [event]),
			[random.pick(load.events)],
		]);
		if (recovered !== 'drained') faults.push(`the second life ${recovered}`);
		const store = await openStore(options);
		try {
			const verdict = await judge(load, this.providers, store, lanes === 1 ? 1 : lanes * 8);
			return {
				...verdict,
				faults: [...faults, ...verdict.faults, ...first.errors, ...second.errors],
			};
		} finally {
			await store.close();
		}
	}
}

/** The events in the portions in which they are sent. */
function partsOf(load: Load, random: Random): Array<Load['events']> {
	const parts: Array<Load['events']> = [];
	for (let at = 0; at < load.events.length; ) {
		const size = random.int(1, 5);
		parts.push(load.events.slice(at, at + size));
		at += size;
	}
	return parts;
}

/** One process from its start to its end. */
class Life {
	/** Event ids that were answered. */
	readonly taken = new Set<string>();
	readonly errors: string[] = [];
	now: number;
	private readonly child: ChildProcess;

	constructor(script: string, folder: string, job: Job) {
		this.now = job.startsAt;
		this.child = fork(script, [JSON.stringify(job)], {
			stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
			execArgv: ['--disable-warning=ExperimentalWarning'],
			env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
		});
		this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.errors.push(text));
	}

	kill(): void {
		this.child.kill('SIGKILL');
	}

	/** Sends the portions, each when the one before was answered, then lets it drain. */
	live(parts: ReadonlyArray<Load['events']>): Promise<'killed' | 'drained' | 'ended' | 'hung'> {
		let next = 0;
		let drained = false;
		const go = (): void => {
			const order: Order = next < parts.length ? { take: parts[next++] } : 'drain';
			// A process that is just dying does not take it.
			if (this.child.connected) this.child.send(order, () => undefined);
		};
		this.child.on('message', (news: News) => {
			if ('now' in news) this.now = Math.max(this.now, news.now);
			if ('taken' in news) news.taken.forEach((id) => this.taken.add(id));
			if ('drained' in news) drained = true;
			if ('ready' in news || 'taken' in news) go();
		});
		return new Promise((resolve) => {
			let hung = false;
			const timer = setTimeout(() => {
				hung = true;
				this.kill();
			}, LIFE_MS);
			this.child.once('close', (_code, signal) => {
				clearTimeout(timer);
				if (hung) resolve('hung');
				else if (drained) resolve('drained');
				else resolve(signal === 'SIGKILL' ? 'killed' : 'ended');
			});
		});
	}
}
