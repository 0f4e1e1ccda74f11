import { describe, expect, it } from '@jest/globals';

import {
	matchesAll,
	matchesEverything,
	parseMatcher,
	parseMatchers,
	textAt,
} from '../../../core/preferences/matchers';
import { parsePolicy } from '../../../core/preferences/policy';

const EVENT = {
	event_type: 'ticket_comment',
	source: 'jira',
	content: {
		ticket_id: '42',
		ticket_title: 'Web "A" \\ down\nagain',
		priority: 'Low',
		assignee: { id: '7', login: 'jane', email: 'jane@example.org' },
		watchers: ['ann', { email: 'bo@example.org' }],
		count: 3,
	},
	context: { related_cis: ['web-server-01', 'db-1'], impacted_services: [] },
};

describe('RS5 one matcher', () => {
	it.each<[string, boolean]>([
		['content.priority="Low"', true],
		['content.priority = "Low"', true],
		['content.priority=Low', true],
		['content.priority="low"', false],
		['content.priority!="High"', true],
		['content.priority!="Low"', false],
		['content.ticket_id="42"', true],
		['content.count="3"', true],
		['content.group=""', true],
		['content.group!=""', false],
		['content.group.name=""', true],
		['content.priority=~"L.*"', true],
		['content.priority=~"L"', false],
		['content.priority=~"High|Low"', true],
		['content.priority!~"High|Low"', false],
		['content.priority!~"H.*"', true],
		['context.related_cis="db-1"', true],
		['context.related_cis!="db-1"', false],
		['context.related_cis=~"web-.*"', true],
		['context.related_cis=~"web\\-server-\\d+"', true],
		['context.related_cis[0]="web-server-01"', true],
		['context.related_cis.1="web-server-01"', false],
		['context.impacted_services=""', true],
		['content.assignee="jane"', true],
		['content.assignee="jane@example.org"', true],
		['content.assignee.login="jane"', true],
		['content.assignee!="7"', false],
		['content.watchers="ann"', true],
		['content.watchers.email="bo@example.org"', true],
		['content.ticket_title=~"Web \\"A\\" .*again"', true],
		['content.ticket_title=~".*\\\\\\\\.*"', true],
		['constructor.name=""', true],
		['content.__proto__.x=""', true],
	])('%s: %s', (text, holds) => expect(parseMatcher(text).test(EVENT)).toBe(holds));

	it('all must hold', () => {
		expect(matchesAll(parseMatchers(['source="jira"', 'content.priority="Low"']), EVENT)).toBe(
			true,
		);
		expect(matchesAll(parseMatchers(['source="jira"', 'content.priority="High"']), EVENT)).toBe(
			false,
		);
	});

	it.each([
		'',
		'priority',
		'priority "Low"',
		'priority=="Low"',
		'="Low"',
		'a="x" b="y"',
		'a=~"("',
		`a=~"${'x'.repeat(1_001)}"`,
		'a="x',
	])('%s is refused', (text) => {
		expect(() => parseMatcher(text)).toThrow(expect.objectContaining({ code: 'invalid_matcher' }));
	});

	it('reads a missing field as ""', () =>
		expect(textAt(EVENT, 'content.nothing.at.all')).toEqual(['']));
});

describe('matchers that match everything', () => {
	it.each<[string[], boolean]>([
		[[], true],
		[['event_type=~".*"'], true],
		[['event_type=~".+"'], true],
		[
			[
				'event_type=~"ticket_.*|sla_.*|status_update|approval_requested|change_scheduled|system_failure|security_alert"',
			],
			true,
		],
		[['event_type!=""'], true],
		[['event_type!~""'], true],
		[['content.ticket_id=~".+"'], true],
		[['content.priority=~"Critical|High|Medium|Low"'], true],
		[['content.group=~".*"'], true],
		[['content.description=~"[\\s\\S]*"'], true],
		[['content.group!~"(?!)"'], true],
		[['source=~".*"', 'content.group=~".*|x"'], true],
		[['content.priority!="Low"'], false],
		[['content.priority!~"Low|Medium"'], false],
		[['event_type!="ticket_comment"'], false],
		[['event_type=~"ticket_.*"'], false],
		[['content.group=~".+"'], false],
		[['content.group!=""'], false],
		[['content.group=""'], false],
		[['context.related_cis!~"web-.*"'], false],
		[['context.related_cis!~"web-\\d{2}-[a-f]+"'], false],
		[['content.ticket_id="42"'], false],
		[['event_type=~".*"', 'content.priority="Low"'], false],
	])('%p: %s', (texts, everything) =>
		expect(matchesEverything(parseMatchers(texts))).toBe(everything),
	);

	it('an inhibition rule of that kind is refused where it is saved', () => {
		const rule = (source: string[]): unknown => ({
			silence: { inhibition: [{ source, target: ['event_type="ticket_comment"'], equal: [] }] },
		});
		expect(() => parsePolicy(rule(['event_type=~".*"']))).toThrow(
			expect.objectContaining({ code: 'invalid_policy', field: 'silence.inhibition.0.source' }),
		);
		expect(() => parsePolicy(rule([]))).toThrow(/silence\.inhibition\.0\.source/);
		expect(() => parsePolicy(rule(['x']))).toThrow(/is not of the form/);
		expect(() => parsePolicy(rule(['event_type="system_failure"']))).not.toThrow();
	});
});
