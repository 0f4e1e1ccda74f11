import { describe, expect, it } from '@jest/globals';

import { CATEGORIES, categoriesOf, wants } from '../../../core/preferences/categories';
import { effective } from '../../../core/preferences/merge';
import { parsePolicy } from '../../../core/preferences/policy';
import { usableAddress } from '../../../core/preferences/addresses';
import { EVENT_TYPES } from '../../../core/events/model';
import { event, person, SEED, type Document } from './helpers';

const levels = (teams: Document, defaults: Document = {}): ReturnType<typeof parsePolicy> =>
	parsePolicy({ routing: { teams: { db: teams }, defaults } });
const member = (more: Document = {}, slack: Document = {}): Document =>
	person('u', {
		team: 'db',
		notification_preferences: { channels: ['slack'], slack: { userid: 'U', ...slack } },
		...more,
	});
const slackOf = (
	document: Document,
	policy: ReturnType<typeof parsePolicy>,
): NonNullable<ReturnType<typeof effective>['channels'][number]> =>
	effective(document, policy).channels[0];

describe('RP1 the most specific level wins', () => {
	const inSlack = (part: Document): Document => ({ notification_preferences: { slack: part } });
	it.each<[string, Document, ReturnType<typeof parsePolicy>, string[]]>([
		[
			'user+channel',
			member({ batch_time: '02:00' }, { batch_time: '01:00' }),
			levels({ batch_time: '03:00' }, { batch_time: '04:00' }),
			['01:00'],
		],
		[
			'user',
			member({ batch_time: '02:00' }),
			levels({ ...inSlack({ batch_time: '03:00' }) }, { batch_time: '04:00' }),
			['02:00'],
		],
		[
			'team+channel',
			member(),
			levels({ batch_time: '03:30', ...inSlack({ batch_time: '03:00' }) }, { batch_time: '04:00' }),
			['03:00'],
		],
		[
			'team',
			member(),
			levels({ batch_time: '03:30' }, inSlack({ batch_time: '04:00' })),
			['03:30'],
		],
		[
			'default+channel',
			member(),
			levels({}, { batch_time: '04:30', ...inSlack({ batch_time: '04:00' }) }),
			['04:00'],
		],
		['default', member(), levels({}, { batch_time: '04:30' }), ['04:30']],
		['nothing', member(), levels({}), []],
	])('%s', (_, document, policy, times) =>
		expect(slackOf(document, policy).batch_times).toEqual(times),
	);

	it('fields of the person', () => {
		const policy = levels(
			{
				language: 'de',
				timezone: 'Europe/Berlin',
				manager: 'm-team',
				enable_aggregation: false,
				working_hours: { monday: [['09:00', '18:00']] },
			},
			{ language: 'en', holidays: ['2027-01-01'], active: true, do_not_disturb: true },
		);
		const { timezone: _, ...bare } = person('u', { team: 'db' });
		expect(effective(bare, policy)).toMatchObject({
			zone: 'Europe/Berlin',
			language: 'de',
			manager: 'm-team',
			enable_aggregation: false,
			do_not_disturb: true,
			active: true,
			team: 'db',
			schedule: { working_hours: { monday: [['09:00', '18:00']] }, holidays: ['2027-01-01'] },
		});
		const own = effective(
			{
				...bare,
				language: 'fr',
				timezone: 'Asia/Tokyo',
				enable_aggregation: true,
				do_not_disturb: false,
				holidays: [],
			},
			policy,
		);
		expect(own).toMatchObject({
			zone: 'Asia/Tokyo',
			language: 'fr',
			enable_aggregation: true,
			do_not_disturb: false,
			schedule: { holidays: [] },
		});
	});

	it('defaults where nobody says anything', () => {
		expect(effective({ user_id: 'u' }, parsePolicy({}))).toMatchObject({
			zone: 'UTC',
			language: null,
			enable_aggregation: true,
			do_not_disturb: false,
			active: true,
			channels: [],
			lists_channels: false,
			zone_warning: { code: 'no_zone' },
		});
	});

	it('RT5: an unknown zone falls back to the team, with a warning', () => {
		expect(
			effective(member({ timezone: 'Mars/Olympus' }), levels({ timezone: 'Europe/Berlin' })),
		).toMatchObject({ zone: 'Europe/Berlin', zone_warning: { code: 'unknown_zone' } });
		expect(
			effective(member({ timezone: '' }), parsePolicy({ routing: { timezone: 'Asia/Tokyo' } })),
		).toMatchObject({ zone: 'Asia/Tokyo', zone_warning: { code: 'no_zone' } });
	});

	it('RT3: hours of two levels that leave nothing open are refused', () => {
		const policy = levels({ working_hours: { monday: [['09:00', '18:00']] } });
		expect(() =>
			effective(member({ quiet_hours: { monday: [['08:00', '19:00']] } }), policy),
		).toThrow(expect.objectContaining({ code: 'invalid_preferences', field: 'quiet_hours' }));
	});

	it('times may be known to a channel that does not wait for them', () => {
		const policy = levels({ batch_time: '09:00' });
		expect(slackOf(member({}, { frequency: 'immediate' }), policy)).toMatchObject({
			frequency: 'immediate',
			batch_times: ['09:00'],
		});
	});

	it("the seed's document: listed first, then what is configured", () => {
		const result = effective(SEED, parsePolicy({}));
		expect(result.channels.map((c) => [c.id, c.listed, c.frequency, c.usable])).toEqual([
			['email', true, 'immediate', true],
			['wechat', true, 'immediate', true],
			['dingtalk', false, 'batch', true],
			['slack', false, 'immediate', true],
		]);
		expect(result.channels[2]).toMatchObject({
			batch_times: ['09:00', '14:00', '17:00'],
			address: { userid: 'dingtalk-user-67890' },
		});
		expect(Object.isFrozen(result)).toBe(true);
		expect(effective(SEED, parsePolicy({}))).not.toBe(result);
	});

	it('the address of the person is over that of the team, field by field', () => {
		const policy = levels({ notification_preferences: { slack: { userid: 'T', thread: 't1' } } });
		expect(slackOf(member(), policy).address).toEqual({ userid: 'U', thread: 't1' });
	});

	it('is worked out once per document and policy', () => {
		const policy = parsePolicy({});
		expect(effective(SEED, policy)).toBe(effective(SEED, policy));
	});
});

