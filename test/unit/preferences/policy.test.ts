import { describe, expect, it } from '@jest/globals';

import { parsePolicy } from '../../../core/preferences/policy';

describe('policy', () => {
	it('has a default for every field', () => {
		const policy = parsePolicy({});
		expect(parsePolicy(undefined)).toEqual(policy);
		expect(policy).toMatchObject({
			aggregation: {
				types: ['ticket_comment', 'status_update'],
				recent_limit: 5,
				recent_window: '10m',
				group_by: ['recipient', 'channel', 'ticket'],
				group_wait: '30s',
				group_interval: '5m',
				repeat_interval: null,
				max_items: 100,
				sliding: false,
			},
			silence: {
				action: 'defer',
				urgent: {
					priorities: ['Critical', 'High'],
					types: ['system_failure', 'security_alert', 'sla_breaching'],
				},
				urgent_passes: ['focused', 'outside_hours'],
				resolved_while_held: 'show',
				inhibition: [],
			},
			priority: { thresholds: { escalation: 14, immediate: 7, standard: 2 } },
			escalation: { steps: [] },
			routing: {
				mandatory_types: ['security_alert', 'approval_requested'],
				notify_actor: false,
				unknown_person: 'email',
			},
		});
	});

	it('reads back what it gave', () => {
		const policy = parsePolicy({
			routing: { teams: { db: { notification_preferences: { channels: ['email'] } } } },
		});
		expect(parsePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
	});

	it.each<[string, unknown]>([
		['aggregation.group_wait', { aggregation: { group_wait: 'soon' } }],
		// Instants so far off are none, or sort before those of today.
		['aggregation.group_wait', { aggregation: { group_wait: '9999999d' } }],
		['aggregation.recent_window', { aggregation: { recent_window: '99999999999d' } }],
		['aggregation.max_items', { aggregation: { max_items: 0 } }],
		['silence.action', { silence: { action: 'eat' } }],
		['silence.urgent_passes.0', { silence: { urgent_passes: ['walls'] } }],
		['escalation.steps.0.to', { escalation: { steps: [{ after: '5m', to: 'nobody' }] } }],
		['priority.base.ticket_comment', { priority: { base: { ticket_comment: -1 } } }],
		['routing.timezone', { routing: { timezone: 'CST' } }],
		['routing.defaults.timezone', { routing: { defaults: { timezone: '+08:00' } } }],
		['routing.defaults.working_hours', { routing: { defaults: { working_hours: {} } } }],
		[
			'routing.teams.db.notification_preferences.email.frequency',
			{
				routing: {
					teams: { db: { notification_preferences: { email: { frequency: 'hourly' } } } },
				},
			},
		],
		['routing.teams.db.batch_time', { routing: { teams: { db: { frequency: 'batch' } } } }],
		[
			'routing.recipients.ticket_comment.0',
			{ routing: { recipients: { ticket_comment: ['boss'] } } },
		],
		['agregation', { agregation: {} }],
		['aggregation.group_wiat', { aggregation: { group_wiat: '30s' } }],
		[
			'silence.inhibition.0.equals',
			{ silence: { inhibition: [{ source: ['a="b"'], target: ['a="b"'], equals: [] }] } },
		],
		['interaction.permissions.approve', { interaction: { permissions: { approve: {} } } }],
		['(the document)', 'text'],
	])('refuses, naming %s', (field, value) => {
		expect(() => parsePolicy(value)).toThrow(
			expect.objectContaining({ code: 'invalid_policy', field }),
		);
	});

	it('a team may wait for the times of the default', () => {
		expect(() =>
			parsePolicy({
				routing: { defaults: { batch_time: '09:00' }, teams: { db: { frequency: 'batch' } } },
			}),
		).not.toThrow();
	});
});
