import { simulate } from '../../../core/simulation';

const scenario = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
	start: '2027-03-10T00:00:00Z',
	end: '2027-03-11T00:00:00Z',
	preferences: [
		{
			user_id: 7,
			username: 'ann',
			notification_preferences: { channels: ['email'], email: { address: 'ann@example.com' } },
		},
	],
	...more,
});

const created = (content: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
	at: '2027-03-10T10:00:00Z',
	event: {
		event_id: 'e1',
		event_type: 'ticket_created',
		content: { ticket_id: 'T1', ...content },
		...more,
	},
});

describe('scenario', () => {
	test.each([
		['an assignee', { assignee: 7 }, {}],
		['a watcher', { watchers: [7], assignee: 'ann' }, {}],
		['a requester', { requester: { login: 7 } }, { event_type: 'ticket_resolved' }],
		['a group', { group: 7 }, { target_users: [7] }],
		['a priority', { priority: 1 }, { target_users: [7] }],
		['a category', {}, { target_users: [7], context: { category: 7 } }],
	])('a number as %s means its text', async (_name, content, more) => {
		const result = await simulate(scenario({ timeline: [created(content, more)] }));
		expect(result.warnings.filter(({ code }) => code !== 'no_zone')).toEqual([]);
		expect(result.messages.map((m) => m.recipient)).toEqual(['7']);
	});

	test.each([
		['an end before its start', { end: '2027-03-09T00:00:00Z' }, 'end'],
		[
			'an entry of two kinds',
			{
				timeline: [{ ...created({}), presence: { user_id: '7', status: 'dnd' } }],
			},
			'timeline.0',
		],
		['an entry of no kind', { timeline: [{ at: '2027-03-10T10:00:00Z' }] }, 'timeline.0'],
	])('%s is refused, naming the field', async (_name, more, field) => {
		await expect(simulate(scenario(more))).rejects.toMatchObject({
			code: 'invalid_scenario',
			field,
		});
	});
});
