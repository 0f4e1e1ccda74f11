import { describe, expect, it } from '@jest/globals';

import { SYS_ID, tableRecord, template } from '../../fixtures/events/service-now';
import { all, one, refusal } from './helper';

const beth = { sys_id: '46d44a', name: 'Beth Anglin' };

describe('serviceNow: what the template says', () => {
	it.each([
		['insert', template('insert'), 'ticket_created'],
		['to resolved', template('update', { state: '6' }), 'ticket_resolved'],
		['to closed', template('update', { state: '7', previous_state: '6' }), 'ticket_closed'],
		['to canceled', template('update', { state: '8' }), 'ticket_closed'],
		[
			'resolved back to in progress',
			template('update', { previous_state: '6' }),
			'ticket_reopened',
		],
		[
			'closed back to new',
			template('update', { state: '1', previous_state: '7' }),
			'ticket_reopened',
		],
		['to on hold', template('update', { state: '3' }), 'status_update'],
		['assigned', template('update', { previous_assigned_to: '' }), 'ticket_assigned'],
		[
			'assigned, by the list of changed fields',
			template('update', { changed_fields: ['assigned_to'] }),
			'ticket_assigned',
		],
		[
			'same person as before',
			template('update', { assigned_to: beth, previous_assigned_to: '46d44a' }),
			'ticket_updated',
		],
		[
			'unassigned',
			template('update', { assigned_to: null, previous_assigned_to: '46d44a' }),
			'ticket_updated',
		],
		[
			'comment',
			template('comment', { comment: { text: 'On it', author: 'beth.anglin', public: true } }),
			'ticket_comment',
		],
		[
			'update with a comment',
			template('update', { comment: { text: 'On it', public: false } }),
			'ticket_comment',
		],
		['priority raised', template('update', { previous_priority: '3' }), 'ticket_escalated'],
		[
			'priority lowered',
			template('update', { priority: '4', previous_priority: '3' }),
			'ticket_updated',
		],
		[
			'escalation raised',
			template('update', { escalation: '2', previous_escalation: '1' }),
			'ticket_escalated',
		],
		['plain update', template('update'), 'ticket_updated'],
		['still resolved', template('update', { state: '6', previous_state: '6' }), 'ticket_updated'],
		['sla warning', template('sla_warning'), 'sla_breaching'],
		['sla breached', template('sla_breached'), 'sla_breached'],
		['approval', template('approval_requested'), 'approval_requested'],
		['delete', template('delete'), 'ticket_updated'],
		['unknown kind', template('teleport'), 'ticket_updated'],
	])('%s', (_name, body, expected) => {
		expect(one('serviceNow', body).event_type).toBe(expected);
	});
});

describe('serviceNow: what the table says', () => {
	const sla = (more: object) => ({
		table: 'task_sla',
		sys_id: 's1',
		task: { value: SYS_ID, display_value: 'INC0010023' },
		...more,
	});

	it.each([
		[
			'change scheduled',
			{ ...template('update', { state: '-2', previous_state: '-3' }), number: 'CHG0030001' },
			'change_scheduled',
		],
		[
			'change closed',
			{ ...template('update', { state: '3', previous_state: '0' }), number: 'CHG0030001' },
			'ticket_closed',
		],
		['security incident', { ...template('insert'), number: 'SIR0010003' }, 'security_alert'],
		[
			'security incident closed',
			template('update', { table: 'sn_si_incident', state: '3', previous_state: '20' }),
			'ticket_closed',
		],
		['monitoring alert', template('insert', { table: 'em_alert' }), 'system_failure'],
		[
			'SLA at 80 %',
			sla({ stage: 'in_progress', percentage: '80.5', has_breached: 'false' }),
			'sla_breaching',
		],
		[
			'SLA at 50 %',
			sla({ stage: 'in_progress', percentage: '50', has_breached: 'false' }),
			'ticket_updated',
		],
		[
			'SLA breached',
			sla({ stage: 'in_progress', percentage: '101', has_breached: 'true' }),
			'sla_breached',
		],
		[
			'approval row',
			{
				table: 'sysapproval_approver',
				sys_id: 'a1',
				state: 'requested',
				sysapproval: { value: SYS_ID, display_value: 'CHG0030001' },
				approver: { value: 'b1', display_value: 'Don Goodliffe' },
			},
			'approval_requested',
		],
	])('%s', (_name, body, expected) => {
		expect(one('serviceNow', body).event_type).toBe(expected);
	});

	it('speaks of the ticket, not of the SLA or approval row', () => {
		expect(one('serviceNow', sla({ has_breached: 'true' })).content).toMatchObject({
			ticket_id: SYS_ID,
			number: 'INC0010023',
		});
	});

	it('names the approver', () => {
		const body = {
			table: 'sysapproval_approver',
			sys_id: 'a1',
			state: 'requested',
			sysapproval: SYS_ID,
			approver: { value: 'b1', display_value: 'Don Goodliffe' },
		};
		expect(one('serviceNow', body).content).toMatchObject({
			ticket_id: SYS_ID,
			approvers: [{ id: 'b1', name: 'Don Goodliffe' }],
		});
	});
});

