import { describe, expect, it } from '@jest/globals';

import { dedupeWindow } from '../../../core/events';
import { glpi, glpiPart, itop, znuny } from '../../fixtures/events/open-desks';
import { all, one, refusal } from './helper';

describe('glpi', () => {
	it.each([
		['new', glpi('new'), 'ticket_created'],
		['solved', glpi('update', { status: { id: 5, name: 'Solved' } }), 'ticket_resolved'],
		['closed', glpi('update', { status: { id: 6 } }), 'ticket_closed'],
		['update', glpi('update'), 'ticket_updated'],
		[
			'reopened, with the state before',
			{ ...glpi('update'), previous: { status: { id: 5 } } },
			'ticket_reopened',
		],
		['delete', glpi('delete', { status: { id: 6 } }), 'ticket_updated'],
		['follow-up', glpiPart({ is_private: false }), 'ticket_comment'],
		['task', glpiPart({ state: 1, actiontime: 0 }), 'ticket_comment'],
		['solution', glpiPart({ solutiontypes_id: 0 }), 'ticket_resolved'],
		[
			'validation',
			glpiPart({ submission_comment: 'ok?', users_id_validate: 7 }),
			'approval_requested',
		],
	])('%s', (_name, body, expected) => {
		expect(one('glpi', body).event_type).toBe(expected);
	});

	it('believes the header about the kind of item', () => {
		const headers = { 'X-GLPI-Itemtype': 'ITILSolution' };
		expect(one('glpi', glpiPart({ is_private: false }), { headers }).event_type).toBe(
			'ticket_resolved',
		);
	});

	it('carries the ticket, HTML as text, nobody asked for a link but the setting', () => {
		expect(one('auto', glpi('new'), { baseUrl: 'https://glpi.acme.example/' })).toMatchObject({
			source: 'glpi',
			timestamp: '2026-03-01T10:15:00Z',
			content: {
				ticket_id: '12',
				ticket_title: 'Screen & keyboard dead',
				description: 'It smokes.\n\nReally & truly.',
				priority: 'Critical',
				status: 'assigned',
				assignee: { id: '7', name: 'mia' },
				requester: { id: '9' },
				watchers: [{ id: '8', name: 'lee' }],
				group: { id: '3', name: 'Hardware' },
				url: 'https://glpi.acme.example/front/ticket.form.php?id=12',
			},
		});
	});

	it('decodes the encoded HTML of GLPI 10 once, then its text once', () => {
		const content = '&#60;p&#62;a &#38;amp; b&#60;/p&#62;';
		expect(one('glpi', glpi('new', { content })).content.description).toBe('a & b');
	});

	it('tells two equal bodies with different stamps apart, and keeps the id over retries', () => {
		const id = (stamp: string) =>
			one('glpi', glpi('update'), { headers: { 'X-GLPI-timestamp': stamp } }).event_id;
		expect(id('1772360100')).toBe(id('1772360100'));
		expect(id('1772360100')).not.toBe(id('1772360160'));
		// A stamp may be a day old: what was caught cannot be sent again as news.
		expect(dedupeWindow('glpi', id('1772360100'))).toEqual({ kind: 'id' });
		expect(dedupeWindow('glpi', one('glpi', glpi('update')).event_id).kind).toBe('hash');
	});
});

