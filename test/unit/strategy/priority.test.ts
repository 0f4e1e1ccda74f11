import { describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../../core/events/model';
import { parseEvent } from '../../../core/events/validate';
import { parsePolicy } from '../../../core/preferences/policy';
import { BASE_SCORES, isUrgent, score } from '../../../core/strategy';

const NOW = new Date('2027-03-01T10:00:00Z');
const event = (
	type: string,
	context: object = {},
	content: object = {},
): ReturnType<typeof parseEvent> =>
	parseEvent({
		event_id: 'e',
		event_type: type,
		timestamp: NOW.toISOString(),
		content: { ticket_id: 'T', ...content },
		context,
	});
const inMinutes = (minutes: number): string =>
	new Date(NOW.getTime() + minutes * 60_000).toISOString();
const policy = parsePolicy({});
const factor = (name: string, result: ReturnType<typeof score>): number | undefined =>
	result.factors.find((f) => f.name === name)?.value;

it('every type has a base score', () => {
	expect(Object.keys(BASE_SCORES).sort()).toEqual([...EVENT_TYPES].sort());
});

describe('base', () => {
	it('a kind of its own is an update of its ticket (RN1), unless the policy has a line for it', () => {
		const of = (base: Record<string, number>) =>
			score(event('on_fire'), 'requester', parsePolicy({ priority: { base } }), NOW).factors[0];
		expect(of({})).toEqual({ name: 'base', value: 1, because: 'type on_fire (ticket_updated)' });
		expect(of({ ticket_updated: 6, default: 2 })).toMatchObject({ value: 6 });
		expect(of({ on_fire: 9, ticket_updated: 6 })).toMatchObject({
			value: 9,
			because: 'type on_fire',
		});
		expect(of({ default: 2 })).toMatchObject({ value: 2, because: 'type on_fire (default)' });
	});

	it.each([
		['security_alert', 10],
		['system_failure', 10],
		['sla_breached', 9],
		['sla_breaching', 8],
		['ticket_escalated', 7],
		['ticket_assigned', 5],
		['approval_requested', 5],
		['ticket_reopened', 5],
		['ticket_created', 4],
		['ticket_resolved', 3],
		['change_scheduled', 3],
		['ticket_closed', 2],
		['status_update', 2],
		['ticket_comment', 2],
		['ticket_updated', 1],
		['something_else', 1],
	])('%s %d', (type, base) =>
		expect(score(event(type), 'requester', policy, NOW).score).toBe(base),
	);

	it.each<[string, Record<string, number>, string, number]>([
		['a line replaces one type', { ticket_comment: 6 }, 'ticket_comment', 6],
		['and leaves the others', { ticket_comment: 6 }, 'ticket_assigned', 5],
		[
			'a default of the user holds for whatever they do not name',
			{ ticket_comment: 6, default: 3 },
			'ticket_assigned',
			3,
		],
		['zero is a value', { ticket_comment: 0 }, 'ticket_comment', 0],
	])('%s', (_, base, type, expected) => {
		expect(score(event(type), 'requester', parsePolicy({ priority: { base } }), NOW).score).toBe(
			expected,
		);
	});
});

describe('impact', () => {
	it.each([
		[0, 0, 1],
		[1, 0, 1.1],
		[0, 1, 1.2],
		[3, 2, 1.7],
		[5, 3, 2],
		[50, 50, 2],
	])('%d CIs, %d services: %d', (cis, services, value) => {
		const context = {
			related_cis: Array.from({ length: cis }, (_, i) => `c${i}`),
			impacted_services: Array.from({ length: services }, (_, i) => `s${i}`),
		};
		expect(
			factor('impact', score(event('ticket_updated', context), 'requester', policy, NOW)),
		).toBe(value);
	});
});

describe('time to the SLA deadline', () => {
	it.each<[string, string | undefined, number]>([
		['no deadline', undefined, 1],
		['8 h and a minute', inMinutes(481), 1],
		['8 h', inMinutes(480), 1.2],
		['2 h and a minute', inMinutes(121), 1.2],
		['2 h', inMinutes(120), 1.5],
		['31 min', inMinutes(31), 1.5],
		['30 min', inMinutes(30), 2],
		['now', inMinutes(0), 2],
		['passed', inMinutes(-600), 2],
		['unreadable', 'tomorrow', 1],
	])('%s: %d', (_, sla_deadline, value) => {
		expect(
			factor('time', score(event('ticket_updated', { sla_deadline }), 'requester', policy, NOW)),
		).toBe(value);
	});

	it('the user changes the table; its order does not matter', () => {
		const own = parsePolicy({
			priority: {
				time: [
					{ more_than: null, factor: 4 },
					{ more_than: '1h', factor: 3 },
					{ more_than: '1d', factor: 0.5 },
				],
			},
		});
		const at = (minutes: number): number | undefined =>
			factor(
				'time',
				score(event('ticket_updated', { sla_deadline: inMinutes(minutes) }), 'requester', own, NOW),
			);
		expect([at(1_441), at(1_440), at(61), at(60), at(-5)]).toEqual([0.5, 3, 3, 4, 4]);
	});

	it('a table without a line for the rest is refused', () => {
		expect(() => parsePolicy({ priority: { time: [{ more_than: '1h', factor: 1 }] } })).toThrow(
			/priority\.time/,
		);
	});
});

describe('role', () => {
	it.each([
		['manager', 1.3],
		['assignee', 1.2],
		['requester', 1],
		['approver', 1],
		['group', 1],
		['target', 1],
		['watcher', 0.8],
		['somebody', 1],
	])('%s %d', (role, value) =>
		expect(factor('role', score(event('ticket_updated'), role, policy, NOW))).toBe(value),
	);
	it('the user changes it', () => {
		expect(
			factor(
				'role',
				score(
					event('ticket_updated'),
					'watcher',
					parsePolicy({ priority: { role: { watcher: 3 } } }),
					NOW,
				),
			),
		).toBe(3);
	});
});

describe('strategy', () => {
	it.each([
		[14, 'escalation'],
		[13.99, 'immediate'],
		[7, 'immediate'],
		[6.99, 'standard'],
		[2, 'standard'],
		[1.99, 'batch'],
		[0, 'batch'],
	])('score %d: %s', (base, level) => {
		expect(
			score(
				event('ticket_updated'),
				'requester',
				parsePolicy({ priority: { base: { ticket_updated: base } } }),
				NOW,
			).level,
		).toBe(level);
	});

	it('binary noise does not miss a threshold', () => {
		const own = parsePolicy({
			priority: { base: { ticket_updated: 4.9 }, thresholds: { immediate: 7.056 } },
		});
		expect(
			score(event('ticket_updated', { sla_deadline: inMinutes(200) }), 'assignee', own, NOW),
		).toMatchObject({ score: 7.056, level: 'immediate' });
	});

	it('carries every factor, in order', () => {
		const result = score(
			event('sla_breached', { related_cis: ['a'], sla_deadline: inMinutes(-1) }),
			'manager',
			policy,
			NOW,
		);
		expect(result.score).toBeCloseTo(9 * 1.1 * 2 * 1.3, 6);
		expect(result.level).toBe('escalation');
		expect(result.factors.map((f) => [f.name, f.value])).toEqual([
			['base', 9],
			['impact', 1.1],
			['time', 2],
			['role', 1.3],
		]);
		expect(result.factors.every((f) => f.because.length > 0)).toBe(true);
	});
});

describe('S2 urgent: by priority and type, never by score', () => {
	it.each<[string, string, boolean]>([
		['ticket_comment', 'Critical', true],
		['ticket_comment', 'High', true],
		['ticket_comment', 'high', true],
		['ticket_comment', 'Medium', false],
		['ticket_comment', 'Low', false],
		['system_failure', 'Low', true],
		['security_alert', 'Low', true],
		['sla_breaching', 'Low', true],
		['sla_breached', 'Medium', false],
	])('%s %s: %s', (type, priority, urgent) =>
		expect(isUrgent(event(type, {}, { priority }), policy)).toBe(urgent),
	);
	it('is a setting', () => {
		expect(
			isUrgent(
				event('ticket_comment', {}, { priority: 'High' }),
				parsePolicy({ silence: { urgent: { priorities: ['Critical'], types: [] } } }),
			),
		).toBe(false);
	});
});
