import { describe, expect, it } from '@jest/globals';

import { opsgenie, pagerDuty } from '../../fixtures/events/alarms';
import { all, one } from './helper';

describe('pagerDuty', () => {
	const part = (data: object) => ({
		id: 'PWL7QXS',
		incident: {
			id: 'Q0SDDABC',
			summary: null,
			html_url: 'https://acme.pagerduty.com/incidents/Q0SDDABC',
		},
		title: undefined,
		number: undefined,
		...data,
	});

	it.each([
		['incident.triggered', 'ticket_created'],
		['incident.acknowledged', 'status_update'],
		['incident.unacknowledged', 'status_update'],
		['incident.status_update_published', 'status_update'],
		['incident.annotated', 'ticket_comment'],
		['incident.reassigned', 'ticket_assigned'],
		['incident.delegated', 'ticket_assigned'],
		['incident.responder.added', 'ticket_assigned'],
		['incident.escalated', 'ticket_escalated'],
		['incident.priority_updated', 'ticket_updated'],
		['incident.resolved', 'ticket_resolved'],
		['incident.reopened', 'ticket_reopened'],
		['incident.something_new', 'ticket_updated'],
	])('%s', (kind, expected) => {
		expect(one('pagerDuty', pagerDuty(kind)).event_type).toBe(expected);
	});

	it.each(['pagey.ping', 'service.updated'])('makes no event of %s', (kind) => {
		expect(all('pagerDuty', pagerDuty(kind, { id: undefined }))).toEqual([]);
	});

	it('carries the incident', () => {
		expect(one('auto', pagerDuty('incident.triggered'))).toMatchObject({
			event_id: '01DEN6GPKU2T',
			source: 'pagerDuty',
			timestamp: '2026-03-01T10:15:00.458Z',
			content: {
				ticket_id: 'Q0SDDABC',
				number: '2',
				ticket_title: 'Checkout answers 500',
				priority: 'Critical',
				status: 'new',
				assignee: { id: 'PTUXL6G', name: 'Mia Krystof' },
				watchers: [{ id: 'PTUXL6H', name: 'Li Wei' }],
				group: 'Payments',
				url: 'https://acme.pagerduty.com/incidents/Q0SDDABC',
			},
			context: { actor: { id: 'PLH1HKV' }, impacted_services: ['Checkout API'] },
		});
	});

	it.each([
		[{ priority: null }, 'High'],
		[{ priority: null, urgency: 'low' }, 'Low'],
		[{ priority: { summary: 'SEV3' } }, 'Medium'],
	])('priority of %j is %s', (data, expected) => {
		expect(one('pagerDuty', pagerDuty('incident.triggered', data)).content.priority).toBe(expected);
	});

	it('speaks of the incident of a note, whose title may be null', () => {
		expect(
			one('pagerDuty', pagerDuty('incident.annotated', part({ content: 'Restarted it' }))).content,
		).toMatchObject({
			ticket_id: 'Q0SDDABC',
			ticket_title: '(no title)',
			comment: { text: 'Restarted it', author: { name: 'Otto Agent' }, public: false },
		});
	});
});

describe('opsgenie', () => {
	it.each([
		['Create', 'ticket_created', 'new'],
		['Acknowledge', 'status_update', 'in_progress'],
		['AssignOwnership', 'ticket_assigned', 'assigned'],
		['TakeOwnership', 'ticket_assigned', 'assigned'],
		['AddNote', 'ticket_comment', undefined],
		['Escalate', 'ticket_escalated', undefined],
		['EscalateNext', 'ticket_escalated', undefined],
		['UpdatePriority', 'ticket_updated', undefined],
		['Close', 'ticket_resolved', 'resolved'],
		['Delete', 'ticket_closed', 'closed'],
		['AddTags', 'ticket_updated', undefined],
		['MyOwnAction', 'ticket_updated', undefined],
	])('%s', (action, type, status) => {
		const event = one('opsgenie', opsgenie(action));
		expect([event.event_type, event.content.status]).toEqual([type, status]);
	});

	it('escalates where the priority is known to have risen', () => {
		expect(
			one('opsgenie', opsgenie('UpdatePriority', { priority: 'P1', oldPriority: 'P3' })).event_type,
		).toBe('ticket_escalated');
	});

	it('carries the alert, with all digits of its nanoseconds from the raw body', () => {
		const body = opsgenie('AssignOwnership', { owner: 'mia@acme.example' });
		const raw = JSON.stringify(body).replace(/"updatedAt":\d+/, '"updatedAt":1772360100123000127');
		expect(one('auto', raw as unknown)).toMatchObject({
			event_id: 'opsgenie:052652ac-5d1c-464a-812a-7dd18bbfba8c:AssignOwnership:1772360100123000127',
			timestamp: '2026-03-01T10:15:00.123Z',
			content: {
				number: '23',
				priority: 'High',
				assignee: { login: 'mia@acme.example', email: 'mia@acme.example' },
				group: 'b1c4a',
			},
			context: { actor: { email: 'otto@acme.example' }, related_cis: ['web-01'] },
		});
	});

	it('takes the actor as owner of a TakeOwnership', () => {
		expect(one('opsgenie', opsgenie('TakeOwnership')).content.assignee).toMatchObject({
			email: 'otto@acme.example',
		});
	});

	it('reads an Escalate body, which has an id and no message', () => {
		const body = { action: 'Escalate', alert: { alertId: 'a1' }, escalationName: 'x' };
		expect(one('auto', body)).toMatchObject({
			source: 'opsgenie',
			content: { ticket_id: 'a1', ticket_title: '(no title)', priority_inferred: true },
		});
	});
});
