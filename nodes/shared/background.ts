import { setTimeout as pause } from 'node:timers/promises';

import { messageOf } from '../../core/errors';

export interface BackgroundLoop {
	/** Looks again now. */
	wake(): void;
	/** Waits for the look that goes on, up to `STOP_MS`: a database that does not answer must not keep a node active. */
	stop(): Promise<void>;
}

export const STOP_MS = 5_000;
/** A longer timer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Looks again and again until stopped; `look` returns its pause in ms. A fault is told and the loop goes on. */
export function backgroundLoop(options: {
	look(): Promise<number>;
	/** Pause after a fault, ms. */
	faultPauseMs: number;
	warn(message: string): void;
}): BackgroundLoop {
	let stopped = false;
	let timer: NodeJS.Timeout | undefined;
	let isWoken = false;
	let isLooking = false;
	let running = Promise.resolve();
	const round = async (): Promise<void> => {
		isLooking = true;
		isWoken = false;
		let rest = options.faultPauseMs;
		try {
			rest = await options.look();
		} catch (error) {
			options.warn(messageOf(error));
		}
		isLooking = false;
		const wait = isWoken ? 0 : Math.min(rest, LONGEST_TIMER_MS);
		if (!stopped) timer = setTimeout(() => (running = round()), wait);
	};
	running = round();
	return {
		wake() {
			if (stopped) return;
			isWoken = true;
			if (isLooking) return;
			clearTimeout(timer);
			timer = setTimeout(() => (running = round()), 0);
		},
		async stop() {
			stopped = true;
			clearTimeout(timer);
			await Promise.race([running, pause(STOP_MS, undefined, { ref: false })]);
		},
	};
}
