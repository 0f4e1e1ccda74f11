import { jest } from '@jest/globals';

const TIMERS = [
	'nextTick',
	'setImmediate',
	'clearImmediate',
	'setInterval',
	'clearInterval',
	'setTimeout',
	'clearTimeout',
	'queueMicrotask',
	'performance',
	'hrtime',
] as const;

/** What `Date` says from here to the end of the test; timers stay real. */
export function setClock(now: string | number): void {
	jest.useFakeTimers({ now: new Date(now), doNotFake: [...TIMERS] });
}

afterEach(() => {
	jest.useRealTimers();
});
