// A seeded load in which everything that can wait, fail or escalate is in flight, and who must have what in the end.
import type { Random } from './random.ts';

/** Where somebody is reached: `slack U0ANN`, `email ann.r7@example.test`. */
export type Place = string;

export interface Load {
	/** Names this load in every ticket and mail address: the simulators serve many at once. */
	run: string;
	people: Array<Record<string, unknown>>;
	policy: Record<string, unknown>;
	silence: Record<string, unknown>;
	/** As the trigger makes them; in the order of their arrival. */
	events: Array<Record<string, unknown>>;
	/** Ticket -> where a message about it must arrive, once each; [] = nowhere, with a record. */
	expected: Map<string, Place[]>;
	/** The ticket whose first message meets a provider that is down. */
	unlucky: string;
}

export const SLACK_USERS = ['ann', 'bob', 'dan', 'meg'] as const;
export const slackId = (name: string): string => `U0${name.toUpperCase()}`;
/** Whom Slack refuses. */
export const GONE = 'U0GONE';

const mail = (name: string, run: string): string => `${name}.${run.toLowerCase()}@example.test`;

/** How long what waits does wait. */
export interface Pace {
	group: string;
	interval: string;
	steps: [string, string];
	retry: string;
}

/** On a clock that is put forward. */
const LIKE_LIFE: Pace = { group: '30s', interval: '5m', steps: ['3m', '6m'], retry: '1m' };
/** On the wall's clock. */
export const IN_SECONDS: Pace = { group: '1s', interval: '1s', steps: ['2s', '4s'], retry: '1s' };

const policyOf = (pace: Pace): Record<string, unknown> => ({
	aggregation: {
		types: ['ticket_comment'],
		group_by: ['recipient', 'channel'],
		group_wait: pace.group,
		group_interval: pace.interval,
		// Only what the load says waits in a group.
		recent_limit: 10_000,
	},
	silence: { action: 'drop' },
	priority: {
		base: { system_failure: 100, default: 1 },
		thresholds: { escalation: 50, immediate: 40, standard: 0 },
	},
	escalation: {
		steps: [
			{ after: pace.steps[0], to: 'manager' },
			{ after: pace.steps[1], to: 'user:dan' },
		],
	},
	retry: { first: pace.retry, factor: 2, max: '10m', give_up_after: '2d' },
	routing: { unknown_person: 'no_route' },
});

function peopleOf(run: string): Array<Record<string, unknown>> {
	const at = (channel: 'slack' | 'email', address: string, categories = ['all']) => ({
		[channel]: {
			[channel === 'slack' ? 'userid' : 'address']: address,
			frequency: 'immediate',
			categories,
		},
	});
	const person = (id: string, ...places: Array<Record<string, unknown>>) => ({
		user_id: id,
		username: id,
		language: 'en',
		timezone: 'UTC',
		manager: 'meg',
		notification_preferences: {
			channels: places.flatMap((place) => Object.keys(place)),
			...Object.assign({}, ...places),
		},
	});
	return [
		person('ann', at('slack', slackId('ann'))),
		person('bob', at('slack', slackId('bob')), at('email', mail('bob', run))),
		person('cat', at('email', mail('cat', run))),
		person('dan', at('slack', slackId('dan'))),
		// Slack does not know him any more; his mail is not asked for, and serves when Slack has failed.
		person('gil', at('slack', GONE), at('email', mail('gil', run), ['closed'])),
		person('meg', at('slack', slackId('meg'))),
	];
}

const PLACES: Record<string, (run: string) => Place[]> = {
	ann: () => [`slack ${slackId('ann')}`],
	bob: (run) => [`slack ${slackId('bob')}`, `email ${mail('bob', run)}`],
	cat: (run) => [`email ${mail('cat', run)}`],
	gil: (run) => [`email ${mail('gil', run)}`],
	nobody: () => [],
};

export function makeLoad(
	run: string,
	random: Random,
	startedAt: number,
	pace: Pace = LIKE_LIFE,
): Load {
	const expected = new Map<string, Place[]>();
	const events: Array<Record<string, unknown>> = [];
	const add = (type: string, to: string, more: Record<string, unknown> = {}): string => {
		// Two digits: no ticket is the beginning of another.
		const ticket = `${run}T${events.length + 10}`;
		events.push({
			event_id: `e-${ticket}`,
			event_type: type,
			timestamp: new Date(startedAt).toISOString(),
			source: 'generic',
			target_users: [to],
			content: {
				ticket_id: ticket,
				ticket_title: `Ticket ${ticket}`,
				priority: 'Medium',
				...(type === 'ticket_comment' ? { comment: { text: `About ${ticket}` } } : {}),
				...more,
			},
		});
		expected.set(ticket, PLACES[to](run));
		return ticket;
	};
	const unlucky = add('ticket_assigned', 'ann');
	for (const to of ['ann', 'bob', 'cat', 'gil']) add('ticket_assigned', to);
	for (let i = random.int(0, 4); i > 0; i--)
		add('ticket_assigned', random.pick(['ann', 'bob', 'cat', 'gil']));
	for (const to of ['ann', 'ann', 'bob', 'bob', 'cat', 'cat']) add('ticket_comment', to);
	for (let i = random.int(0, 3); i > 0; i--) add('ticket_comment', random.pick(['ann', 'bob']));
	const failure = add('system_failure', random.pick(['ann', 'bob']), { priority: 'Critical' });
	expected.get(failure)?.push(`slack ${slackId('meg')}`, `slack ${slackId('dan')}`);
	const silenced = add('ticket_assigned', 'ann', { priority: 'Low' });
	expected.set(silenced, []);
	add('ticket_assigned', 'nobody');
	return {
		run,
		people: peopleOf(run),
		policy: policyOf(pace),
		silence: {
			id: 'low',
			matchers: ['content.priority="Low"'],
			starts_at: '2020-01-01T00:00:00.000Z',
			ends_at: '2099-01-01T00:00:00.000Z',
			author: 'test',
			comment: 'The drill silences these',
			confirmed: false,
		},
		events: random.shuffle(events),
		expected,
		unlucky,
	};
}
