import { describe, expect, it } from '@jest/globals';

import {
	changelog,
	comment,
	fields,
	status,
	webhook,
	type Item,
	type JiraStatus,
} from '../../fixtures/events/jira';
import { all, one, refusal } from './helper';

const moved = (from: string, to: JiraStatus, ...more: Item[]) =>
	webhook(
		'jira:issue_updated',
		changelog({ field: 'status', from: '1', fromString: from, to: '3', toString: to }, ...more),
		{ status: status(to) },
	);
const changed = (...items: Item[]) => webhook('jira:issue_updated', changelog(...items));
const assigned: Item = {
	field: 'assignee',
	from: null,
	fromString: null,
	to: '5b10a2',
	toString: 'Mia Krystof',
};
const priority = (fromString: string, toString: string): Item => ({
	field: 'priority',
	fromString,
	toString,
});

describe('jira: what the changelog means', () => {
	it.each([
		['created', webhook('jira:issue_created'), 'ticket_created'],
		['to Done', moved('In Progress', 'Done'), 'ticket_resolved'],
		['to Closed', moved('Resolved', 'Closed'), 'ticket_closed'],
		['back from Done', moved('Done', 'In Progress'), 'ticket_reopened'],
		['To Do to In Progress', moved('To Do', 'In Progress'), 'status_update'],
		['between two waiting states', moved('Pending', 'Waiting for customer'), 'status_update'],
		[
			'resolution alone',
			changed({ field: 'resolution', from: null, to: '1', toString: 'Done' }),
			'ticket_resolved',
		],
		['assigned', changed(assigned), 'ticket_assigned'],
		[
			'assignee removed',
			changed({ field: 'assignee', from: '5b10a2', to: null, toString: null }),
			'ticket_updated',
		],
		['priority up', changed(priority('Medium', 'Highest')), 'ticket_escalated'],
		['priority down', changed(priority('High', 'Low')), 'ticket_updated'],
		['label', changed({ field: 'labels', fromString: '', toString: 'vpn' }), 'ticket_updated'],
		['deleted', webhook('jira:issue_deleted'), 'ticket_updated'],
		['comment event', webhook('comment_created', { comment: comment() }), 'ticket_comment'],
		[
			'comment inside an update',
			webhook('jira:issue_updated', {
				issue_event_type_name: 'issue_commented',
				comment: comment(),
			}),
			'ticket_comment',
		],
		['to Waiting for approval', moved('To Do', 'Waiting for approval'), 'approval_requested'],
		['unknown event', webhook('worklog_updated'), 'ticket_updated'],
	])('%s', (_name, body, expected) => {
		expect(one('jira', body).event_type).toBe(expected);
	});

	it('calls a custom final state reopened when its resolution is cleared', () => {
		const body = moved('Erledigt', 'In Progress', {
			field: 'resolution',
			fromString: 'Done',
			toString: null,
			to: null,
		});
		expect(one('jira', body)).toMatchObject({
			event_type: 'ticket_reopened',
			content: { status: 'in_progress' },
		});
	});

	it('names the event by the strongest fact and keeps the rest in changes', () => {
		const event = one('jira', moved('In Progress', 'Done', assigned, priority('Low', 'High')));
		expect(event.event_type).toBe('ticket_resolved');
		expect(event.changes).toEqual(
			expect.arrayContaining([
				{ field: 'status', from: 'In Progress', to: 'Done', type: 'ticket_resolved' },
				{ field: 'assignee', from: null, to: 'Mia Krystof', type: 'ticket_assigned' },
				{ field: 'priority', from: 'Low', to: 'High', type: 'ticket_escalated' },
			]),
		);
	});

	it('schedules a change that reaches its waiting state', () => {
		const body = moved('Planning', 'Awaiting implementation');
		body.issue.fields.issuetype = { name: 'Change', subtask: false };
		expect(one('jira', body).event_type).toBe('change_scheduled');
	});

	it('reads a missing toString of a changelog item as absent, not as a function', () => {
		const event = one('jira', changed({ field: 'labels', fromString: 'vpn' }));
		expect(event.changes).toEqual([
			{ field: 'labels', from: 'vpn', to: null, type: 'ticket_updated' },
		]);
	});
});

describe('jira: service levels', () => {
	const cycle = (breached: boolean, epochMillis: number) => ({
		customfield_10030: {
			name: 'Time to resolution',
			ongoingCycle: { breached, breachTime: { epochMillis } },
		},
	});

	it('takes the earliest running cycle as deadline', () => {
		const second = { customfield_10031: cycle(false, 1772366400000).customfield_10030 };
		expect(one('jira', webhook('jira:issue_created', {}, second)).context.sla_deadline).toBe(
			'2026-03-01T12:00:00Z',
		);
	});

	it.each([
		[
			'a bare update with a breached cycle',
			webhook('jira:issue_updated', {}, cycle(true, 1772300000000)),
			'sla_breached',
		],
		[
			'a comment a minute after the breach',
			webhook('comment_created', { comment: comment() }, cycle(true, 1772360000000)),
			'sla_breached',
		],
		[
			'a comment long after the breach',
			webhook('comment_created', { comment: comment() }, cycle(true, 1772300000000)),
			'ticket_comment',
		],
	])('%s', (_name, body, expected) => {
		expect(one('jira', body).event_type).toBe(expected);
	});
});