describe('itop', () => {
	it.each([
		['created', itop('created'), 'ticket_created'],
		['assigned', itop('assigned'), 'ticket_assigned'],
		['resolved', itop('resolved', { status: 'resolved' }), 'ticket_resolved'],
		['closed', itop('closed', { status: 'closed' }), 'ticket_closed'],
		['reopened', itop('reopened'), 'ticket_reopened'],
		['pending', itop('pending', { status: 'pending' }), 'status_update'],
		['log', itop('log', { log: 'hello' }), 'ticket_comment'],
		['escalated by state', itop('status', { status: 'escalated_ttr' }), 'ticket_escalated'],
		['threshold 75', itop('threshold', { threshold: '75' }), 'sla_breaching'],
		['threshold 100', itop('threshold', { threshold: '100%' }), 'sla_breached'],
		[
			'waiting for approval',
			itop('status', { status: 'waiting_for_approval' }),
			'approval_requested',
		],
		[
			'change planned',
			itop('status', { class: 'NormalChange', status: 'planned' }),
			'change_scheduled',
		],
		['unknown', itop('dance'), 'ticket_updated'],
	])('%s', (_name, body, expected) => {
		expect(one('itop', body).event_type).toBe(expected);
	});

	it('carries the ticket; agent "0" is nobody', () => {
		const event = one('auto', itop('created', { agent: { id: '0', name: '', email: '' } }));
		expect(event).toMatchObject({
			source: 'itop',
			timestamp: '2026-03-01T10:15:00Z',
			content: {
				ticket_id: '123',
				number: 'R-000123',
				priority: 'High',
				description: 'For the new colleague',
				group: 'Hardware',
			},
			context: { impacted_services: ['Workplace'] },
		});
		expect(event.content).not.toHaveProperty('assignee');
	});
});

describe('znuny', () => {
	const named = (Event: string, ticket: object = {}, event: object = {}) =>
		znuny({ ...ticket }, { Event, ...event });

	it.each([
		['TicketCreate', named('TicketCreate'), 'ticket_created'],
		[
			'closed successful',
			named('TicketStateUpdate', { StateType: 'closed', State: 'closed successful' }),
			'ticket_resolved',
		],
		[
			'closed unsuccessful',
			named('TicketStateUpdate', { StateType: 'closed', State: 'closed unsuccessful' }),
			'ticket_closed',
		],
		[
			'reopened',
			named(
				'TicketStateUpdate',
				{},
				{ OldTicketData: { State: 'closed successful', StateType: 'closed' } },
			),
			'ticket_reopened',
		],
		[
			'pending',
			named('TicketStateUpdate', { State: 'pending reminder', StateType: 'pending reminder' }),
			'status_update',
		],
		['owner', named('TicketOwnerUpdate'), 'ticket_assigned'],
		['article', named('ArticleCreate'), 'ticket_comment'],
		['escalation soon', named('EscalationResponseTimeNotifyBefore'), 'sla_breaching'],
		['escalation', named('EscalationSolutionTimeStart'), 'sla_breached'],
		['priority', named('TicketPriorityUpdate'), 'ticket_escalated'],
		[
			'priority raised',
			named('TicketPriorityUpdate', {}, { OldTicketData: { Priority: '3 normal' } }),
			'ticket_escalated',
		],
		[
			'priority lowered',
			named('TicketPriorityUpdate', {}, { OldTicketData: { Priority: '5 very high' } }),
			'ticket_updated',
		],
		['queue', named('TicketQueueUpdate'), 'ticket_escalated'],
		['no name at all', znuny(), 'ticket_updated'],
	])('%s', (_name, body, expected) => {
		expect(one('znuny', body).event_type).toBe(expected);
	});

	it.each([
		['query', { query: { event: 'ArticleCreate' } }],
		['header', { headers: { 'x-znuny-event': 'ArticleCreate' } }],
	])('takes the name from the %s', (_name, options) => {
		expect(one('auto', znuny(), options)).toMatchObject({
			source: 'znuny',
			event_type: 'ticket_comment',
		});
	});

	it('carries the ticket; root@localhost is nobody', () => {
		const event = one('znuny', named('TicketCreate', { Owner: 'root@localhost', OwnerID: '1' }));
		expect(event.content).toMatchObject({
			ticket_id: '31',
			number: '2026030110000017',
			priority: 'High',
			status: 'in_progress',
			group: '1st Level',
		});
		expect(event.content).not.toHaveProperty('assignee');
	});

	it('names the paths tried', () => {
		expect(refusal(() => all('znuny', { Ticket: {} })).message).toContain('"Ticket.TicketID"');
	});
});
