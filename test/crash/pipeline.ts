// What the bundled workflows do on the canvas, node by node, in one process and on a clock that can be put forward.
import {
	channels,
	createTokenCache,
	sendDelivery,
	sendSmtp,
	transportError,
} from '../../core/channels/index';
import type { ChannelIo, Credential } from '../../core/channels/index';
import { deliver, gate, nextDue, observe, policyReader, watchdog } from '../../core/engine/index';
import type { ChannelId, Delivery } from '../../core/events/delivery';
import type { NotificationEvent } from '../../core/events/model';
import { resolveEvents } from '../../core/preferences/index';
import type { Store } from '../../core/store/index';
import { renderDelivery } from '../../core/templates/index';
import { releaseOnce } from '../../nodes/ItsmReleaseTrigger/loop';
import { recordUndelivered } from '../../nodes/shared/record';
import { isSettled } from './settled';

export type Endpoints = Record<'slack' | 'email', Credential>;

interface Settings {
	startsAt: number;
	/** Names the process in the leases of the release loop. */
	owner: string;
	lanes: number;
	endpoints: Endpoints;
	/** A sender's lease; a minute where it is not named. */
	sendLeaseMs?: number;
}

const CHANNELS = ['slack', 'email'] as const;
/** Pause between two looks of the intake loop. */
export const LOOK_MS = 5;
const LEASE_MS = 60_000;
const SEND = { timeoutMs: 10_000, inRunRetryMs: 0 };
/** Rounds after which something is believed to wait for ever: the judge will say what. */
const ROUNDS = 600;
/** More events than a load has. */
const MANY = 1_000;

export class Pipeline {
	private shift: number;
	private active = 0;
	private turn: Promise<unknown> = Promise.resolve();
	private runs = 0;
	private pause = 0;
	private readonly io: ChannelIo;

	constructor(
		private readonly store: Store,
		private readonly settings: Settings,
		private readonly tell: (now: number) => void,
	) {
		this.shift = settings.startsAt - Date.now();
		this.io = ioOf(() => this.now());
	}

	now(): number {
		return Date.now() + this.shift;
	}

	/** As the Release Trigger does before its first look. */
	async takeBack(): Promise<void> {
		await this.store.deliveries.takeBack(this.settings.owner, new Date(this.now()).toISOString());
	}

	/** One run of 01 Routing. */
	run(events: readonly NotificationEvent[]): Promise<boolean> {
		return this.begin(async () => {
			const { store } = this;
			const policy = await policyReader(store)(null);
			const now = this.now();
			const read = await observe(store, events, policy, now);
			const { deliveries, noRoute } = await resolveEvents(read, {
				store,
				policy,
				now: new Date(now),
				knownChannels: CHANNELS,
			});
			await recordUndelivered(store, deliveries, noRoute, new Date(now), undefined);
			const { send } = await gate(store, deliveries, { policy, policyId: null, now });
			await this.send(send);
			return true;
		});
	}

	/** One run of 02 Release. */
	runDue(deliveries: readonly Delivery[]): Promise<void> {
		return this.begin(() => this.send(deliveries));
	}

	/** Puts the clock forward, from one thing that is due to the next, until nothing waits any more. */
	async drain(): Promise<void> {
		for (let round = 0; round < ROUNDS; round++) {
			await this.idle();
			await watchdog(this.store, this.now());
			await this.release();
			await this.idle();
			if (await isSettled(this.store)) return;
			const next = await nextDue(this.store);
			const wait = next === undefined ? LEASE_MS : next - this.now();
			this.shift += Math.min(Math.max(wait, 0), LEASE_MS) + 1;
			this.tell(this.now());
		}
	}

	/** One look of the Release Trigger. */
	private async release(): Promise<void> {
		await releaseOnce({
			store: this.store,
			owner: this.settings.owner,
			pollMs: LEASE_MS,
			leaseMs: 15 * LEASE_MS,
			now: () => this.now(),
			warn: (message) => console.error(message),
			// As a failed execution: its leases tell what became of it.
			emit: (deliveries) => void this.runDue(deliveries).catch(console.error),
		});
	}

