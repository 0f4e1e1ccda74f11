import { describe, expect, it } from '@jest/globals';

import { zammad } from '../../fixtures/events/open-desks';
import { one } from './helper';

describe('zammad', () => {
	const old = { created_at: '2026-03-01T09:59:00.000Z' };
	const byTrigger = (name: string, state = 'open') =>
		one('zammad', zammad({ state }, old), { headers: { 'X-Zammad-Trigger': name } }).event_type;

	it.each([
		[
			'first article, fresh',
			zammad({ article_count: 1, created_at: '2026-03-01T10:15:00.000Z' }),
			'ticket_created',
		],
		['a new article', zammad(), 'ticket_comment'],
		['an old article', zammad({}, old), 'ticket_updated'],
		[
			'closed just now',
			zammad({ state: 'closed', last_close_at: '2026-03-01T10:15:00.000Z' }),
			'ticket_closed',
		],
		[
			'comment on one closed long ago',
			zammad({ state: 'closed', close_at: '2026-02-01T10:15:00.000Z' }),
			'ticket_comment',
		],
		[
			'owner changed just now',
			zammad({ last_owner_update_at: '2026-03-01T10:15:00.333Z' }),
			'ticket_assigned',
		],
		['no article at all', { ticket: zammad().ticket, article: {} }, 'ticket_updated'],
	])('by its times: %s', (_name, body, expected) => {
		expect(one('zammad', body).event_type).toBe(expected);
	});

	it.each([
		['n8n ticket created', 'ticket_created'],
		['Owner changed', 'ticket_assigned'],
		['notify owner on new comment', 'ticket_comment'],
		['escalation reached', 'sla_breached'],
		['escalation reached_warning', 'sla_breaching'],
		['SLA breached', 'sla_breached'],
		['ticket closed', 'ticket_closed'],
		['ticket reopened', 'ticket_reopened'],
		['priority raised', 'ticket_escalated'],
		['state changed', 'status_update'],
		['translation', 'ticket_updated'],
	])('by the trigger\'s name: "%s"', (name, expected) => {
		expect(byTrigger(name)).toBe(expected);
	});

	it('reads "state changed" of a closed ticket as closed', () => {
		expect(byTrigger('state changed', 'closed')).toBe('ticket_closed');
	});

	it('carries the ticket', () => {
		expect(one('auto', zammad(), { headers: { 'x-zammad-DELIVERY': 'b1946ac9' } })).toMatchObject({
			event_id: 'b1946ac9',
			source: 'zammad',
			timestamp: '2026-03-01T10:15:00.333Z',
			content: {
				ticket_id: '81',
				number: '10081',
				ticket_title: 'Printer <3rd floor> jams',
				priority: 'High',
				status: 'in_progress',
				assignee: {
					id: '5',
					login: 'emma@acme.example',
					email: 'emma@acme.example',
					name: 'Emma Taylor',
				},
				requester: { name: 'Emily Adams' },
				group: { id: '3', name: 'Service Desk' },
				url: 'https://zammad.acme.example/#ticket/zoom/81',
				comment: {
					author: { name: 'Emily Adams' },
					text: 'Please look\n\nTom & Emily &lt;x&gt;',
					public: true,
				},
			},
			context: { actor: { login: 'otto@acme.example' }, sla_deadline: '2026-03-01T13:00:00Z' },
		});
	});

	it.each([
		['the system user', { id: 1, login: '-', firstname: '-', lastname: '', email: '' }],
		['a login of -', { id: 17, login: '-' }],
		['an empty owner', {}],
		['null', null],
	])('unassigned: %s', (_name, owner) => {
		expect(one('zammad', zammad({ owner })).content).not.toHaveProperty('assignee');
	});

	it.each([
		['new', 'new'],
		['pending reminder', 'pending'],
		['pending close', 'pending'],
		['closed', 'closed'],
		['merged', 'closed'],
		['Quantum state', undefined],
	])('state %s', (state, expected) => {
		expect(one('zammad', zammad({ state })).content.status).toBe(expected);
	});

	it('takes a plain text to the letter', () => {
		const article = { content_type: 'text/plain', body: 'rm <file>\r\nsee <b> &lt;' };
		expect(one('zammad', zammad({}, article)).content.comment?.text).toBe(
			'rm <file>\nsee <b> &lt;',
		);
	});

	it('marks an internal note as internal', () => {
		expect(one('zammad', zammad({}, { internal: true })).content.comment?.public).toBe(false);
	});
});
