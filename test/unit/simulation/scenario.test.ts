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
		['a title', { ticket_title: null, priority: null }, {}],
		['a context', {}, { context: null }],
		['a list', {}, { context: { related_cis: null, impacted_services: null } }],
		['the targets', { assignee: 'ann' }, { target_users: null }],
		['the time', {}, { timestamp: null }],
	])('null for %s says as little as nothing', async (_name, content, more) => {
		const timeline = [created(content, { target_users: [7], ...more })];
		const result = await simulate(scenario({ timeline }));
		expect(result.messages.map((m) => m.recipient)).toEqual(['7']);
	});

	test('null for a part of the scenario says as little as nothing', async () => {
		const nothing = { messages: [], decisions: [], unrouted: [], warnings: [] };
		expect(await simulate(scenario({ preferences: null, policy: null, timeline: null }))).toEqual(
			nothing,
		);
	});

	test('a silence whose author, comment and start are null is one', async () => {
		const silence = {
			id: 's1',
			matchers: ['content.ticket_id="T1"'],
			starts_at: null,
			ends_at: '2027-03-10T11:00:00Z',
			author: null,
			comment: null,
			confirmed: null,
		};
		const timeline = [{ at: '2027-03-10T09:00:00Z', silence }, created({}, { target_users: [7] })];
		const result = await simulate(scenario({ timeline }));
		expect(result.messages.map((m) => m.at)).toEqual(['2027-03-10T11:00:00.000Z']);
	});

	test('what a person acknowledges and where a channel is down must exist', async () => {
		const at = '2027-03-10T12:00:00Z';
		const timeline = [
			created({}, { target_users: [7] }),
			{ at, acknowledge: { ticket_id: 'T1', user_id: 7 } },
			{ at, acknowledge: { ticket_id: 'T-1', user_id: 7 } },
			{ at, outage: { channel: 'mail', until: at } },
			{ at, outage: { channel: 'email', until: at } },
		];
		const { warnings } = await simulate(scenario({ timeline }));
		expect(warnings.filter(({ code }) => code !== 'no_zone')).toEqual([
			{
				code: 'not_found',
				field: 'acknowledge.ticket_id',
				message: 'No event has named the ticket "T-1"',
			},
			{
				code: 'unsupported_channel',
				field: 'outage.channel',
				message: 'There is no channel "mail"',
			},
		]);
	});

	test('what stands before a restart of the same instant is applied before it', async () => {
		const at = '2027-03-10T10:00:00Z';
		const one = created({}, { target_users: [7] });
		const two = created({ ticket_id: 'T2' }, { target_users: [7], event_id: 'e2' });
		const result = await simulate(
			scenario({ timeline: [one, { at, restart: { down_for: '1h' } }, two] }),
		);
		expect(result.messages.map((m) => [m.at, ...m.ticket_ids])).toEqual([
			['2027-03-10T10:00:00.000Z', 'T1'],
			['2027-03-10T11:00:00.000Z', 'T2'],
		]);
	});

	test('a restart that cannot be read is a warning, and no restart', async () => {
		const at = '2027-03-10T09:00:00Z';
		const timeline = [{ at, restart: { down_for: 'soon' } }, created({}, { target_users: [7] })];
		const result = await simulate(scenario({ timeline }));
		expect(result.messages).toHaveLength(1);
		expect(result.warnings).toContainEqual(
			expect.objectContaining({ code: 'invalid_restart', field: 'down_for' }),
		);
	});

	test.each([
		['a start that is no instant', { start: '1' }, 'start'],
		['an instant in words', { timeline: [{ ...created({}), at: 'March 7' }] }, 'timeline.0.at'],
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
