// CPU and wall time per event of three workflows on one running n8n.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { credentialId, demoCredentials } from '../../sandbox/demo/credentials.ts';
import { N8n } from '../../sandbox/lib/n8n.ts';
import { ROOT } from '../../sandbox/lib/package.ts';
import type { Env } from '../../sandbox/lib/run.ts';
import { cpuMs, untilQuiet } from './cpu.ts';
import { eventOf, everybody, preferenceOf, ticketNumber } from './events.ts';
import { fire } from './load.ts';
import { digits, median, say, spread, table } from './report.ts';
import { startProviders } from './targets.ts';
import type { Providers } from './targets.ts';
import { MESSAGES, pathOf, PIPELINES, TITLES, workflowOf } from './workflows.ts';
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

const credential = (type: string) => ({ id: credentialId(type), name: `Demo ${type}` });

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
		const { n8n, providers } = this;
		await n8n.importCredentials(
			demoCredentials({
				slack: providers.slackUrl,
				wecom: providers.wecomUrl,
				email: { host: '127.0.0.1', port: 9 },
			}),
		);
		await n8n.start();
		await n8n.api.login();
		const people = readFileSync(join(ROOT, 'sandbox', 'workflows', 'sandbox.json'), 'utf8');
		const documents = [JSON.parse(people) as Record<string, unknown>];
		for (const pipeline of PIPELINES) documents.push(workflowOf(pipeline, providers, credential));
		const ids: string[] = [];
		for (const document of documents) {
			const id = await n8n.api.createWorkflow(document);
			await n8n.api.publishWorkflow(id);
			ids.push(id);
		}
		PIPELINES.forEach((pipeline, index) => (this.ids[pipeline] = ids[index + 1]));
		for (const path of ['sandbox-people', ...PIPELINES.map(pathOf)]) await n8n.waitForWebhook(path);
		const saved = await fetch(n8n.webhookUrl('sandbox-people'), {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ documents: everybody().map(preferenceOf) }),
		});
		if (!saved.ok)
			throw new Error(`The people were not saved: ${saved.status} ${await saved.text()}`);
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
		const before = cpuMs(this.pid());
		await new Promise((done) => setTimeout(done, 5000));
		return (cpuMs(this.pid()) - before) / 5;
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
				const before = cpuMs(this.pid());
				const wall = await this.fire(pipeline, events);
				const cpu = cpuMs(this.pid()) - before;
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

	private pid(): number {
		return this.n8n.processes[0].child.pid as number;
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
		await untilQuiet(this.pid());
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
	const home = join(ROOT, '.sandbox');
	mkdirSync(home, { recursive: true });
	const folder = mkdtempSync(join(home, 'bench-'));
	const providers = await startProviders();
	let n8n: N8n | undefined;
	try {
		say();
		say(`== ${options.title} ==`);
		n8n = await N8n.create({ folder, env: options.env });
		const bench = new Bench(n8n, providers, options);
		await bench.prepare();
		say(await bench.compare());
		await bench.warmUp();
		say(`n8n with nothing to do: ${digits(await bench.idle())} ms CPU per second`);
		const results: Array<[number, Measured]> = [];
		for (const delay of options.delays) results.push([delay, await bench.measure(delay)]);
		await bench.check();
		if (bench.invalid.length > 0) {
			say('INVALID: these figures would mean nothing.');
			for (const why of new Set(bench.invalid)) say(`  ${why}`);
			return false;
		}
		for (const [delay, measured] of results) print(delay, options.events, measured);
		return true;
	} finally {
		await n8n?.stop();
		await providers.close();
		rmSync(folder, { recursive: true, force: true });
	}
}
