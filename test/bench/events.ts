// People and events of the benchmark. No person gets more than a few messages: nobody is slowed down or collected, not
// in the longest storm either.
export const PEOPLE = 8000;

const personId = (index: number): string => `p${String(index % PEOPLE).padStart(4, '0')}`;

export const slackId = (id: string): string => `U${id.toUpperCase()}`;
export const wecomId = (id: string): string => `W${id.toUpperCase()}`;

export const everybody = (): string[] => Array.from({ length: PEOPLE }, (_, i) => personId(i));

export const preferenceOf = (id: string): Record<string, unknown> => ({
	user_id: id,
	username: `${id}.login`,
	notification_preferences: {
		channels: ['slack', 'wecom'],
		slack: { userid: slackId(id), frequency: 'immediate', categories: ['all'] },
		wecom: { userid: wecomId(id), frequency: 'immediate', categories: ['all'] },
	},
	timezone: 'Europe/Berlin',
	language: 'en',
});

export const ticketNumber = (n: number): string => `INC${String(n).padStart(7, '0')}`;

/** The n-th event: its own id, its own ticket, the next two people. */
export const eventOf = (n: number): Record<string, unknown> => ({
	event_id: `bench-${n}`,
	event_type: 'ticket_assigned',
	timestamp: new Date().toISOString(),
	source: 'generic',
	target_users: [personId(2 * n), personId(2 * n + 1)],
	content: {
		ticket_id: `sys-${n}`,
		number: ticketNumber(n),
		ticket_title: 'Disk of db-01 is nearly full',
		priority: 'Medium',
		status: 'assigned',
		description:
			'The data volume has 4 percent left and grows by 1 percent an hour. Please extend it or clean it up.',
		url: `https://itsm.example.test/incident/${n}`,
		assignee: personId(2 * n),
	},
	context: { related_cis: ['db-01'], impacted_services: ['Orders'], category: 'storage' },
});
