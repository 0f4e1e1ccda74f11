import { describe, expect, it } from '@jest/globals';

import {
	contentEventId,
	dedupeWindow,
	EVENT_TYPES,
	type NotificationEvent,
	takenId,
	withStoredPriority,
	withStoredState,
} from '../../../core/events';
import { changesOf, leadingType, statusFact } from '../../../core/events/facts';
import { seed } from '../../fixtures/events/seed';
import { isRaised, knownPriority, readPriority } from '../../../core/events/priority';
import { nearestStatus } from '../../../core/events/status';

describe('priority', () => {
	it.each([
		['serviceNow', '1 - Critical', 'Critical'],
		['serviceNow', 3, 'Medium'],
		['serviceNow', '5 - Planning', 'Low'],
		['serviceNow', 'Moderate', 'Medium'],
		['jira', 'Blocker', 'Critical'],
		['jira', 'Major', 'High'],
		['jira', 'lowest', 'Low'],
		['jira', 'P3', 'Medium'],
		['jira', '2', undefined],
		['zendesk', 'URGENT', 'Critical'],
		['zendesk', 'normal', 'Medium'],
		['freshservice', 4, 'Critical'],
		['freshservice', '1', 'Low'],
		['freshservice', 'Medium', 'Medium'],
		['manageEngine', 'Urgent', 'Critical'],
		['manageEngine', 'Normal', 'Medium'],
		['bmcHelix', '0', 'Critical'],
		['bmcHelix', 'Low', 'Low'],
		['bmcHelix', 3, 'Low'],
		['glpi', 6, 'Critical'],
		['glpi', 5, 'Critical'],
		['glpi', 4, 'High'],
		['glpi', 3, 'Medium'],
		['glpi', 1, 'Low'],
		['zammad', '3 high', 'High'],
		['zammad', '2 normal', 'Medium'],
		['zammad', '4 whatever', 'Critical'],
		['zammad', 'disaster', 'Critical'],
		['itop', '1', 'Critical'],
		['itop', '4', 'Low'],
		['itop', '5', undefined],
		['requestTracker', 'On Fire', 'Critical'],
		['requestTracker', '100', 'High'],
		['requestTracker', 99, 'Medium'],
		['requestTracker', 49, 'Low'],
		['znuny', '5 very high', 'Critical'],
		['znuny', '4 high', 'High'],
		['znuny', '1 very low', 'Low'],
		['pagerDuty', 'P1', 'Critical'],
		['pagerDuty', 'SEV2 - Major', 'High'],
		['pagerDuty', 'SEV-1', 'Critical'],
		['pagerDuty', 'SEV-3', 'Medium'],
		['pagerDuty', 'SEV-5', 'Low'],
		['generic', 'sev 2', 'High'],
		['pagerDuty', 'low', 'Low'],
		['opsgenie', 'P1', 'Critical'],
		['opsgenie', 3, 'Medium'],
		['opsgenie', 'P5', 'Low'],
		['alertmanager', 'page', 'Critical'],
		['alertmanager', 'error', 'High'],
		['alertmanager', 'warning', 'Medium'],
		['alertmanager', 'none', 'Low'],
		['zabbix', 'Disaster', 'Critical'],
		['zabbix', 'Average', 'Medium'],
		['zabbix', 'Warning', 'Low'],
		['zabbix', 'Not classified', 'Low'],
		['zabbix', '4', 'High'],
		['grafana', 'Critical', 'Critical'],
		['grafana', 'constructor', undefined],
		['grafana', '', undefined],
	] as const)('%s %j is %s', (source, value, expected) => {
		expect(knownPriority(source, value)).toBe(expected);
	});

	it('assumes Medium, and says so, only where nothing is known', () => {
		expect(readPriority('jira', undefined, 'High')).toEqual({ priority: 'High' });
		expect(readPriority('jira', undefined, 'Gold')).toEqual({
			priority: 'Medium',
			priority_inferred: true,
		});
	});

	it.each([
		['Low', 'High', true],
		['High', 'Low', false],
		['High', 'Major', false],
		['Low', 'Gold', false],
		[null, 'High', false],
	])('from %s to %s is raised: %s', (from, to, expected) => {
		expect(isRaised('jira', from, to)).toBe(expected);
	});
});

describe('status', () => {
	it.each([
		['In Progress', 'in_progress'],
		['WorkInProgress', 'in_progress'],
		['Not started', 'new'],
		['Waiting for customer', 'pending'],
		['On Hold', 'pending'],
		['Resolved (pending confirmation)', 'resolved'],
		['Closed Complete', 'closed'],
		['Canceled', 'closed'],
		['已解决', 'resolved'],
		['unresolved', undefined],
		['Schrödinger', undefined],
		[7, undefined],
	])('%s is nearest to %s', (label, expected) => {
		expect(nearestStatus(label)).toBe(expected);
	});

	it.each([
		['resolved', 'in_progress', 'ticket_reopened'],
		['closed', 'new', 'ticket_reopened'],
		['closed', 'pending', 'ticket_reopened'],
		['resolved', 'closed', 'ticket_closed'],
		['closed', 'closed', 'status_update'],
		['new', 'resolved', 'ticket_resolved'],
		['new', 'in_progress', 'status_update'],
		['pending', 'pending', 'status_update'],
		['resolved', undefined, 'status_update'],
		[undefined, 'resolved', 'ticket_resolved'],
	] as const)('%s to %s is %s', (from, to, expected) => {
		expect(statusFact(from, to).type).toBe(expected);
	});
});

