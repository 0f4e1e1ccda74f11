import { describe, expect, it } from '@jest/globals';

import type { SourceId } from '../../../core/events';
import { bmc, freshdesk, sdp } from '../../fixtures/events/cloud-desks';
import { zammad } from '../../fixtures/events/open-desks';
import { all, one, refusal } from './helper';

describe('freshservice', () => {
	it.each([
		['{ticket_action:created}', 'ticket_created'],
		['{ticket_action:updated}', 'ticket_updated'],
		['{status:{from:2,to:4}}', 'ticket_resolved'],
		['{status:{from:4,to:5}}', 'ticket_closed'],
		['{status:{from:4,to:2}}', 'ticket_reopened'],
		['{responder_id:{from:5,to:null}}', 'ticket_updated'],
		['{status:{from:5,to:3}}', 'ticket_reopened'],
		['{status:{from:4,to:6}}', 'status_update'],
		['{status:{from:2,to:3}}', 'status_update'],
		['{priority:{from:1,to:4}}', 'ticket_escalated'],
		['{priority:{from:4,to:1}}', 'ticket_updated'],
		['{responder_id:{from:null,to:7}}', 'ticket_assigned'],
		['{note_type:public}', 'ticket_comment'],
		['{reply_sent:sent}', 'ticket_comment'],
		['{priority:{from:1,to:4}},{note_type:private}', 'ticket_escalated'],
		['', 'ticket_updated'],
		['gibberish', 'ticket_updated'],
	])('%s', (triggered, expected) => {
		expect(one('freshservice', freshdesk(triggered)).event_type).toBe(expected);
	});

	it('carries the ticket of the simple body', () => {
		expect(one('auto', freshdesk('{status:{from:4,to:2}}'))).toMatchObject({
			source: 'freshservice',
			content: {
				ticket_id: '11',
				number: 'INC-11',
				ticket_title: 'Snow ☃ in the data centre',
				description: 'It is cold.',
				priority: 'Critical',
				status: 'assigned',
				previous_status: 'resolved',
				assignee: { name: 'Mia Krystof', email: 'mia@acme.example' },
				requester: { name: 'Bob', email: 'bob@acme.example' },
				group: 'Facilities',
				url: 'https://acme.freshservice.com/a/tickets/11',
			},
			context: { sla_deadline: '2026-03-02T10:00:00Z' },
		});
	});

	it.each([
		['INC-11', '11'],
		['SR-11', '11'],
		[11, '11'],
		['11', '11'],
		['CHG-11', 'CHG-11'],
	])('id %j is ticket %s', (ticket_id, expected) => {
		expect(one('freshservice', freshdesk('', { ticket_id })).content.ticket_id).toBe(expected);
	});

	it.each([
		['a', { event: 'status', status: 'Resolved' }, 'ticket_resolved'],
		['b', { event: 'note', note: '<p>done</p>' }, 'ticket_comment'],
		['c', { event: 'sla_warning' }, 'sla_breaching'],
		['d', { event: 'approval' }, 'approval_requested'],
		['e', { event: 'status', status: 'Planning', ticket_id: 'CHG-3' }, 'change_scheduled'],
		['f', { event: 'created', ticket_id: 'ALT-3' }, 'system_failure'],
	])('template %s', (_name, more, expected) => {
		expect(
			one('auto', { source: 'freshservice', ticket_id: 'INC-3', subject: 's', ...more }).event_type,
		).toBe(expected);
	});
});

describe('manageEngine', () => {
	it.each([
		['created', sdp('created'), 'ticket_created'],
		['edited to Resolved', sdp('edited', { status: { name: 'Resolved' } }), 'ticket_resolved'],
		['edited to Closed', sdp('edited', { status: { name: 'Closed' } }), 'ticket_closed'],
		['edited to Onhold', sdp('edited', { status: { name: 'Onhold' } }), 'status_update'],
		[
			'technician changed',
			sdp('edited', {}, { previous: { technician: null, status: { name: 'Open' } } }),
			'ticket_assigned',
		],
		[
			'reopened',
			sdp('edited', {}, { previous: { status: { name: 'Closed' } } }),
			'ticket_reopened',
		],
		[
			'same technician as before',
			sdp('edited', {}, { previous: { technician: { id: '100000000000007' } } }),
			'ticket_updated',
		],
		['replied', sdp('replied'), 'ticket_comment'],
		['SLA', sdp('sla_violated'), 'sla_breached'],
		['approved', sdp('approved'), 'status_update'],
		['edited otherwise', sdp('edited'), 'ticket_updated'],
	])('%s', (_name, body, expected) => {
		expect(one('manageEngine', body).event_type).toBe(expected);
	});

	it('carries the request, wrapped in a form or not', () => {
		const expected = {
			source: 'manageEngine',
			content: {
				ticket_id: '100000000006143',
				number: '6143',
				description: '5 GB',
				priority: 'High',
				status: 'assigned',
				assignee: { name: 'Mia Krystof', email: 'mia@acme.example' },
				group: { name: 'Messaging' },
			},
			context: { sla_deadline: '2026-03-01T13:00:00Z' },
		};
		expect(one('auto', sdp('created'))).toMatchObject(expected);
		expect(one('manageEngine', { input_data: JSON.stringify(sdp('created')) })).toMatchObject(
			expected,
		);
	});
});