	private begin<T>(work: () => Promise<T>): Promise<T> {
		this.active++;
		const before = this.turn;
		const run = this.settings.lanes === 1 ? before.then(work, work) : work();
		this.turn = run;
		return run.finally(() => this.active--);
	}

	/** Template Render and the senders, with the wire from Failed back to Render. */
	private async send(list: readonly Delivery[]): Promise<void> {
		const { store, settings } = this;
		const overrides = (await store.templates.list()).map((row) => row.document);
		const now = new Date(this.now());
		const rendered = list.map((delivery) => {
			const result = renderDelivery(delivery, { channels, overrides, now });
			if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
			return { ...delivery, message: result.message };
		});
		const policy = await policyReader(store)(null);
		const turned: Delivery[] = [];
		for (const channel of CHANNELS) {
			const mine = rendered.filter((delivery) => delivery.channel === channel);
			if (mine.length === 0) continue;
			const { results } = await deliver(store, mine, {
				policy,
				now: () => this.now(),
				random: () => 0.5,
				owner: `child:${process.pid}:${this.runs++}`,
				concurrency: settings.lanes,
				leaseMs: settings.sendLeaseMs ?? LEASE_MS,
				attempt: (delivery) =>
					sendDelivery(
						channels[channel as ChannelId],
						delivery,
						settings.endpoints[channel],
						this.io,
						SEND,
					),
			});
			turned.push(...results.flatMap((result) => result.turned ?? []));
		}
		if (turned.length > 0) await this.send(turned);
	}

	/** No run goes on and none can begin. */
	private async idle(): Promise<void> {
		for (;;) {
			// SQLite answers at once: without a pause the intake loop's timer would never have its turn.
			await new Promise((resolve) => setTimeout(resolve, this.pause));
			const { queued, leased } = await this.store.intake.counts();
			this.pause = queued + leased > 0 ? 2 * LOOK_MS : 0;
			if (this.active > 0) continue;
			if (queued + leased === 0 || !(await this.isAboutToRun())) return;
		}
	}

	/** An event that the loop has taken and not begun yet, or can take; behind another process's lease it waits for the clock. */
	private async isAboutToRun(): Promise<boolean> {
		const { intake } = this.store;
		const leased = await intake.list({ status: 'leased', limit: MANY });
		const now = new Date(this.now()).toISOString();
		const foreign = leased.filter(
			(row) => row.lease_owner !== this.settings.owner && String(row.lease_until) > now,
		);
		if (foreign.length < leased.length) return true;
		const busy = new Set(foreign.map((row) => row.ticket_key));
		const queued = await intake.list({ status: 'queued', limit: MANY });
		return queued.some((row) => !busy.has(row.ticket_key));
	}
}

/** Node's own fetch and the shipped SMTP transport. */
function ioOf(now: () => number): ChannelIo {
	return {
		async http(request, { timeoutMs }) {
			try {
				const answer = await fetch(request.url, {
					method: request.method,
					headers: {
						'Content-Type': 'application/json; charset=utf-8',
						...request.headers,
					},
					body: typeof request.body === 'string' ? request.body : JSON.stringify(request.body),
					signal: AbortSignal.timeout(timeoutMs),
				});
				const text = await answer.text();
				return {
					status: answer.status,
					headers: Object.fromEntries(answer.headers.entries()),
					body: jsonOr(text),
				};
			} catch (error) {
				throw transportError(error);
			}
		},
		smtp: (request, { timeoutMs }) => sendSmtp(request, { timeoutMs, now: now() }),
		now: () => new Date(now()),
		random: () => 0.5,
		sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
		tokens: createTokenCache(now),
	};
}

function jsonOr(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
