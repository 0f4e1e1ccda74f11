import fc from 'fast-check';

import { simulate, type SimulationResult } from '../../../core/simulation';
import {
	eventEntry,
	iso,
	outageEntry,
	presenceEntry,
	restartEntry,
	silenceEntry,
	timeline,
} from './arbitraries';
import { person } from './timetable';

const scenario = fc
	.record({
		entries: fc.array(
			fc.oneof(
				{ weight: 8, arbitrary: eventEntry },
				presenceEntry,
				silenceEntry,
				outageEntry,
				restartEntry,
			),
			{ minLength: 1, maxLength: 25 },
		),
		batch: fc.boolean(),
		quiet: fc.boolean(),
		sliding: fc.boolean(),
		maxItems: fc.integer({ min: 1, max: 5 }),
		oneGroup: fc.boolean(),
	})
	.map(({ entries, batch, quiet, sliding, maxItems, oneGroup }) => {
		return {
			start: iso(0),
			// Long enough that everything that is held has come out.
			end: iso(4 * 86_400),
			preferences: [
				person(
					'ann',
					{
						...(quiet ? { quiet_hours: { wednesday: [['09:00', '11:00']] } } : {}),
						channel: batch ? { email: { frequency: 'batch', batch_time: '10:00,15:00' } } : {},
					},
					['slack', 'email'],
				),
				person('bob'),
			],
			policy: {
				aggregation: {
					sliding,
					max_items: maxItems,
					...(oneGroup ? { group_by: ['recipient', 'channel'] } : {}),
				},
			},
			timeline: timeline(entries),
		};
	});

/** What became of each delivery: messages that account for it, and whether it was silenced. */
function fates(result: SimulationResult): Map<string, { messages: number; silenced: boolean }> {
	const found = new Map<string, { messages: number; silenced: boolean }>();
	const of = (key: string): { messages: number; silenced: boolean } => {
		const known = found.get(key) ?? { messages: 0, silenced: false };
		found.set(key, known);
		return known;
	};
	for (const d of result.decisions) {
		const fate = of(`${d.event_id}|${d.recipient}|${d.channel}`);
		if (d.action === 'silence') fate.silenced = true;
	}
	for (const m of result.messages) {
		if (m.kind === 'escalation' || m.kind === 'reminder') continue;
		for (const id of m.event_ids) of(`${id}|${m.recipient}|${m.channel}`).messages++;
	}
	return found;
}

describe('whatever happens', () => {
	test('every event ends for every person and channel in exactly one message, or silenced with a record', async () => {
		await fc.assert(
			fc.asyncProperty(scenario, async (input) => {
				const result = await simulate(input);
				const settled = new Set(
					result.decisions
						.filter((d) => d.reason === 'resolved_before_first_message')
						.map((d) => `${d.recipient}`),
				);
				for (const [key, fate] of fates(result)) {
					const recipient = key.split('|')[1];
					if (fate.silenced) expect([key, fate.messages <= 1]).toEqual([key, true]);
					// Entries that a resolution has made moot are on record there, not in a decision of their own.
					else if (!settled.has(recipient)) expect([key, fate.messages]).toEqual([key, 1]);
					else expect([key, fate.messages <= 1]).toEqual([key, true]);
				}
			}),
			{ numRuns: 150 },
		);
	}, 60_000);

	test('the same scenario gives the same result', async () => {
		await fc.assert(
			fc.asyncProperty(scenario, async (input) => {
				expect(await simulate(input)).toEqual(await simulate(input));
			}),
			{ numRuns: 25 },
		);
	}, 60_000);

	test('nothing is sent to somebody in a meeting, unless it is mandatory', async () => {
		await fc.assert(
			fc.asyncProperty(scenario, async (input) => {
				const result = await simulate(input);
				const meetings = input.timeline
					.filter((e) => 'presence' in e)
					.map((e) => ({
						...(e.presence as { user_id: string; status: string; until: string }),
						from: e.at,
					}));
				const restarts = input.timeline.some((e) => 'restart' in e);
				if (restarts) return;
				for (const m of result.messages.filter((x) => x.kind !== 'escalation')) {
					const state = meetings.filter((p) => p.user_id === m.recipient && p.from <= m.at).at(-1);
					const retried = input.timeline.some((e) => 'outage' in e);
					if (!retried)
						expect([m, state?.status === 'in_meeting' && m.at < state.until]).toEqual([m, false]);
				}
			}),
			{ numRuns: 60 },
		);
	}, 60_000);
});
