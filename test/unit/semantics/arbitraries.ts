import fc from 'fast-check';

const START = Date.parse('2027-03-10T08:00:00Z');
/** Seconds from the begin of the scenario, as an instant. */
export const iso = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

const TYPES = [
	'ticket_created',
	'ticket_assigned',
	'ticket_comment',
	'status_update',
	'ticket_updated',
	'ticket_resolved',
	'sla_breached',
];
const STATUS: Record<string, string> = { ticket_created: 'new', ticket_resolved: 'resolved' };

export const seconds = fc.integer({ min: 0, max: 6 * 3600 });

export const eventEntry = fc
	.record({
		at: seconds,
		type: fc.constantFrom(...TYPES),
		ticket: fc.constantFrom('T1', 'T2', 'T3'),
		priority: fc.constantFrom('Critical', 'Medium', 'Low'),
		to: fc.constantFrom(['ann'], ['bob'], ['ann', 'bob']),
	})
	.map(({ at, type, ticket, priority, to }) => ({
		at,
		event: {
			event_type: type,
			source: 'test',
			target_users: to,
			content: {
				ticket_id: ticket,
				ticket_title: ticket,
				priority,
				...(STATUS[type] ? { status: STATUS[type] } : {}),
			},
		},
	}));

export const presenceEntry = fc
	.record({
		at: seconds,
		user: fc.constantFrom('ann', 'bob'),
		status: fc.constantFrom('available', 'focused', 'in_meeting', 'dnd'),
		minutes: fc.integer({ min: 1, max: 120 }),
	})
	.map(({ at, user, status, minutes }) => ({
		at,
		presence: { user_id: user, status, until: iso(at + minutes * 60) },
	}));

export const silenceEntry = fc
	.record({
		at: seconds,
		priority: fc.constantFrom('Critical', 'Medium', 'Low'),
		minutes: fc.integer({ min: 1, max: 120 }),
	})
	.map(({ at, priority, minutes }) => ({
		at,
		silence: {
			id: `s${at}`,
			matchers: [`content.priority="${priority}"`],
			ends_at: iso(at + minutes * 60),
			author: 'eve',
			comment: '',
		},
	}));

export const outageEntry = fc
	.record({
		at: seconds,
		channel: fc.constantFrom('slack', 'email', 'wecom'),
		minutes: fc.integer({ min: 1, max: 60 }),
	})
	.map(({ at, channel, minutes }) => ({ at, outage: { channel, until: iso(at + minutes * 60) } }));

export const restartEntry = fc
	.record({ at: seconds, minutes: fc.integer({ min: 1, max: 90 }) })
	.map(({ at, minutes }) => ({ at, restart: { down_for: `${minutes}m` } }));

export const acknowledgeEntry = fc
	.record({
		at: seconds,
		ticket_id: fc.constantFrom('T1', 'T2', 'T3'),
		user_id: fc.constantFrom('ann', 'bob'),
	})
	.map(({ at, ...acknowledge }) => ({ at, acknowledge }));

const CHANNELS = ['slack', 'email', 'wecom'] as const;
const ADDRESS = {
	slack: { userid: 'S' },
	email: { address: 'x@example.com' },
	wecom: { userid: 'W' },
};

const seldom = fc.integer({ min: 0, max: 5 }).map((n) => n === 0);
const channel = fc.record({
	listed: fc.boolean(),
	enabled: fc.boolean(),
	batch: seldom,
	muted: seldom,
});

/** A document of `id` with any of three channels on, off, in batches, in any order. */
export const documentOf = (id: string) =>
	fc
		.record({
			slack: channel,
			email: channel,
			wecom: channel,
			left: seldom,
			order: fc.shuffledSubarray([...CHANNELS], { minLength: 3, maxLength: 3 }),
		})
		.map(({ left, order, ...of }) => ({
			user_id: id,
			timezone: 'UTC',
			active: !left,
			notification_preferences: {
				channels: order.filter((c) => of[c].listed),
				...Object.fromEntries(
					CHANNELS.map((c) => [
						c,
						{
							...ADDRESS[c],
							enabled: of[c].enabled,
							frequency: of[c].batch ? 'batch' : 'immediate',
							batch_time: '10:00,15:00',
							...(of[c].muted ? { muted_categories: ['comment'] } : {}),
						},
					]),
				),
			},
		}));

export const changeEntry = fc
	.record({ at: seconds, document: fc.oneof(documentOf('ann'), documentOf('bob')) })
	.map(({ at, document }) => ({ at, preferences: document }));

/** The entries of a timeline in their order; events are `e<index>`. */
export const timeline = (
	entries: ReadonlyArray<{ at: number; event?: object }>,
): Array<Record<string, unknown> & { at: string }> =>
	[...entries]
		.sort((a, b) => a.at - b.at)
		.map(({ at, ...entry }, i) => ({
			at: iso(at),
			...(entry.event ? { event: { ...entry.event, event_id: `e${i}` } } : entry),
		}));