describe('categories', () => {
	it('every type has its words', () =>
		expect(Object.keys(CATEGORIES).sort()).toEqual([...EVENT_TYPES].sort()));

	it.each([
		['ticket_assigned', 'assigned'],
		['ticket_updated', 'updated'],
		['ticket_comment', 'comment'],
		['status_update', 'status_update'],
		['ticket_escalated', 'escalated'],
		['ticket_resolved', 'resolved'],
		['ticket_closed', 'closed'],
		['ticket_reopened', 'reopened'],
		['ticket_created', 'created'],
		['sla_breaching', 'sla_breaching'],
		['sla_breached', 'sla_breached'],
		['approval_requested', 'approval'],
		['change_scheduled', 'change'],
		['system_failure', 'system_failure'],
		['security_alert', 'security_alert'],
	])('%s is %s, or its own name', (type, word) => {
		const said = (categories: string[]): boolean =>
			wants({ levels: [{ level: 'user', on: categories, off: [] }] }, event(type), false).wanted;
		expect([said([word]), said([type]), said(['all']), said(['other']), said([])]).toEqual([
			true,
			true,
			true,
			false,
			false,
		]);
	});

	it('context.category is one more', () => {
		expect(
			categoriesOf(event('ticket_comment', {}, { context: { category: ' Network ' } })),
		).toEqual(['comment', 'ticket_comment', 'network']);
	});

	const comment = event('ticket_comment', {}, { context: { category: 'network' } });
	const decide = (
		document: Document,
		policy: ReturnType<typeof parsePolicy> = levels({}),
	): unknown[] => {
		const { wanted, muted, because } = wants(slackOf(document, policy), comment, false);
		return [wanted, muted, because];
	};
	it.each<[string, Document, ReturnType<typeof parsePolicy> | undefined, unknown[]]>([
		[
			'off wins over on inside a level',
			member({}, { categories: ['comment'], muted_categories: ['network'] }),
			undefined,
			[false, true, 'category "network" is off (user+channel)'],
		],
		[
			'off wins over "all"',
			member({}, { categories: ['all'], muted_categories: ['Comment'] }),
			undefined,
			[false, true, 'category "comment" is off (user+channel)'],
		],
		[
			'user+channel on over user off',
			member({ muted_categories: ['comment'] }, { categories: ['comment'] }),
			undefined,
			[true, false, 'category "comment" is on (user+channel)'],
		],
		[
			'user off over team on',
			member({ muted_categories: ['comment'] }),
			levels({ categories: ['all'] }),
			[false, true, 'category "comment" is off (user)'],
		],
		[
			'user on over team off',
			member({ categories: ['network'] }),
			levels({ muted_categories: ['network'] }),
			[true, false, 'category "network" is on (user)'],
		],
		[
			'off of another category says nothing',
			member({ muted_categories: ['resolved'] }),
			levels({ categories: ['comment'] }),
			[true, false, 'category "comment" is on (team)'],
		],
		[
			'a list leaves out: off, but not by name',
			member({}, { categories: ['assigned'] }),
			levels({ categories: ['all'] }),
			[false, false, 'category "comment" is not listed (user+channel)'],
		],
		[
			'default off',
			member(),
			levels({}, { notification_preferences: { slack: { muted_categories: ['comment'] } } }),
			[false, true, 'category "comment" is off (default+channel)'],
		],
		[
			'both places of a level add up',
			member({
				muted_categories: ['comment'],
				notification_preferences: {
					channels: ['slack'],
					categories: ['all'],
					slack: { userid: 'U' },
				},
			}),
			undefined,
			[false, true, 'category "comment" is off (user)'],
		],
		['nobody says anything', member(), undefined, [true, false, 'no categories are given']],
	])('%s', (_, document, policy, expected) => expect(decide(document, policy)).toEqual(expected));

	it('mandatory ignores them', () => {
		expect(
			wants(slackOf(member({}, { muted_categories: ['all'] }), levels({})), comment, true),
		).toMatchObject({ wanted: true });
	});
});

