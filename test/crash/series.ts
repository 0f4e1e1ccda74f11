// Tickets about which one event comes after the other: who gets them gets them in their order.
import type { Load, Place } from './load';
import type { Received } from './providers';

export interface Series {
	run: string;
	events: Array<Record<string, unknown>>;
	/** Ticket and step of each message that must arrive, and where. */
	expected: Array<{ ticket: string; step: number; places: Place[] }>;
}

const STEPS = 3;

/** In each message about this step, and in no other. */
export const stepText = (ticket: string, step: number): string => `${ticket} S${step}.`;

/** `run` names it as the run of a load does; people are those of `load`. */
export function makeSeries(run: string, load: Load, tickets: number, startedAt: number): Series {
	const series: Series = { run, events: [], expected: [] };
	const bob = [...load.expected.values()].find((places) => places.length === 2) ?? [];
	for (let step = 1; step <= STEPS; step++)
		for (let n = 0; n < tickets; n++) {
			const ticket = `${run}T${n + 10}`;
			series.events.push({
				event_id: `e-${ticket}-${step}`,
				event_type: 'ticket_assigned',
				timestamp: new Date(startedAt + step).toISOString(),
				source: 'generic',
				target_users: ['bob'],
				content: {
					ticket_id: ticket,
					ticket_title: `Ticket ${ticket}`,
					// A message that waits shows the newest title; whom it was assigned to is its own news.
					assignee: { name: stepText(ticket, step) },
					priority: 'Medium',
				},
			});
			series.expected.push({ ticket, step, places: bob });
		}
	return series;
}

/** Each once (or in doubt: twice), at each place in the order of the steps. */
export function judgeSeries(
	series: Series,
	received: readonly Received[],
	width: number,
): string[] {
	const faults: string[] = [];
	let twice = 0;
	for (const { ticket, step, places } of series.expected)
		for (const place of places) {
			const mine = received.filter((r) => r.place === place && r.tickets.includes(ticket));
			const times = mine.filter((r) => r.text.includes(stepText(ticket, step))).length;
			if (times === 0) faults.push(`${ticket} step ${step}: lost on its way to ${place}`);
			if (times > 1) twice++;
			if (step === 1) {
				const steps = mine.map((r) => Number(/ S(\d)\./.exec(r.text)?.[1]));
				const firsts = [...new Set(steps)];
				if (firsts.join() !== [...firsts].sort().join())
					faults.push(`${ticket}: came to ${place} in the order ${steps.join()}`);
			}
		}
	if (twice > width) faults.push(`${twice} messages of the series came twice`);
	return faults;
}
