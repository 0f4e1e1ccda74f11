import { describe, expect, it } from '@jest/globals';

import { rt } from '../../fixtures/events/open-desks';
import { all, one } from './helper';

describe('requestTracker', () => {
	it.each([
		['Create', { type: 'Create', content: 'It is dead' }, 'ticket_created'],
		['owner by Set', { type: 'Set', field: 'Owner', old: '6', new: '23' }, 'ticket_assigned'],
		['owner to Nobody', { type: 'Set', field: 'Owner', old: '23', new: '6' }, 'ticket_updated'],
		[
			'resolved',
			{ type: 'Status', field: 'Status', old: 'open', new: 'resolved' },
			'ticket_resolved',
		],
		[
			'rejected',
			{ type: 'Status', field: 'Status', old: 'open', new: 'rejected' },
			'ticket_closed',
		],
		['deleted', { type: 'Status', field: 'Status', old: 'new', new: 'deleted' }, 'ticket_closed'],
		[
			'reopened',
			{ type: 'Status', field: 'Status', old: 'resolved', new: 'open' },
			'ticket_reopened',
		],
		[
			'resolved to stalled',
			{ type: 'Status', field: 'Status', old: 'resolved', new: 'stalled' },
			'ticket_reopened',
		],
		['new to open', { type: 'Status', field: 'Status', old: 'new', new: 'open' }, 'status_update'],
		['reply', { type: 'Correspond', content: 'Hello' }, 'ticket_comment'],
		['comment', { type: 'Comment', content: 'Psst' }, 'ticket_comment'],
		[
			'priority raised inside one step',
			{ type: 'Set', field: 'Priority', old: '60', new: '80' },
			'ticket_escalated',
		],
		[
			'priority lowered',
			{ type: 'Set', field: 'Priority', old: '80', new: '60' },
			'ticket_updated',
		],
		['queue', { type: 'Set', field: 'Queue', old: '1', new: '2' }, 'ticket_escalated'],
		['due', { type: 'Set', field: 'Due', new: '2026-03-02 00:00:00' }, 'ticket_updated'],
		['watcher', { type: 'AddWatcher', field: 'Cc', new: '31' }, 'ticket_updated'],
		['overdue by rt-crontool', { type: 'Overdue' }, 'sla_breached'],
	])('%s', (_name, transaction, expected) => {
		expect(one('requestTracker', rt(transaction)).event_type).toBe(expected);
	});

	it.each([
		[
			'the second transaction of a change of owner',
			{ type: 'SetWatcher', field: 'Owner', old: '6', new: '23' },
		],
		['the record of a mail', { type: 'EmailRecord' }],
	])('makes no event of %s', (_name, transaction) => {
		expect(all('requestTracker', rt(transaction))).toEqual([]);
	});

	it('carries the ticket', () => {
		expect(one('auto', rt({ type: 'Comment', content: 'Cable cut' }))).toMatchObject({
			event_id: 'rt-txn-40',
			source: 'requestTracker',
			timestamp: '2026-03-01T10:15:00Z',
			content: {
				ticket_id: '7',
				ticket_title: 'No network in room 12',
				priority: 'High',
				status: 'in_progress',
				assignee: { id: '23', login: 'mia', email: 'mia@acme.example', name: 'Mia Krystof' },
				requester: { email: 'emily@customer.example' },
				watchers: [{ email: 'bob@customer.example' }],
				group: 'Service Desk',
				comment: { author: { login: 'otto' }, text: 'Cable cut', public: false },
			},
			context: { actor: { login: 'otto', email: 'otto@acme.example' } },
		});
	});

	it.each([
		['null', null],
		['Nobody by name', { id: 6, name: 'Nobody' }],
		['Nobody as text', 'Nobody'],
	])('unassigned: %s', (_name, owner) => {
		expect(one('requestTracker', rt({ type: 'Create' }, { owner })).content).not.toHaveProperty(
			'assignee',
		);
	});

	it.each([
		[{ priority: 100, priority_label: 'On Fire' }, 'Critical'],
		[{ priority: 100, priority_label: null }, 'High'],
		[{ priority: '50', priority_label: '' }, 'Medium'],
		[{ priority: 0, priority_label: null }, 'Low'],
	])('priority %j', (ticket, expected) => {
		expect(one('requestTracker', rt({ type: 'Create' }, ticket)).content.priority).toBe(expected);
	});

	it('takes the delivery id from the header when the body has none', () => {
		const body = { ...rt({ type: 'Create' }), delivery_id: undefined };
		expect(one('auto', body, { headers: { 'X-RT-Delivery': '41' } }).event_id).toBe('rt-txn-41');
	});
});
