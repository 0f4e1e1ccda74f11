import { CHANNEL_IDS, type Decision, type Delivery } from '../events/delivery';
import { ticketKey } from '../events/ids';
import { parseEvent } from '../events/validate';
import { acknowledge } from '../engine/chains';
import {
	endSilence,
	policyIdOf,
	savePolicy,
	savePreferences,
	savePresence,
	saveSilence,
} from '../engine/changes';
import { deliver } from '../engine/deliver';
import type { SkippedStep } from '../engine/escalate';
import { handOutDue } from '../engine/hand-out';
import { intake } from '../engine/intake';
import { nextDue, tick } from '../engine/tick';
import { caughtAsync, ItsmNotifyError } from '../errors';
import { parsePolicy, type Policy } from '../preferences/policy';
import { createMemoryStore } from '../store/memory';
import type { Store } from '../store/types';
import { applyOrder, fireAt, type Applied } from './clock';
import { messageOfDelivery } from './message';
import { Notes } from './notes';
import type { SimulationResult } from './result';
import {
	parseAcknowledge,
	parseOutage,
	parsePresence,
	parseScenario,
	parseSilence,
} from './scenario';

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * Runs a scenario on the engine, an in-memory store and a clock of its own: who gets what, when and why.
 * Rejects with ItsmNotifyError where a starting document is invalid; on the timeline that is a warning.
 */
export async function simulate(input: unknown): Promise<SimulationResult> {
	const scenario = parseScenario(input);
	const run = new Simulation();
	await run.begin(scenario.preferences, scenario.policy, Date.parse(scenario.start));
	const { applied, down, broken } = applyOrder(scenario.timeline);
	for (const { code, message, field } of broken) run.notes.warn(code, message, field);
	const end = Date.parse(scenario.end);
	for (const item of applied) {
		if (item.at > end) break;
		await run.timersBefore(item.at, down);
		await run.apply(item);
	}
	await run.timersBefore(end + 1, down);
	return run.notes.result;
}

/** More rounds at one instant than this mean a timer that never moves on. */
const MAX_ROUNDS = 1_000;

class Simulation {
	readonly notes = new Notes();
	private readonly store: Store = createMemoryStore();
	private readonly outages = new Map<string, number>();
	private readonly ticketKeys = new Map<string, string>();
	private policy: Policy = parsePolicy({});

	async begin(
		preferences: ReadonlyArray<Record<string, unknown>>,
		policy: Record<string, unknown>,
		now: number,
	): Promise<void> {
		this.policy = parsePolicy(policy);
		await this.store.policies.put(policyIdOf(policy), policy, iso(now));
		await savePreferences(this.store, preferences, now);
	}

	/** Fires every timer due before `limit`, each at its instant (or on return, where the system was down). */
	async timersBefore(
		limit: number,
		down: ReadonlyArray<{ from: number; to: number }>,
	): Promise<void> {
		let rounds = 0;
		let last = -Infinity;
		for (;;) {
			const due = await nextDue(this.store);
			if (due === undefined) return;
			const at = fireAt(Math.max(due, last), down);
			if (at >= limit) return;
			rounds = at === last ? rounds + 1 : 0;
			if (rounds > MAX_ROUNDS)
				throw new ItsmNotifyError('simulation_stuck', `A timer at ${iso(at)} does not move on`);
			last = at;
			await this.timers(at);
		}
	}

	private async timers(now: number): Promise<void> {
		const onDecision = (delivery: Delivery, decision: Decision): void =>
			this.notes.decided(now, delivery, decision);
		const onSkipped = (skipped: SkippedStep): void => this.notes.skipped(now, skipped);
		await tick(this.store, { now, knownChannels: CHANNEL_IDS, onDecision, onSkipped });
		const rows = await this.store.deliveries.leaseDue(
			iso(now),
			10_000,
			'simulation',
			iso(now + 60_000),
		);
		await this.send(await handOutDue(this.store, rows, { now, onDecision }), now);
	}

	/** A broken document on the timeline is a warning; the old one stays. */
	async apply(item: Applied): Promise<void> {
		const done = await caughtAsync(() => this.change(item));
		if (!done.ok) this.notes.warn(done.error.code, done.error.message, done.error.field);
	}

