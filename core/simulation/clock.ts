import { durationMs } from '../time/duration';
import { parseRestart, type Scenario } from './scenario';

/** A timeline entry with the instant at which it is applied: kept back while the system is down. */
export interface Applied {
	at: number;
	entry: Scenario['timeline'][number];
}

/**
 * The timeline in the order in which it takes effect. What a restart's downtime brings is applied on return, in order;
 * `down` are the spans [from, to) in which no timer fires.
 */
export function applyOrder(timeline: Scenario['timeline']): {
	applied: Applied[];
	down: Array<{ from: number; to: number }>;
} {
	const byTime = timeline
		.map((entry, index) => ({ entry, index, at: Date.parse(entry.at) }))
		.sort((a, b) => a.at - b.at || a.index - b.index);
	const down: Array<{ from: number; to: number }> = [];
	const applied: Applied[] = [];
	for (const { entry, at } of byTime) {
		const span = down.find((d) => at >= d.from && at < d.to);
		if (entry.restart !== undefined && entry.restart !== null) {
			const ms = durationMs(parseRestart(entry.restart).down_for) as number;
			// A second restart while it is down: it stays down until the later return.
			if (span) span.to = Math.max(span.to, at + ms);
			else down.push({ from: at, to: at + ms });
			continue;
		}
		applied.push({ at: span ? span.to : at, entry });
	}
	return {
		applied: applied.map((a) => ({
			...a,
			at: down.find((d) => a.at >= d.from && a.at < d.to)?.to ?? a.at,
		})),
		down,
	};
}

/** The instant at which a timer that is due at `at` can fire. */
export const fireAt = (at: number, down: ReadonlyArray<{ from: number; to: number }>): number =>
	down.find((d) => at >= d.from && at < d.to)?.to ?? at;
