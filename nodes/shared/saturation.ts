import { performance, type EventLoopUtilization } from 'node:perf_hooks';

/** Above this share of its time the process has no room for more work side by side. */
const FULL = 0.9;
const WINDOW_MS = 200;

let since: EventLoopUtilization = performance.eventLoopUtilization();
let checkedAt = performance.now();
let saturated = false;

/** True where this process was busy for nearly all of the last moments. */
export function isSaturated(): boolean {
	const now = performance.now();
	if (now - checkedAt < WINDOW_MS) return saturated;
	const current = performance.eventLoopUtilization();
	saturated = performance.eventLoopUtilization(current, since).utilization > FULL;
	since = current;
	checkedAt = now;
	return saturated;
}