describe('several facts', () => {
	it('the first of the binding order names the event, the rest are changes', () => {
		for (let index = 0; index < EVENT_TYPES.length; index++) {
			const facts = EVENT_TYPES.slice(index)
				.reverse()
				.map((type) => ({ type }));
			expect(leadingType(facts)).toBe(EVENT_TYPES[index]);
		}
		expect(
			changesOf([{ type: 'ticket_comment' }, { type: 'ticket_closed' }], 'ticket_closed'),
		).toEqual([{ field: 'comment', type: 'ticket_comment' }]);
	});
});

describe('dedupe and stored state', () => {
	it('knows how long an id counts', () => {
		expect(dedupeWindow('zammad')).toEqual({ kind: 'id' });
		expect(dedupeWindow('glpi')).toEqual({ kind: 'hash', windowMs: 600_000 });
		expect(dedupeWindow('jira', contentEventId('jira', 'x'))).toEqual({
			kind: 'hash',
			windowMs: 600_000,
		});
		expect(dedupeWindow('generic', `${contentEventId('generic', 'x')}.3`).kind).toBe('hash');
		expect(dedupeWindow('generic', 'notif-1')).toEqual({ kind: 'id' });
	});

	it('content taken anew after its window has another id, and is known again by its rule', () => {
		const id = `${contentEventId('generic', 'x')}.3`;
		const at = (minutes: number) => takenId('generic', id, minutes * 60_000);
		expect(at(0)).toBe(`${id}@0`);
		expect(at(9.9)).toBe(at(0));
		expect(at(10)).not.toBe(at(0));
		expect(dedupeWindow('generic', at(10))).toEqual({ kind: 'hash', windowMs: 600_000 });
		expect(takenId('generic', at(10), 99 * 60_000)).toBe(at(10));
		expect(takenId('generic', 'notif-1', 0)).toBe('notif-1');
	});

	const event = (event_type: string, status: string): NotificationEvent =>
		({ ...seed, event_type, content: { ...seed.content, status } }) as NotificationEvent;

	it.each([
		['ticket_updated', 'in_progress', 'resolved', 'ticket_reopened'],
		['ticket_resolved', 'resolved', 'resolved', 'ticket_updated'],
		['ticket_updated', 'pending', 'assigned', 'status_update'],
		['ticket_comment', 'in_progress', 'closed', 'ticket_reopened'],
		['ticket_comment', 'in_progress', 'pending', 'ticket_comment'],
		['ticket_updated', 'assigned', 'assigned', 'ticket_updated'],
		['system_failure', 'new', 'resolved', 'system_failure'],
	])('%s with status %s after %s is %s', (type, status, stored, expected) => {
		const read = withStoredState(event(type, status), { status: stored });
		expect([read.event_type, read.content.previous_status]).toEqual([expected, stored]);
	});

	it('leaves an event alone that is older than the stored one, or that knows its own past', () => {
		const late = event('ticket_updated', 'in_progress');
		expect(withStoredState(late, { status: 'resolved', updated_at: '2030-01-01T00:00:00Z' })).toBe(
			late,
		);
		const aware = { ...late, content: { ...late.content, previous_status: 'new' } };
		expect(withStoredState(aware, { status: 'resolved' })).toBe(aware);
		expect(withStoredState(late, undefined)).toBe(late);
	});

	const rated = (priority: string, more: object = {}, content: object = {}): NotificationEvent =>
		({
			...seed,
			event_type: 'ticket_updated',
			changes: [{ field: 'priority', to: priority }],
			...more,
			content: { ...seed.content, priority, ...content },
		}) as NotificationEvent;

	it('a priority that rose without saying from what is escalated by the stored one', () => {
		expect(withStoredPriority(rated('Critical'), rated('High'))).toMatchObject({
			event_type: 'ticket_escalated',
			changes: [{ field: 'priority', from: 'High', to: 'Critical', type: 'ticket_escalated' }],
		});
	});

	it.each<[string, NotificationEvent, NotificationEvent | undefined]>([
		['lowered', rated('Low'), rated('High')],
		['the same', rated('High'), rated('High')],
		['nothing stored', rated('High'), undefined],
		['the stored one assumed', rated('High'), rated('Medium', {}, { priority_inferred: true })],
		['the new one assumed', rated('Medium', {}, { priority_inferred: true }), rated('Low')],
		['no change of priority', rated('High', { changes: [{ field: 'due' }] }), rated('Low')],
		[
			'a past of its own',
			rated('High', { changes: [{ field: 'priority', from: 'P1' }] }),
			rated('Low'),
		],
		['another kind of news', rated('High', { event_type: 'ticket_comment' }), rated('Low')],
		['older than the stored', rated('High', { timestamp: '2020-01-01T00:00:00Z' }), rated('Low')],
		['a word of their own', rated('Gold'), rated('Low')],
	])('leaves the priority alone: %s', (_name, event, before) => {
		expect(withStoredPriority(event, before)).toBe(event);
	});
});
