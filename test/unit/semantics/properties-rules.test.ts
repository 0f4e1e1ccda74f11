import fc from 'fast-check';

import { simulate } from '../../../core/simulation';
import {
	acknowledgeEntry,
	changeEntry,
	documentOf,
	eventEntry,
	iso,
	outageEntry,
	presenceEntry,
	restartEntry,
	seconds,
	silenceEntry,
	timeline,
} from './arbitraries';

const STEPS = [
	{ after: '10m', to: 'fallback' },
	{ after: '20m', to: 'manager' },
	{ after: '30m', to: 'user:bob' },
];

/** Any policy with repeats, chains, drops, inhibition, windows of each kind. */
const policy = fc
	.record({
		oneGroup: fc.boolean(),
		repeat: fc.constantFrom(null, '20m', '1h'),
		sliding: fc.boolean(),
		maxItems: fc.constantFrom(2, 100),
		drop: fc.boolean(),
		dropResolved: fc.boolean(),
		inhibits: fc.boolean(),
		chains: fc.boolean(),
	})
	.map(({ oneGroup, repeat, sliding, maxItems, drop, dropResolved, inhibits, chains }) => ({
		aggregation: {
			...(oneGroup ? { group_by: ['recipient', 'channel'] } : {}),
			repeat_interval: repeat,
			max_items: maxItems,
			sliding,
			max_wait: '3m',
		},
		silence: {
			action: drop ? 'drop' : 'defer',
			resolved_while_held: dropResolved ? 'drop' : 'show',
			inhibition: inhibits
				? [
						{
							source: ['event_type="sla_breached"'],
							target: ['event_type="ticket_comment"'],
							equal: ['source'],
						},
					]
				: [],
		},
		retry: { first: '30s', factor: 2, max: '10m', give_up_after: '1h' },
		...(chains
			? {
					priority: { thresholds: { escalation: 9, immediate: 7, standard: 2 } },
					escalation: { steps: STEPS, remind_after: '15m', resume_after: '10m' },
				}
			: {}),
	}));

const entry = fc.oneof(
	{ weight: 8, arbitrary: eventEntry },
	{ weight: 2, arbitrary: changeEntry },
	{ weight: 2, arbitrary: outageEntry },
	fc.record({ at: seconds, policy }),
	acknowledgeEntry,
	presenceEntry,
	silenceEntry,
	restartEntry,
);

const scenario = fc
	.record({
		people: fc.tuple(documentOf('ann'), documentOf('bob'), documentOf('meg')),
		policy,
		entries: fc.array(entry, { minLength: 1, maxLength: 28 }),
	})
	.map(({ people: [ann, bob, meg], policy: rules, entries }) => ({
		start: iso(0),
		end: iso(3 * 86_400),
		preferences: [{ ...ann, manager: 'meg' }, { ...bob, manager: 'meg' }, meg],
		policy: rules,
		timeline: timeline(entries),
	}));

/** What of the timeline was said of a ticket, by instant. */
const saidOf = (entries: ReturnType<typeof timeline>, ticket: string) =>
	entries.flatMap(({ at, event }) => {
		const said = event as { event_type: string; content: { ticket_id: string } } | undefined;
		return said?.content.ticket_id === ticket ? [{ at, type: said.event_type }] : [];
	});

describe('whatever the rules, and however they change', () => {
	test('no message comes twice at one instant, and no timer stands still', async () => {
		await fc.assert(
			fc.asyncProperty(scenario, async (input) => {
				const { messages } = await simulate(input);
				const all = messages
					.filter((m) => m.kind === 'single' || m.kind === 'digest')
					.map((m) => JSON.stringify([m.at, m.channel, m.recipient, m.event_ids]));
				expect(all.filter((key, i) => all.indexOf(key) !== i)).toEqual([]);
			}),
			{ numRuns: 150 },
		);
	}, 60_000);

	test('a ticket is shown as it is: one that was resolved is never news', async () => {
		await fc.assert(
			fc.asyncProperty(scenario, async (input) => {
				// What happens while the system is down, it learns later.
				if (input.timeline.some((e) => 'restart' in e)) return;
				const { messages } = await simulate(input);
				for (const m of messages) {
					for (const { ticket_id: ticket, status } of m.entries) {
						const said = saidOf(input.timeline, ticket);
						if (said.some(({ at }) => at === m.at)) continue;
						const last = said.filter(({ at }) => at < m.at).pop();
						if (last?.type === 'ticket_resolved') expect([m, status]).toEqual([m, 'resolved']);
					}
				}
			}),
			{ numRuns: 150 },
		);
	}, 60_000);
});