describe('jira: what the event carries', () => {
	it('keeps id and key apart, builds the link, turns wiki markup to text', () => {
		const event = one('jira', webhook('jira:issue_created'), {
			headers: { 'X-Atlassian-Webhook-Identifier': 'w-1' },
		});
		expect(event).toMatchObject({
			event_id: 'w-1',
			source: 'jira',
			timestamp: '2026-03-01T10:15:00.123Z',
			content: {
				ticket_id: '10042',
				number: 'ITSM-42',
				ticket_title: 'VPN drops every 10 minutes',
				description:
					'What happens\nSee the log (https://logs.acme.example/42), asked @5b10a2.\ntimeout',
				url: 'https://acme.atlassian.net/browse/ITSM-42',
				priority: 'High',
				status: 'in_progress',
				assignee: { id: '5b10a2', email: 'mia@acme.example', name: 'Mia Krystof' },
				requester: { id: '5b10ac', name: 'Li Wei' },
				group: { id: 'ITSM', name: 'IT Service Desk' },
			},
			context: { actor: { id: '5b10ff', name: 'Otto Agent' }, impacted_services: ['VPN Gateway'] },
		});
		expect(event.content).not.toHaveProperty('priority_inferred');
	});

	it('keeps the context path of a Data Center', () => {
		const body = webhook('jira:issue_created');
		body.issue.self = 'https://intranet.acme.example/jira/rest/api/2/issue/10042';
		expect(one('jira', body).content.url).toBe('https://intranet.acme.example/jira/browse/ITSM-42');
	});

	it('reads an Atlassian document as text', () => {
		const doc = {
			type: 'doc',
			version: 1,
			content: [
				{
					type: 'paragraph',
					content: [
						{ type: 'text', text: 'Ask ' },
						{ type: 'mention', attrs: { id: '1', text: '@Mia' } },
					],
				},
				{
					type: 'bulletList',
					content: [
						{
							type: 'listItem',
							content: [{ type: 'paragraph', content: [{ type: 'text', text: 'a < b' }] }],
						},
					],
				},
			],
		};
		expect(
			one('jira', webhook('jira:issue_created', {}, { description: doc })).content.description,
		).toBe('Ask @Mia\n- a < b');
	});

	it.each([
		['hidden priority', { priority: null }, { priority: 'Medium', priority_inferred: true }],
		['unassigned', { assignee: null }, {}],
	])('%s', (_name, more, expected) => {
		const { content } = one('jira', webhook('jira:issue_created', {}, more));
		expect(content).toMatchObject(expected);
		if ('assignee' in more) expect(content).not.toHaveProperty('assignee');
	});

	it('carries an internal comment as internal, and a deleted one not at all', () => {
		const internal = one(
			'jira',
			webhook('comment_created', { comment: comment({ jsdPublic: false }) }),
		);
		expect(internal.content.comment).toEqual({
			author: { id: '5b10ac', name: 'Li Wei' },
			text: 'It happens *again*, see [shot.png]',
			public: false,
		});
		const deleted = one('jira', webhook('comment_deleted', { comment: comment() }));
		expect(deleted).toMatchObject({ event_type: 'ticket_comment' });
		expect(deleted.content).not.toHaveProperty('comment');
	});

	it('finds the issue of a Data Center comment in its own link, with the key that makes both deliveries one', () => {
		const event = one('jira', {
			timestamp: 1772360100123,
			webhookEvent: 'comment_created',
			comment: comment(),
		});
		expect(event).toMatchObject({
			content: { ticket_id: '10042', ticket_title: '(no title)' },
			context: { actor: { id: '5b10ac' } },
		});
		const twin = one('jira', webhook('jira:issue_updated', { comment: comment() }));
		expect(event.dedupe_key).toBe('jira:comment:12000:2026-03-01T11:15:00.000+0100');
		expect(twin.dedupe_key).toBe(event.dedupe_key);
		const closed = changelog({ field: 'status', fromString: 'To Do', toString: 'Done' });
		const both = one('jira', webhook('jira:issue_updated', { ...closed, comment: comment() }));
		expect(both.dedupe_key).toBeUndefined();
	});
});

describe('jira: automation rules', () => {
	it('takes the bare REST issue as an update', () => {
		const event = one('jira', {
			id: '10042',
			key: 'ITSM-42',
			self: 'https://acme.atlassian.net/rest/api/2/issue/10042',
			fields: fields(),
		});
		expect(event).toMatchObject({
			event_type: 'ticket_updated',
			content: { ticket_id: '10042', number: 'ITSM-42' },
		});
	});

	it('reads the shipped template, blank smart values as absent', () => {
		const event = one('auto', {
			source: 'jira',
			event: 'resolved',
			key: 'ITSM-42',
			summary: 'VPN "drops"',
			status: 'Done',
			priority: '',
			assignee: { id: '', name: '', email: '' },
			url: 'https://acme.atlassian.net/browse/ITSM-42',
		});
		expect(event).toMatchObject({
			event_type: 'ticket_resolved',
			source: 'jira',
			content: {
				ticket_id: 'ITSM-42',
				status: 'resolved',
				priority: 'Medium',
				priority_inferred: true,
			},
		});
		expect(event.content).not.toHaveProperty('assignee');
	});

	it.each([
		['worklog_updated', { worklog: { issueId: '10042' } }],
		['issuelink_created', { issueLink: { sourceIssueId: 10042 } }],
	])('%s is an update of its issue', (webhookEvent, part) => {
		expect(one('jira', { webhookEvent, timestamp: 1772360100000, ...part })).toMatchObject({
			event_type: 'ticket_updated',
			content: { ticket_id: '10042' },
		});
	});

	it('refuses a body without an issue and names the paths tried', () => {
		const error = refusal(() => all('jira', { webhookEvent: 'jira:issue_created' }));
		expect(error).toMatchObject({ code: 'not_an_event', status: 400 });
		expect(error.message).toContain('"issue.id"');
		expect(error.message).toContain('"comment.self"');
	});
});