describe('serviceNow: what the event carries', () => {
	it('from the template', () => {
		expect(one('auto', template('update', { state: '6' }))).toEqual({
			event_id: '0f2b6c4e7a1d4a2e9c3f5b8d1e0a7c44',
			event_type: 'ticket_resolved',
			timestamp: '2026-03-01T10:15:00Z',
			source: 'serviceNow',
			content: {
				ticket_id: SYS_ID,
				number: 'INC0010023',
				ticket_title: 'Email server & calendar down',
				description: 'Nobody can send mail.\nSince 09:00.',
				priority: 'Critical',
				status: 'resolved',
				previous_status: 'in_progress',
				url: 'https://acme.service-now.com/nav_to.do?uri=incident.do?sys_id=9d38',
				assignee: {
					id: '46d44a',
					login: 'beth.anglin',
					email: 'beth@acme.example',
					name: 'Beth Anglin',
				},
				requester: {
					id: '681ccaf9',
					login: 'abel.tuter',
					email: 'abel@acme.example',
					name: 'Abel Tuter',
				},
				group: { id: 'd625dccec0a8016700a222a0f7900d06', name: 'Service Desk' },
			},
			context: {
				actor: { login: 'otto.admin' },
				sla_deadline: '2026-03-01T14:30:00Z',
				related_cis: ['mail-01'],
				impacted_services: [],
			},
			changes: [{ field: 'status', from: '2', to: '6', type: 'ticket_resolved' }],
			delivery_status: {},
		});
	});

	it.each(['result', 'record', 'current'])('from a Table API record under %s', (envelope) => {
		const event = one('auto', { operation: 'update', [envelope]: tableRecord() });
		expect(event).toMatchObject({
			event_type: 'ticket_resolved',
			timestamp: '2026-03-01T10:15:00Z',
			content: {
				ticket_id: SYS_ID,
				priority: 'Medium',
				status: 'resolved',
				assignee: { id: '46d44a23a9fe19810012d100cca80666', name: 'Beth Anglin' },
				requester: { id: '681ccaf9c0a8016400b98a06818d57c7', name: 'Abel Tuter' },
				url: `https://acme.service-now.com/nav_to.do?uri=incident.do%3Fsys_id%3D${SYS_ID}`,
			},
		});
		expect(event.content).not.toHaveProperty('priority_inferred');
	});

	it('gives each record of a list its own event id', () => {
		const body = { result: [tableRecord(), tableRecord({ sys_id: 'other' })] };
		const ids = all('serviceNow', body).map((event) => event.event_id);
		expect(new Set(ids).size).toBe(2);
		expect(all('serviceNow', body).map((event) => event.event_id)).toEqual(ids);
	});

	it('refuses more records than it may hand on, instead of losing some', () => {
		const result = Array.from({ length: 101 }, () => tableRecord());
		expect(refusal(() => all('serviceNow', { result })).code).toBe('too_many_events');
	});

	it('refuses a body without an id', () => {
		expect(refusal(() => all('serviceNow', { short_description: 'x' })).message).toContain(
			'"sys_id", "number"',
		);
	});
});
