import { setTimeout as pause } from 'node:timers/promises';

/** No piece of work gives way for longer, ms: urgent work that hangs, or never ends, stops nobody. */
const LONGEST_MS = 500;

/**
 * The urgent work of one process: while some goes on, what is not urgent begins nothing new. One n8n process runs
 * everything on one thread, where a critical message would else take turns with a whole storm.
 */
export class UrgentFirst {
	private running = 0;
	private ended = Promise.withResolvers<void>();

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
			return now < until ? Promise.race([this.ended.promise, pause(until - now)]) : undefined;
		};
	}
}

export const urgentFirst = new UrgentFirst();
