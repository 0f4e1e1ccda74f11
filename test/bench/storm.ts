// A storm of webhooks into a real n8n with durable intake, against the hand-built workflow; and the urgent lane in it.
import { Agent } from 'node:http';
import type { N8n } from '../../sandbox/lib/n8n.ts';
import { cpuMs, untilQuiet } from './cpu.ts';
import { eventOf } from './events.ts';
import { post, storm } from './load.ts';
import { digits, percentile, say, table } from './report.ts';
import { pidsOf, setUp, valid, withN8n } from './stand.ts';
import type { StandOptions } from './stand.ts';
import type { Providers } from './targets.ts';
import { MESSAGES, pathOf, TITLES } from './workflows.ts';
import type { Pipeline } from './workflows.ts';

export interface StormOptions extends StandOptions {
	/** Events of the storm; the hand-built workflow gets a tenth of them. */
	events: number;
	connections: number;
}

const WARM_UP = 100;
const STALL_MS = 60_000;
const QUIET_MS = 30 * 60_000;
const COMPARED = ['hand', 'durable'] as const;

class Stand {
	next = 0;
	readonly faults: string[] = [];

	readonly n8n: N8n;
	readonly providers: Providers;
	private readonly connections: number;

	constructor(n8n: N8n, providers: Providers, connections: number) {
		this.n8n = n8n;
		this.providers = providers;
		this.connections = connections;
	}

	get pids(): number[] {
		return pidsOf(this.n8n);
	}

	async storm(pipeline: Pipeline, count: number) {
		const before = cpuMs(this.pids);
		const result = await storm({
			url: this.n8n.webhookUrl(pathOf(pipeline)),
			bodies: Array.from({ length: count }, () => eventOf(this.next++)),
			connections: this.connections,
			messagesPerEvent: MESSAGES[pipeline],
			counter: this.providers.counter,
			stallMs: STALL_MS,
		});
		await untilQuiet(this.pids);
		if (result.invalid) this.faults.push(`${pipeline}: ${result.invalid}`);
		return { ...result, cpu: cpuMs(this.pids) - before };
	}

	/** Time from the call of the webhook to the first message of each urgent event, ms. */
	async urgent(count: number, pauseMs: number, until = () => true): Promise<number[]> {
		const started = new Map<string, number>();
		const times: number[] = [];
		const { counter } = this.providers;
		counter.onMessage = (payload) => {
			const name = /URGENT-\d+/.exec(JSON.stringify(payload))?.[0];
			const from = name === undefined ? undefined : started.get(name);
			if (name === undefined || from === undefined) return;
			started.delete(name);
			times.push(performance.now() - from);
		};
		const agent = new Agent({ keepAlive: true });
		const url = this.n8n.webhookUrl(pathOf('durable'));
		let sent = 0;
		for (; sent < count && until(); sent++) {
			const n = this.next++;
			const body = eventOf(n);
			const name = `URGENT-${n}`;
			body.content = { ...(body.content as object), ticket_title: name, priority: 'Critical' };
			started.set(name, performance.now());
			await post(agent, url, body);
			await new Promise((done) => setTimeout(done, pauseMs));
		}
		const end = performance.now() + 60_000;
		while (times.length < sent && performance.now() < end)
			await new Promise((done) => setTimeout(done, 20));
		counter.onMessage = undefined;
		agent.destroy();
		if (times.length < sent) this.faults.push(`${sent - times.length} urgent messages are missing`);
		return times;
	}
}

/** Prints the table; false where the figures would mean nothing. */
export async function benchStorm(options: StormOptions): Promise<boolean> {
	return await withN8n(options, async (n8n, providers) => {
		await setUp(n8n, providers, COMPARED, options.queue);
		const stand = new Stand(n8n, providers, options.connections);
		for (const pipeline of COMPARED) await stand.storm(pipeline, WARM_UP);
		const counts = { hand: Math.ceil(options.events / 10), durable: options.events };
		const results = {
			hand: await stand.storm('hand', counts.hand),
			durable: await stand.storm('durable', counts.durable),
		};
		if (!valid(stand.faults)) return false;
		const per = (what: 'cpu' | 'answeredMs' | 'sentMs', pipeline: 'hand' | 'durable'): number =>
			results[pipeline][what] / counts[pipeline];
		table(
			['workflow', 'events', 'answered/s', 'sent/s', '× hand', 'CPU ms/event', '× hand'],
			COMPARED.map((pipeline) => [
				TITLES[pipeline],
				String(counts[pipeline]),
				digits(1000 / per('answeredMs', pipeline), 0),
				digits(1000 / per('sentMs', pipeline)),
				`${digits(per('sentMs', 'hand') / per('sentMs', pipeline))}×`,
				digits(per('cpu', pipeline)),
				`${digits(per('cpu', 'hand') / per('cpu', pipeline))}×`,
			]),
		);
		return true;
	});
}

/** Critical events one by one on an idle n8n, then in the middle of a storm of others. */
export async function benchUrgent(options: StormOptions): Promise<boolean> {
	return await withN8n(options, async (n8n, providers) => {
		await setUp(n8n, providers, ['durable'], options.queue);
		const stand = new Stand(n8n, providers, options.connections);
		await stand.storm('durable', WARM_UP);
		await stand.urgent(10, 50);
		await untilQuiet(stand.pids);
		const idle = await stand.urgent(40, 100);
		await untilQuiet(stand.pids);
		let answered = false;
		const running = storm({
			url: n8n.webhookUrl(pathOf('durable')),
			bodies: Array.from({ length: options.events }, () => eventOf(stand.next++)),
			connections: options.connections,
			// Messages of urgent events come between, so they are not counted here.
			messagesPerEvent: 0,
			counter: providers.counter,
			stallMs: STALL_MS,
		}).finally(() => (answered = true));
		const during = await stand.urgent(Infinity, 250, () => !answered);
		// Answered, but thousands are still to be sent.
		const after = await stand.urgent(20, 250);
		await running;
		await untilQuiet(stand.pids, QUIET_MS);
		if (!valid(stand.faults)) return false;
		const rows: Array<[string, number[]]> = [
			['nothing else to do', idle],
			['while the storm comes in', during],
			['while the rest of it is sent', after],
		];
		table(
			['Critical event, webhook to provider', 'events', 'p50 ms', '× idle', 'p99 ms', '× idle'],
			rows.map(([name, times]) => [
				name,
				String(times.length),
				...[0.5, 0.99].flatMap((share) => [
					digits(percentile(times, share), 0),
					`${digits(percentile(times, share) / percentile(idle, share))}×`,
				]),
			]),
		);
		return true;
	});
}

export const announce = ({ events, connections }: StormOptions): void =>
	say(`${events} webhooks over ${connections} connections, each for 2 people on 2 channels`);
