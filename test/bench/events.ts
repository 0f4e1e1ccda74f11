// People and events of the benchmark. No person gets more than a few messages: nobody is slowed down or collected, not
// in the longest storm either.
export const PEOPLE = 8000;

const personId = (index: number, of: number): string => `p${String(index % of).padStart(4, '0')}`;

export const slackId = (id: string): string => `U${id.toUpperCase()}`;
export const wecomId = (id: string): string => `W${id.toUpperCase()}`;

export const everybody = (of = PEOPLE): string[] =>
	Array.from({ length: of }, (_, i) => personId(i, of));

export const preferenceOf = (
	id: string,
	channels: readonly string[] = ['slack', 'wecom'],
): Record<string, unknown> => ({
	user_id: id,
	username: `${id}.login`,
	notification_preferences: {
		channels,
		slack: { userid: slackId(id), frequency: 'immediate', categories: ['all'] },
		wecom: { userid: wecomId(id), frequency: 'immediate', categories: ['all'] },
	},
	timezone: 'Europe/Berlin',
	language: 'en',
});

export const ticketNumber = (n: number): string => `INC${String(n).padStart(7, '0')}`;

/** The n-th event: its own id, its own ticket, the next two people of so many. */
export const eventOf = (n: number, of = PEOPLE): Record<string, unknown> => ({
	event_id: `bench-${n}`,
	event_type: 'ticket_assigned',
	timestamp: new Date().toISOString(),
	source: 'generic',
	target_users: [personId(2 * n, of), personId(2 * n + 1, of)],
	content: {
		ticket_id: `sys-${n}`,
		number: ticketNumber(n),
		ticket_title: 'Disk of db-01 is nearly full',
		priority: 'Medium',
		status: 'assigned',
		description:
			'The data volume has 4 percent left and grows by 1 percent an hour. Please extend it or clean it up.',
		url: `https://itsm.example.test/incident/${n}`,
		assignee: personId(2 * n, of),
	},
	context: { related_cis: ['db-01'], impacted_services: ['Orders'], category: 'storage' },
});
