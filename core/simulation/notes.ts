import type { SkippedStep } from '../engine/escalate';
import type { IntakeResult } from '../engine/intake';
import type { Decision, Delivery } from '../events/delivery';
import type { SimulationResult } from './result';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Gathers the result. */
export class Notes {
	readonly result: SimulationResult = { messages: [], decisions: [], unrouted: [], warnings: [] };
	private readonly withoutRoute = new Set<string>();
	private readonly warned = new Set<string>();

	/** What the gate decided. */
	decided(now: number, delivery: Delivery, decision: Decision): void {
		this.result.decisions.push({
			at: iso(now),
			delivery_id: delivery.delivery_id,
			event_id: delivery.event.event_id,
			recipient: delivery.recipient.user_id,
			channel: delivery.channel,
			action: decision.action,
			reason: decision.reason,
			...(decision.until ? { until: decision.until } : {}),
		});
	}

	/** RE3: a step that reaches nobody. */
	skipped(now: number, { event_id, user_id, what, reason }: SkippedStep): void {
		if (user_id === undefined)
			this.warn('escalation_step_skipped', `${event_id}: ${what} is skipped: ${reason}`);
		else this.unrouted(now, event_id, user_id, reason);
	}

	/** One per event and person: the same event again, or a further step to them, adds none. */
	unrouted(now: number, event_id: string, recipient: string, reason: string): void {
		const key = JSON.stringify([event_id, recipient]);
		if (this.withoutRoute.has(key)) return;
		this.withoutRoute.add(key);
		this.result.unrouted.push({ at: iso(now), event_id, recipient, reason });
	}

	/** RP3, RN2: listed channels that carry nothing, each once. */
	channels({ skipped, unsupported }: IntakeResult): void {
		const found = [
			...skipped,
			...unsupported.map(({ channel, recipient: { user_id } }) => ({
				channel,
				user_id,
				reason: 'unsupported_channel',
			})),
		];
		for (const { user_id, channel, reason } of found) {
			const message = `${user_id}: ${channel} is passed over: ${reason}`;
			this.warnOnce(reason, message, `notification_preferences.${channel}`);
		}
	}

	/** Accepted by no channel and turned to none: it must not vanish. */
	failed({ event, recipient, channel, status }: Delivery): void {
		const message = `${event.event_id} for ${recipient.user_id} on ${channel}: not delivered`;
		this.warn(status?.reason ?? 'failed', message);
	}

	/** What every event of a person would say again. */
	warnOnce(code: string, message: string, field?: string): void {
		const key = JSON.stringify([code, message, field]);
		if (this.warned.has(key)) return;
		this.warned.add(key);
		this.warn(code, message, field);
	}

	warn(code: string, message: string, field?: string): void {
		this.result.warnings.push({ code, message, ...(field ? { field } : {}) });
	}
}