describe('bmcHelix', () => {
	it.each([
		['create', bmc('create'), 'ticket_created'],
		['resolved', bmc('update', { Status: '4' }), 'ticket_resolved'],
		['closed by name', bmc('update', { Status: 'Closed' }), 'ticket_closed'],
		['cancelled', bmc('update', { Status: 6 }), 'ticket_closed'],
		['reopened', bmc('update', {}, { previous: { Status: '4' } }), 'ticket_reopened'],
		['assigned', bmc('update', {}, { previous: { Status: '2', Assignee: '' } }), 'ticket_assigned'],
		['update', bmc('update'), 'ticket_updated'],
		[
			'change scheduled',
			bmc('update', { Status: 'Scheduled' }, { form: 'CHG:Infrastructure Change' }),
			'change_scheduled',
		],
		[
			"change scheduled, by the change form's own names",
			bmc(
				'update',
				{ Status: undefined, 'Change Request Status': 'Scheduled' },
				{ form: 'CHG:Infrastructure Change' },
			),
			'change_scheduled',
		],
		[
			'work log',
			bmc('create', { 'Detailed Description': 'called back' }, { form: 'HPD:WorkLog' }),
			'ticket_comment',
		],
	])('%s', (_name, body, expected) => {
		expect(one('bmcHelix', body).event_type).toBe(expected);
	});

	it.each([
		['values', bmc('create')],
		['entry.values', { source: 'bmc', event: 'create', entry: { values: bmc('').values } }],
		['data', { source: 'bmc', event: 'create', data: bmc('').values }],
		['the root', { event: 'create', ...bmc('').values }],
	])('carries the incident from %s', (_name, body) => {
		expect(one('auto', body)).toMatchObject({
			source: 'bmcHelix',
			event_type: 'ticket_created',
			timestamp: '2026-03-01T10:15:00Z',
			content: {
				ticket_id: 'INC000000123456',
				ticket_title: 'SAP is slow',
				description: 'Since this morning',
				priority: 'High',
				status: 'in_progress',
				assignee: { login: 'mkrystof', name: 'Mia Krystof' },
				requester: { email: 'emily@acme.example', name: 'Emily Adams' },
				group: 'SAP Basis',
			},
			context: {
				sla_deadline: '2026-03-01T14:00:00Z',
				related_cis: ['sap-prd-01'],
				impacted_services: ['SAP ERP'],
			},
		});
	});

	it('titles a work order by its summary', () => {
		const values = { 'Work Order ID': 'WO1', Summary: 'New laptop' };
		expect(
			one('bmcHelix', { event: 'create', form: 'WOI:WorkOrder', values }).content.ticket_title,
		).toBe('New laptop');
	});

	it('takes priority 0 as Critical', () => {
		expect(one('bmcHelix', bmc('create', { Priority: 0 })).content.priority).toBe('Critical');
	});
});

it.each([
	['zendesk', '"detail.id"'],
	['freshservice', '"ticket_id"'],
	['manageEngine', '"request.id"'],
	['bmcHelix', '"values.Incident Number"'],
] as const)('%s names the paths tried', (source, path) => {
	const error = refusal(() => all(source, { hello: 'world' }));
	expect(error).toMatchObject({ code: 'not_an_event', status: 400, details: { source } });
	expect(error.message).toContain(path);
});

describe('who else a template names', () => {
	it.each<[SourceId, object]>([
		['freshservice', { ticket_id: 'CHG-5' }],
		['manageEngine', sdp('approval_asked')],
		['bmcHelix', bmc('update')],
		['zendesk', { ticket_id: '7' }],
		['jira', { key: 'ITSM-42' }],
		['itop', { class: 'NormalChange', id: '5', ref: 'C-5' }],
		['zammad', zammad()],
	])('%s: approvers and watchers', (source, body) => {
		const people = { approvers: 'boss@x.example, b2@x.example', watchers: [{ login: 'otto' }] };
		const event = one(source, { ...body, event: 'approval', ...people });
		expect(event.event_type).toBe('approval_requested');
		expect(event.content).toMatchObject({
			approvers: [{ email: 'boss@x.example' }, { email: 'b2@x.example' }],
			watchers: [{ login: 'otto' }],
		});
	});
});
