// CPU and wall time per event of three workflows on one running n8n.
import type { N8n } from '../../sandbox/lib/n8n.ts';
import type { Env } from '../../sandbox/lib/run.ts';
import { cpuMs, untilQuiet } from './cpu.ts';
import { eventOf, everybody, ticketNumber } from './events.ts';
import { fire } from './load.ts';
import { digits, median, say, spread, table } from './report.ts';
import { pidsOf, setUp, valid, withN8n } from './stand.ts';
import type { Providers } from './targets.ts';
import { MESSAGES, pathOf, PIPELINES, TITLES } from './workflows.ts';
import type { Pipeline } from './workflows.ts';

export interface N8nBenchOptions {
	title: string;
	env: Env;
	/** Events of one round of one workflow. */
	events: number;
	rounds: number;
	delays: readonly number[];
	inFlight: number;
}

interface Round {
	cpu: number;
	wall: number;
}

type Measured = Record<Pipeline, Round[]>;

/** Those that send. */
const SENDING = PIPELINES.filter((pipeline) => MESSAGES[pipeline] > 0);
const WARM_UP = 20;
const REWARM = 3;
const TIMEOUT_MS = 120_000;

/** JSON with its members in one order: the order means nothing to a provider. */
const canonical = (payload: object): string =>
	JSON.stringify(Object.fromEntries(Object.entries(payload).sort(([a], [b]) => (a < b ? -1 : 1))));

class Bench {
	private readonly ids = {} as Record<Pipeline, string>;
	private next = 0;
	private readonly n8n: N8n;
	private readonly providers: Providers;
	private readonly options: N8nBenchOptions;
	readonly invalid: string[] = [];

	constructor(n8n: N8n, providers: Providers, options: N8nBenchOptions) {
		this.n8n = n8n;
		this.providers = providers;
		this.options = options;
	}

	async prepare(): Promise<void> {
		Object.assign(this.ids, await setUp(this.n8n, this.providers, PIPELINES));
	}

	/** One event through either side must give the same bodies, but for ids, marks and the order of members. */
	async compare(): Promise<string> {
		const { recorder } = this.providers;
		recorder.countOnly = false;
		const bodies = {} as Record<Pipeline, string[]>;
		for (const pipeline of SENDING) {
			recorder.clear();
			const number = ticketNumber(this.next);
			const sysId = new RegExp(`incident/${this.next}\\b`, 'g');
			// The same two people for either side.
			const event = { ...eventOf(this.next++), target_users: everybody().slice(-2) };
			await this.send(pipeline, [event]);
			bodies[pipeline] = recorder
				.messages()
				.map(({ payload }) => canonical(payload as object))
				.map((text) => text.replaceAll(number, 'NUMBER').replace(sysId, 'incident/N'))
				// The bits of the invisible mark, which is another one in each message.
				.map((text) => text.replaceAll('\u200c', '\u200b'))
				.sort();
		}
		recorder.clear();
		recorder.countOnly = true;
		const all = SENDING.map((pipeline) => bodies[pipeline].join('\n'));
		if (new Set(all).size > 1) throw new Error(`The messages differ:\n${all.join('\n\n')}`);
		const bytes = bodies.hand.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
		return `${bodies.hand.length} messages per event, ${bytes} bytes of JSON in all, the same on every side`;
	}

	async warmUp(): Promise<void> {
		for (const pipeline of PIPELINES) await this.fire(pipeline, WARM_UP);
	}

	/** CPU that n8n uses while nothing comes in, ms per second. */
	async idle(): Promise<number> {
		const before = cpuMs(this.pids());
		await new Promise((done) => setTimeout(done, 5000));
		return (cpuMs(this.pids()) - before) / 5;
	}

	async measure(delay: number): Promise<Measured> {
		const { events, rounds } = this.options;
		this.providers.answerAfter(delay);
		const measured: Measured = { bare: [], hand: [], direct: [], durable: [] };
		for (let round = 0; round < rounds; round++) {
			for (const pipeline of PIPELINES) {
				// A task runner that went to sleep meanwhile wakes outside the measurement.
				await this.fire(pipeline, REWARM);
				const messages = this.providers.counter.messages;
				const before = cpuMs(this.pids());
				const wall = await this.fire(pipeline, events);
				const cpu = cpuMs(this.pids()) - before;
				const got = this.providers.counter.messages - messages;
				const wanted = events * MESSAGES[pipeline];
				if (got !== wanted) this.invalid.push(`${pipeline}: ${got} messages instead of ${wanted}`);
				measured[pipeline].push({ cpu: cpu / events, wall: wall / events });
			}
		}
		this.providers.answerAfter(0);
		return measured;
	}

	/** Runs that n8n calls failed, and messages that a simulator refused. */
	async check(): Promise<void> {
		for (const pipeline of PIPELINES) {
			const path = `/executions?status=error&limit=1&workflowId=${this.ids[pipeline]}`;
			const { data } = await this.n8n.api.v1<{ data: unknown[] }>('GET', path);
			if (data.length > 0) this.invalid.push(`${pipeline}: a run of n8n failed`);
		}
		const refusals = this.providers.refusals();
		if (refusals > 0) this.invalid.push(`the simulators refused ${refusals} calls`);
	}

	private pids(): number[] {
		return pidsOf(this.n8n);
	}

	private async fire(pipeline: Pipeline, count: number): Promise<number> {
		return await this.send(
			pipeline,
			Array.from({ length: count }, () => eventOf(this.next++)),
		);
	}

	private async send(pipeline: Pipeline, bodies: readonly unknown[]): Promise<number> {
		const { wallMs, invalid } = await fire({
			url: this.n8n.webhookUrl(pathOf(pipeline)),
			bodies,
			inFlight: this.options.inFlight,
			messagesPerEvent: MESSAGES[pipeline],
			counter: this.providers.counter,
			timeoutMs: TIMEOUT_MS,
		});
		await untilQuiet(this.pids());
		if (invalid) this.invalid.push(`${pipeline}: ${invalid}`);
		return wallMs;
	}
}

const ratios = (all: Measured, what: keyof Round, pipeline: Pipeline, base: Pipeline): string =>
	`${digits(median(all[pipeline].map((round, i) => round[what] / all[base][i][what])), 2)}×`;

function print(delay: number, events: number, all: Measured): void {
	say();
	say(`Simulators answer after ${delay} ms`);
	table(
		['workflow', 'events', 'CPU ms/event', '× bare', '× hand', 'wall ms/event', '× bare', '× hand'],
		PIPELINES.map((pipeline) => {
			const column = (what: keyof Round): string[] => [
				spread(all[pipeline].map((round) => round[what])),
				ratios(all, what, pipeline, 'bare'),
				ratios(all, what, pipeline, 'hand'),
			];
			const count = String(all[pipeline].length * events);
			return [TITLES[pipeline], count, ...column('cpu'), ...column('wall')];
		}),
	);
}

/** Prints the tables; false where a message was missing or too many. */
export async function benchN8n(options: N8nBenchOptions): Promise<boolean> {
	return await withN8n(options, async (n8n, providers) => {
		const bench = new Bench(n8n, providers, options);
		await bench.prepare();
		say(await bench.compare());
		await bench.warmUp();
		say(`n8n with nothing to do: ${digits(await bench.idle())} ms CPU per second`);
		const results: Array<[number, Measured]> = [];
		for (const delay of options.delays) results.push([delay, await bench.measure(delay)]);
		await bench.check();
		if (!valid(bench.invalid)) return false;
		for (const [delay, measured] of results) print(delay, options.events, measured);
		return true;
	});
}