describe('addresses', () => {
	it.each<[string, Document, string | undefined]>([
		['slack', { userid: 'U1' }, 'U1'],
		['slack', { address: 'U1' }, 'U1'],
		['slack', { userid: ' ' }, undefined],
		['slack', {}, undefined],
		['email', { address: 'a@b.org' }, 'a@b.org'],
		['email', { address: 'a' }, undefined],
		['wecom', { userid: 7 }, '7'],
		['wechat', { openid: 'o1' }, 'o1'],
		['wechat', { openid: 'o1', bound: false }, undefined],
		['dingtalk', { userid: 'd' }, 'd'],
		['teams', { aad_object_id: 'a' }, 'a'],
		['teams', { conversation_id: 'c' }, 'c'],
		['feishu', { open_id: 'ou_1' }, 'ou_1'],
		['sms', { number: '+86 138-0013-8000' }, '+86 138-0013-8000'],
		['sms', { number: '13800138000' }, undefined],
		['push', { tokens: [{ platform: 'ios', token: 't' }] }, 't'],
		['push', { tokens: [] }, undefined],
		['in_app', {}, 'in_app'],
		['pager', { code: 'x' }, 'x'],
	])('%s %p: %p', (channel, document, address) =>
		expect(usableAddress(channel, document)).toBe(address),
	);
});
