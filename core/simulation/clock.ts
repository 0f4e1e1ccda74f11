import { caught, type ItsmNotifyError } from '../errors';
import { durationMs } from '../time/duration';
import { parseRestart, type Scenario } from './scenario';

/** A timeline entry with the instant at which it is applied: kept back while the system is down. */
export interface Applied {
	at: number;
	entry: Scenario['timeline'][number];
}

interface Span {
	from: number;
	to: number;
}

/**
 * The timeline in the order in which it takes effect. What a restart's downtime brings is applied on return, in order;
 * `down` are the spans [from, to) in which no timer fires. A restart that cannot be read is left out, with its error.
 */
export function applyOrder(timeline: Scenario['timeline']): {
	applied: Applied[];
	down: Span[];
	broken: ItsmNotifyError[];
} {
	const byTime = timeline
		.map((entry, index) => ({ entry, index, at: Date.parse(entry.at) }))
		.sort((a, b) => a.at - b.at || a.index - b.index);
	const down: Span[] = [];
	const broken: ItsmNotifyError[] = [];
	const kept: Array<{ entry: Applied['entry']; at: number; span?: Span }> = [];
	for (const { entry, at } of byTime) {
		const span = down.find((d) => at >= d.from && at < d.to);
		if (entry.restart === undefined || entry.restart === null) {
			kept.push({ entry, at, span });
			continue;
		}
		const read = caught(() => durationMs(parseRestart(entry.restart).down_for) as number);
		if (!read.ok) broken.push(read.error);
		// A second restart while it is down: it stays down until the later return.
		else if (span) span.to = Math.max(span.to, at + read.value);
		else down.push({ from: at, to: at + read.value });
	}
	// Only now is it known how long each stop lasts.
	const applied = kept.map(({ entry, at, span }) => ({ entry, at: span ? span.to : at }));
	return { applied, down, broken };
}

/** The instant at which a timer that is due at `at` can fire. */
export const fireAt = (at: number, down: ReadonlyArray<{ from: number; to: number }>): number =>
	down.find((d) => at >= d.from && at < d.to)?.to ?? at;
