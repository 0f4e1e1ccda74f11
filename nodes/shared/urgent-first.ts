import { setTimeout as pause } from 'node:timers/promises';

import type { NotificationEvent } from '../../core/events';
import { parsePolicy } from '../../core/preferences';
import { isUrgent } from '../../core/strategy';

/** No piece of work gives way for longer, ms: urgent work that hangs, or never ends, stops nobody. */
const LONGEST_MS = 500;

/**
 * The urgent work of one process: while some goes on, what is not urgent begins nothing new. One n8n process runs
 * everything on one thread, where a critical message would else take turns with a whole storm.
 */
export class UrgentFirst {
	private running = 0;
	private ended = Promise.withResolvers<void>();
	/** Ends what was announced; set while urgent events wait for their run. */
	private begun: (() => void) | undefined;

	/** Urgent work of this process goes on, or is expected. */
	get isOn(): boolean {
		return this.running > 0;
	}

	/** Urgent events have come in: what follows until their run, or their sender, begins is urgent work too. */
	announce(): void {
		if (this.begun) return;
		const leave = this.enter();
		const timer = setTimeout(() => this.begun?.(), LONGEST_MS).unref();
		this.begun = () => {
			clearTimeout(timer);
			this.begun = undefined;
			leave();
		};
	}

	/** The run of announced events begins, or the sender of their messages. */
	run(): () => void {
		const leave = this.enter();
		this.begun?.();
		return leave;
	}

	/** Urgent work begins; call what is returned when it has ended. */
	enter(): () => void {
		this.running++;
		let isOver = false;
		return () => {
			if (isOver) return;
			isOver = true;
			if (--this.running > 0) return;
			this.ended.resolve();
			this.ended = Promise.withResolvers<void>();
		};
	}

	/**
	 * For one piece of work that is not urgent: each call of what is returned gives what to wait for before the next
	 * step, undefined where nothing urgent goes on or this work has given way for long enough.
	 */
	giveWay(): () => Promise<void> | undefined {
		let until: number | undefined;
		return () => {
			if (this.running === 0) return undefined;
			const now = performance.now();
			until ??= now + LONGEST_MS;
			// A timer may ring a moment early: what is left of a millisecond is no wait.
			return until - now >= 1 ? Promise.race([this.ended.promise, pause(until - now)]) : undefined;
		};
	}
}

export const urgentFirst = new UrgentFirst();

/** What is urgent here only orders work: the seed's rule, whatever the policy says later. */
const SEED_POLICY = parsePolicy({});
export const goesFirst = (event: NotificationEvent): boolean => isUrgent(event, SEED_POLICY);

/**
 * At the begin of a step that would keep the process busy with these events. A worker of queue mode learns here that an
 * urgent run has begun; where the trigger runs too, it is known already.
 */
export async function takeTurn(events: readonly NotificationEvent[]): Promise<void> {
	if (!events.some(goesFirst)) await urgentFirst.giveWay()();
	else if (!urgentFirst.isOn) urgentFirst.announce();
}
