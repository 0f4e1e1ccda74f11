import { describe, expect, it } from '@jest/globals';

import { alert, grafana, group, zabbix } from '../../fixtures/events/alarms';
import { all, NOW, one, refusal } from './helper';

describe('alertmanager', () => {
	const over = alert({ status: 'resolved', endsAt: '2026-03-01T10:30:00Z', fingerprint: 'ffff' });

	it('makes one event per alert, each with its own state', () => {
		const events = all('auto', group([alert(), over]));
		expect(events.map((event) => [event.event_id, event.event_type, event.timestamp])).toEqual([
			[
				'alertmanager:c8a2f6ab0d7a3f10:firing:2026-03-01T10:15:00.123456789Z',
				'system_failure',
				'2026-03-01T10:15:00.123Z',
			],
			[
				'alertmanager:ffff:resolved:2026-03-01T10:15:00.123456789Z',
				'ticket_resolved',
				'2026-03-01T10:30:00Z',
			],
		]);
	});

	it('gives a repeated notification the same event id whatever the group around it', () => {
		const first = one('alertmanager', group([alert()]));
		const again = one('alertmanager', group([alert()], { groupKey: 'other', receiver: 'twin' }));
		expect(again.event_id).toBe(first.event_id);
	});

	it('carries the alert', () => {
		expect(one('alertmanager', group([alert()]))).toMatchObject({
			content: {
				ticket_id: 'c8a2f6ab0d7a3f10',
				ticket_title: 'Shop is slow',
				description: 'p99 > 2 s',
				priority: 'Critical',
				status: 'new',
				url: 'http://prometheus.acme.example/graph?g0',
			},
			context: { related_cis: ['web-01:9090'], impacted_services: ['shop'] },
		});
	});

	it.each(['category', 'type', 'team'])('is a security alert by its label %s', (label) => {
		expect(one('alertmanager', group([alert({}, { [label]: 'security' })])).event_type).toBe(
			'security_alert',
		);
		expect(
			one('alertmanager', group([alert({ status: 'resolved' }, { [label]: 'security' })]))
				.event_type,
		).toBe('ticket_resolved');
	});

	it.each([
		[{ annotations: { title: 't' } }, 't'],
		[{ annotations: {} }, 'HighLatency'],
		[{ annotations: {}, labels: { severity: 'info' } }, '(no title)'],
	])('title of %j', (more, expected) => {
		expect(one('alertmanager', group([alert(more)])).content.ticket_title).toBe(expected);
	});

	it('knows an alert without fingerprint again by its labels', () => {
		const id = (labels: object) =>
			one('alertmanager', group([alert({ fingerprint: undefined, labels })])).content.ticket_id;
		expect(id({ a: '1', b: '2' })).toBe(id({ b: '2', a: '1' }));
		expect(id({ a: '1' })).not.toBe(id({ a: '2' }));
	});

	it('names the alert that it cannot read', () => {
		expect(refusal(() => all('alertmanager', group([alert(), 7]))).message).toContain('"alerts.1"');
	});
});

describe('grafana', () => {
	it('is told from Alertmanager, and links to the panel', () => {
		const panel = alert(
			{
				panelURL: 'https://grafana.acme.example/d/1?viewPanel=2',
				dashboardURL: 'https://grafana.acme.example/d/1',
			},
			{ grafana_folder: 'Shop' },
		);
		expect(one('auto', grafana([panel]))).toMatchObject({
			source: 'grafana',
			event_type: 'system_failure',
			content: { url: 'https://grafana.acme.example/d/1?viewPanel=2', group: 'Shop' },
		});
	});

	it.each(['DatasourceError', 'DatasourceNoData'])('names the rule behind a %s', (alertname) => {
		const body = grafana([alert({ annotations: {} }, { alertname, rulename: 'Shop latency' })]);
		expect(one('grafana', body).content.ticket_title).toBe('Shop latency');
	});
});

describe('zabbix', () => {
	const update = (event_update_action: string, more: object = {}) =>
		zabbix({
			event_update_status: '1',
			event_update_action,
			event_update_user: 'Otto Agent',
			...more,
		});

	it.each([
		['problem', zabbix(), 'system_failure', 'new'],
		[
			'security',
			zabbix({ event_tags: '[{"tag":"scope","value":"security"}]' }),
			'security_alert',
			'new',
		],
		['broken tags', zabbix({ event_tags: '[{"tag":' }), 'system_failure', 'new'],
		['recovery', zabbix({ event_value: '0' }), 'ticket_resolved', 'resolved'],
		['acknowledged', update('acknowledged'), 'status_update', 'in_progress'],
		['unacknowledged', update('unacknowledged'), 'status_update', 'new'],
		[
			'commented',
			update('commented', { event_update_message: 'looking' }),
			'ticket_comment',
			'new',
		],
		[
			'both',
			update('acknowledged and commented', { event_update_message: 'x' }),
			'ticket_comment',
			'in_progress',
		],
		['severity up', update('changed severity from Warning to High'), 'ticket_escalated', 'new'],
		['severity down', update('changed severity from High to Warning'), 'ticket_updated', 'new'],
		['closed', update('closed'), 'ticket_closed', 'closed'],
	])('%s', (_name, body, type, status) => {
		const event = one('zabbix', body);
		expect([event.event_type, event.content.status]).toEqual([type, status]);
	});

	it('carries the problem; macros that do not apply are absent', () => {
		const event = one('auto', zabbix());
		expect(event).toMatchObject({
			source: 'zabbix',
			timestamp: NOW.toISOString().replace('.000Z', 'Z'),
			content: {
				ticket_id: '20427',
				ticket_title: 'CPU load too high on web-01',
				priority: 'Critical',
				url: 'https://zabbix.acme.example/tr_events.php?triggerid=13926&eventid=20427',
			},
			context: { related_cis: ['web-01'], impacted_services: ['Shop'] },
		});
		expect(event.content).not.toHaveProperty('comment');
		expect(event.context).not.toHaveProperty('actor');
	});

	it.each(['*UNKNOWN*', '{EVENT.NAME}', '{$NAME}', ''])(
		'takes the subject for %j',
		(event_name) => {
			const event = one('zabbix', zabbix({ event_name, subject: 'Problem: CPU' }));
			expect(event.content.ticket_title).toBe('Problem: CPU');
		},
	);

	it('tells problem, recovery and updates apart by their ids, and knows a retry', () => {
		const bodies = [
			zabbix(),
			zabbix({ event_value: '0' }),
			update('acknowledged'),
			update('closed'),
		];
		const ids = bodies.map((body) => one('zabbix', body).event_id);
		expect(new Set(ids).size).toBe(4);
		expect(bodies.map((body) => one('zabbix', body).event_id)).toEqual(ids);
	});
});