	private async change({ at, entry }: Applied): Promise<void> {
		if (entry.event != null) await this.event(entry.event, at);
		else if (entry.presence != null) {
			const presence = parsePresence(entry.presence);
			await savePresence(
				this.store,
				{
					user_id: presence.user_id,
					status: presence.status,
					until: presence.until ? iso(Date.parse(presence.until)) : null,
				},
				at,
			);
		} else if (entry.silence != null) {
			const silence = parseSilence(entry.silence);
			await saveSilence(
				this.store,
				{
					...silence,
					starts_at: iso(Date.parse(silence.starts_at ?? iso(at))),
					ends_at: iso(Date.parse(silence.ends_at)),
				},
				at,
			);
		} else if (entry.end_silence != null) {
			const id = String(entry.end_silence);
			if (!(await endSilence(this.store, id, at)))
				this.notes.warn('not_found', `There is no running silence "${id}"`, 'end_silence');
		} else if (entry.acknowledge != null) {
			const { ticket_id: ticketId, user_id: userId } = parseAcknowledge(entry.acknowledge);
			const key = this.ticketKeys.get(ticketId);
			if (key === undefined)
				throw new ItsmNotifyError('not_found', `No event has named the ticket "${ticketId}"`, {
					field: 'acknowledge.ticket_id',
				});
			await acknowledge(this.store, key, userId, at);
		} else if (entry.preferences != null)
			await savePreferences(this.store, [entry.preferences], at);
		else if (entry.policy != null) {
			this.policy = parsePolicy(entry.policy);
			await savePolicy(this.store, entry.policy as Record<string, unknown>, at);
		} else if (entry.outage != null) {
			const outage = parseOutage(entry.outage);
			if (!(CHANNEL_IDS as readonly string[]).includes(outage.channel))
				throw new ItsmNotifyError(
					'unsupported_channel',
					`There is no channel "${outage.channel}"`,
					{ field: 'outage.channel' },
				);
			// Two that overlap are one.
			const until = Math.max(Date.parse(outage.until), this.outages.get(outage.channel) ?? 0);
			this.outages.set(outage.channel, until);
		}
	}

	private async event(document: unknown, now: number): Promise<void> {
		const given = typeof document === 'object' && document !== null ? document : {};
		const { timestamp } = given as { timestamp?: unknown };
		const event = parseEvent({ ...given, timestamp: timestamp ?? iso(now) });
		this.ticketKeys.set(event.content.ticket_id, ticketKey(event));
		const result = await intake(this.store, [event], {
			policy: this.policy,
			policyId: null,
			now,
			knownChannels: CHANNEL_IDS,
		});
		for (const row of result.noRoute) {
			const recipient = row.recipient.user_id ?? row.recipient.name ?? '';
			this.notes.unrouted(now, event.event_id, recipient, row.reason);
		}
		for (const warning of result.warnings)
			this.notes.warnOnce(warning.code, warning.message, warning.field);
		this.notes.channels(result);
		const { send, held, unsaid, silenced } = result;
		for (const delivery of [...send, ...held, ...unsaid, ...silenced]) {
			if (delivery.decision) this.notes.decided(now, delivery, delivery.decision);
		}
		await this.send(send, now);
	}

	/** The channel takes it, or is down: then it waits for its retry, as the senders do. */
	private async send(deliveries: readonly Delivery[], now: number): Promise<void> {
		if (deliveries.length === 0) return;
		const { results } = await deliver(this.store, deliveries, {
			policy: this.policy,
			now: () => now,
			random: () => 0.5,
			owner: 'simulation',
			concurrency: 1,
			leaseMs: 60_000,
			attempt: async (delivery) => {
				const down = (this.outages.get(delivery.channel) ?? 0) > now;
				return {
					attempts: 1,
					latencyMs: 0,
					outcome: down
						? { ok: false, class: 'retry', code: 'outage', message: `${delivery.channel} is down` }
						: { ok: true, status: 'sent' },
				};
			},
		});
		const turned: Delivery[] = [];
		for (const { delivery, ok, turned: next } of results) {
			if (ok && delivery.status?.status === 'sent' && !delivery.status.duplicate) {
				this.notes.result.messages.push(await messageOfDelivery(this.store, delivery, iso(now)));
			}
			if (next) turned.push(next);
			else if (!ok) this.notes.failed(delivery);
			// Due a moment ago, and wanted by nobody when its turn came (RE1).
			else if (delivery.status?.reason === 'acknowledged_before_send')
				this.notes.decided(now, delivery, { action: 'silence', reason: delivery.status.reason });
		}
		await this.send(turned, now);
	}
}
