import fc from 'fast-check';

import { simulate, type SimulationResult } from '../../../core/simulation';
import {
	changeEntry,
	documentOf,
	eventEntry,
	iso,
	outageEntry,
	presenceEntry,
	restartEntry,
	silenceEntry,
	timeline,
} from './arbitraries';

const scenario = fc
	.record({
		people: fc.tuple(documentOf('ann'), documentOf('bob')),
		entries: fc.array(
			fc.oneof(
				{ weight: 8, arbitrary: eventEntry },
				{ weight: 3, arbitrary: changeEntry },
				presenceEntry,
				silenceEntry,
				outageEntry,
				restartEntry,
			),
			{ minLength: 1, maxLength: 22 },
		),
		oneGroup: fc.boolean(),
		giveUpAfter: fc.constantFrom('2m', '10m', '2h'),
	})
	.map(({ people, entries, oneGroup, giveUpAfter }) => ({
		start: iso(0),
		// Long enough that everything that is held has come out.
		end: iso(6 * 86_400),
		preferences: people,
		policy: {
			aggregation: oneGroup ? { group_by: ['recipient', 'channel'] } : {},
			retry: { first: '30s', factor: 2, max: '10m', give_up_after: giveUpAfter },
		},
		timeline: timeline(entries),
	}));

/** What was told: event, person and channel of every message. */
const told = ({ messages }: SimulationResult): string[] =>
	messages.flatMap((m) => m.event_ids.map((id) => `${id}|${m.recipient}|${m.channel}`));
const pair = (row: { event_id: string; recipient: string }): string =>
	`${row.event_id}|${row.recipient}`;

describe('whatever people change', () => {
	test('no channel tells anybody of an event twice', async () => {
		await fc.assert(
			fc.asyncProperty(scenario, async (input) => {
				const all = told(await simulate(input));
				expect(all.filter((key, i) => all.indexOf(key) !== i)).toEqual([]);
			}),
			{ numRuns: 200 },
		);
	}, 60_000);

	test('nothing is lost: told on some channel, or on record as silenced or given up', async () => {
		await fc.assert(
			fc.asyncProperty(scenario, async (input) => {
				const result = await simulate(input);
				const { decisions, warnings } = result;
				const reached = new Set(told(result).map((key) => key.split('|', 2).join('|')));
				const silenced = new Set(decisions.filter((d) => d.action === 'silence').map(pair));
				// What a resolution has made moot is on record there, not in decisions of its own.
				const moot = new Set(
					decisions
						.filter((d) => d.reason === 'resolved_before_first_message')
						.map((d) => d.recipient),
				);
				const gaveUp = (recipient: string): boolean =>
					warnings.some((w) => w.code === 'gave_up' && w.message.includes(`for ${recipient} on`));
				const lost = decisions.filter(
					(d) =>
						!reached.has(pair(d)) &&
						!silenced.has(pair(d)) &&
						!moot.has(d.recipient) &&
						!gaveUp(d.recipient),
				);
				expect(lost).toEqual([]);
			}),
			{ numRuns: 200 },
		);
	}, 60_000);

	test('nobody is written to who has left, or on a channel that they have switched off', async () => {
		await fc.assert(
			fc.asyncProperty(scenario, async (input) => {
				// What changes while the system is down, it learns later.
				if (input.timeline.some((entry) => 'restart' in entry)) return;
				const { messages } = await simulate(input);
				for (const m of messages) {
					const changes = input.timeline.filter((e) => 'preferences' in e);
					if (changes.some((e) => e.at === m.at)) continue;
					const documents = [
						...input.preferences,
						...changes
							.filter((e) => e.at < m.at)
							.map((e) => e.preferences as (typeof input.preferences)[0]),
					].filter((d) => d.user_id === m.recipient);
					const { active, notification_preferences: of } = documents[documents.length - 1];
					const part = (of as Record<string, { enabled?: boolean }>)[m.channel];
					expect([m, active, part.enabled]).toEqual([m, true, true]);
				}
			}),
			{ numRuns: 200 },
		);
	}, 60_000);
});
