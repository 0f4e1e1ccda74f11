import { describe, expect, it } from '@jest/globals';

import { zendesk } from '../../fixtures/events/cloud-desks';
import { all, one } from './helper';

describe('zendesk', () => {
	const change = (kind: string, previous: unknown, current: unknown) =>
		zendesk(kind, { previous, current });

	it.each([
		['created', zendesk('created'), 'ticket_created'],
		['comment', zendesk('comment_added', { comment: { id: '1', body: 'hi' } }), 'ticket_comment'],
		['agent', change('agent_assignment_changed', null, '8447388090494'), 'ticket_assigned'],
		['agent removed', change('agent_assignment_changed', '8447388090494', '0'), 'ticket_updated'],
		['group', change('group_assignment_changed', '1', '2'), 'ticket_assigned'],
		['priority up', change('priority_changed', 'NORMAL', 'URGENT'), 'ticket_escalated'],
		[
			'first priority, above Medium',
			change('priority_changed', null, 'URGENT'),
			'ticket_escalated',
		],
		['first priority, not above', change('priority_changed', null, 'NORMAL'), 'ticket_updated'],
		['priority removed', change('priority_changed', 'URGENT', null), 'ticket_updated'],
		['priority down', change('priority_changed', 'URGENT', 'NORMAL'), 'ticket_updated'],
		['solved', change('status_changed', 'OPEN', 'SOLVED'), 'ticket_resolved'],
		['closed', change('status_changed', 'SOLVED', 'CLOSED'), 'ticket_closed'],
		['reopened', change('status_changed', 'SOLVED', 'OPEN'), 'ticket_reopened'],
		['on hold', change('status_changed', 'OPEN', 'HOLD'), 'status_update'],
		['SLA near', change('next_sla_breach_changed', null, '2026-03-01T11:00:00Z'), 'sla_breaching'],
		[
			'SLA cleared',
			change('next_sla_breach_changed', '2026-03-01T11:00:00Z', null),
			'ticket_updated',
		],
		['tags', change('tags_changed', [], ['vip']), 'ticket_updated'],
		['merged', zendesk('merged'), 'ticket_updated'],
		['unheard of', zendesk('levitated'), 'ticket_updated'],
	])('%s', (_name, body, expected) => {
		expect(one('zendesk', body).event_type).toBe(expected);
	});

	it('carries the ticket; people are ids only', () => {
		const comment = {
			id: '9',
			body: 'Water <b>everywhere</b>',
			is_public: false,
			author: { id: '7', name: 'Emily', is_staff: false },
		};
		expect(
			one('auto', zendesk('comment_added', { comment }), { baseUrl: 'https://acme.zendesk.com' }),
		).toMatchObject({
			event_id: '01J8ZQ7N5G',
			source: 'zendesk',
			timestamp: '2026-03-01T10:15:00.123Z',
			content: {
				ticket_id: '35436',
				ticket_title: 'Help & support',
				priority: 'High',
				status: 'in_progress',
				assignee: { id: '8447388090494' },
				group: { id: '10455932832513' },
				url: 'https://acme.zendesk.com/agent/tickets/35436',
				comment: { author: { id: '7', name: 'Emily' }, text: 'Water everywhere', public: false },
			},
			context: { actor: { id: '8447388090496' } },
		});
	});

	it('keeps the next breach as deadline', () => {
		const event = one('zendesk', change('next_sla_breach_changed', null, '2026-03-01T11:00:00Z'));
		expect(event.context.sla_deadline).toBe('2026-03-01T11:00:00Z');
	});

	it.each([null, '', '0', undefined])('unassigned: %j', (assignee_id) => {
		expect(one('zendesk', zendesk('created', {}, { assignee_id })).content).not.toHaveProperty(
			'assignee',
		);
	});

	it("makes no event of a user's news", () => {
		expect(
			all('zendesk', {
				...zendesk('created'),
				type: 'zen:event-type:user.created',
				subject: 'zen:user:5',
			}),
		).toEqual([]);
	});

	it('reads the trigger template; "-" is nothing', () => {
		const body = {
			source: 'zendesk',
			event: 'solved',
			ticket_id: 7,
			title: 'x',
			status: 'Solved',
			priority: 'Urgent',
			assignee: { name: '-', email: '-' },
			group: '-',
			comment: '-',
			url: 'acme.zendesk.com/agent/tickets/7',
		};
		const event = one('auto', body, {
			headers: { 'X-Zendesk-Webhook-Id': 'w', 'X-Zendesk-Webhook-Invocation-Id': 'inv-1' },
		});
		expect(event).toMatchObject({
			event_id: 'inv-1',
			event_type: 'ticket_resolved',
			content: {
				ticket_id: '7',
				priority: 'Critical',
				status: 'resolved',
				url: 'https://acme.zendesk.com/agent/tickets/7',
			},
		});
		for (const key of ['assignee', 'group', 'comment'])
			expect(event.content).not.toHaveProperty(key);
	});
});
