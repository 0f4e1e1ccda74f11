import { describe, expect, it } from '@jest/globals';

import { deliveryId } from '../../../core/events/ids';
import { parseDelivery } from '../../../core/events/validate';
import { parsePolicy } from '../../../core/preferences/policy';
import { resolveEvents } from '../../../core/preferences/resolve';
import { stronger } from '../../../core/preferences/roles';
import { event, NOW, person, resolve, SEED, type Document } from './helpers';

const one = (user_id: string, more: Document = {}): Document =>
	person(user_id, {
		notification_preferences: { channels: ['email'], email: { address: `${user_id}@example.org` } },
		...more,
	});
const STAFF = [
	one('a', { manager: 'm' }),
	one('m'),
	one('r'),
	one('w1'),
	one('w2'),
	one('p1'),
	one('p2'),
	one('g1', { groups: ['Network'] }),
	one('g2', { groups: ['network'] }),
];
const ALL = {
	assignee: 'a',
	requester: 'r',
	watchers: ['w1', 'w2'],
	approvers: ['p1', 'p2'],
	group: 'network',
};

describe('§3a event type → roles', () => {
	it.each<[string, Document, string[]]>([
		['ticket_assigned', ALL, ['a/assignee']],
		['ticket_created', ALL, ['a/assignee', 'w1/watcher', 'w2/watcher']],
		['ticket_created', { ...ALL, assignee: null }, ['g1/group', 'g2/group']],
		['ticket_comment', ALL, ['r/requester', 'a/assignee']],
		['ticket_resolved', ALL, ['r/requester']],
		['ticket_closed', ALL, ['r/requester']],
		['approval_requested', ALL, ['p1/approver', 'p2/approver']],
		['sla_breaching', ALL, ['a/assignee', 'm/manager']],
		['sla_breached', ALL, ['a/assignee', 'm/manager']],
		['ticket_escalated', ALL, ['a/assignee', 'm/manager']],
		['ticket_updated', ALL, ['a/assignee', 'w1/watcher', 'w2/watcher']],
		['status_update', ALL, ['a/assignee', 'w1/watcher', 'w2/watcher']],
		['system_failure', ALL, ['a/assignee', 'w1/watcher', 'w2/watcher']],
		['something_new', ALL, ['a/assignee', 'w1/watcher', 'w2/watcher']],
		['sla_breached', { group: { id: 9, name: 'Network' } }, ['g1/group', 'g2/group']],
	])('%s', async (type, content, expected) => {
		expect((await resolve(event(type, content), STAFF)).got).toEqual(
			expected.map((e) => `${e}/email`),
		);
	});

	it.each<[string, Document, string[]]>([
		['a line is replaced', { ticket_comment: ['watchers'] }, ['w1/watcher', 'w2/watcher']],
		[
			'by roles, people, groups and operators',
			{ ticket_comment: ['user:p1', 'group:network', 'operators'] },
			['p1/target', 'p2/target', 'g1/group', 'g2/group'],
		],
		[
			'the default line is for other types',
			{ default: ['requester'] },
			['r/requester', 'a/assignee'],
		],
		['nobody', { ticket_comment: [] }, ['g1/group', 'g2/group']],
	])('policy: %s', async (_, recipients, expected) => {
		const { got } = await resolve(event('ticket_comment', ALL), STAFF, {
			routing: { recipients, operators: ['p2'] },
		});
		expect(got).toEqual(expected.map((e) => `${e}/email`));
	});

	it('a kind of its own is an update of its ticket: recipients and mandatory types (RN1)', async () => {
		const recipients = { ticket_updated: ['requester'] };
		const { got } = await resolve(
			event('on_fire', { ...ALL, requester: 'a' }, { context: { actor: 'a' } }),
			STAFF,
			{ routing: { recipients, mandatory_types: ['ticket_updated'] } },
		);
		expect(got).toEqual(['a/requester/email']);
		const own = await resolve(event('on_fire', ALL), STAFF, {
			routing: { recipients: { ...recipients, on_fire: ['approvers'] } },
		});
		expect(own.got).toEqual(['p1/approver/email', 'p2/approver/email']);
	});

	it('target_users: exactly these, with the strongest role that they have', async () => {
		const { got, queries } = await resolve(
			event('ticket_comment', ALL, { target_users: ['p2', 'm', 'w1', 'g1', 'a'] }),
			STAFF,
		);
		expect(got).toEqual([
			'p2/approver/email',
			'm/manager/email',
			'w1/target/email',
			'g1/target/email',
			'a/assignee/email',
		]);
		expect(queries).toBe(1);
	});

	it('an empty target_users is none given', async () => {
		expect((await resolve(event('ticket_assigned', ALL, { target_users: [] }), STAFF)).got).toEqual(
			['a/assignee/email'],
		);
	});
});

describe('a person is found', () => {
	const jane = person('u-1', {
		username: 'Jane',
		identities: { Jira: '557058' },
		notification_preferences: {
			channels: ['email'],
			email: { address: 'Jane@Example.org' },
			feishu: { open_id: 'ou_1' },
		},
	});
	it.each<[string, unknown]>([
		['user_id', 'u-1'],
		['username, whatever the case', 'jane'],
		['mail', 'JANE@example.org'],
		['another address', 'ou_1'],
		['identity of the source', '557058'],
		['id', { id: 557058 }],
		['user_id as id', { id: 'u-1' }],
		['login', { id: 'x', login: 'jane' }],
		['mail of parts', { id: 'x', email: 'jane@example.org', name: 'J. Doe' }],
		['name, where it is the username', { name: 'Jane' }],
	])('by %s', async (_, assignee) => {
		expect((await resolve(event('ticket_assigned', { assignee }), [jane])).got).toEqual([
			'u-1/assignee/email',
		]);
	});

	it('not by the identity of another source', async () => {
		expect(
			(
				await resolve(event('ticket_assigned', { assignee: '557058' }, { source: 'zendesk' }), [
					jane,
				])
			).left,
		).toEqual(['557058/unknown_person']);
	});

	it('an address that several have: the first by id, with a warning', async () => {
		const shared = (id: string): Document =>
			one(id, {
				notification_preferences: { channels: ['email'], email: { address: 'team@example.org' } },
			});
		const { got, warnings } = await resolve(
			event('ticket_assigned', { assignee: 'team@example.org' }),
			[shared('z'), shared('b')],
		);
		expect(got).toEqual(['b/assignee/email']);
		expect(warnings).toMatchObject([{ code: 'ambiguous_person', user_id: 'b' }]);
	});
});

describe('unknown people', () => {
	it('with a mail address get mail, in the language and zone of the instance', async () => {
		const policy = { routing: { language: 'zh-CN', timezone: 'Asia/Shanghai' } };
		const { deliveries, warnings } = await resolve(
			event('ticket_assigned', { assignee: { id: 9, name: 'Bo', email: 'Bo@Example.org' } }),
			[],
			policy,
		);
		expect(deliveries).toMatchObject([
			{
				channel: 'email',
				address: { address: 'bo@example.org' },
				fallback: [],
				recipient: {
					user_id: 'email:bo@example.org',
					username: 'Bo',
					role: 'assignee',
					language: 'zh-CN',
					timezone: 'Asia/Shanghai',
				},
			},
		]);
		expect(warnings).toEqual([]);
	});

	it.each<[string, Document, unknown, string]>([
		['without mail', { assignee: 'bo' }, {}, 'bo/unknown_person'],
		[
			'where the policy says so',
			{ assignee: 'bo@example.org' },
			{ routing: { unknown_person: 'no_route' } },
			'bo@example.org/unknown_person',
		],
		['nobody named', {}, {}, '/no_user'],
		['a group that nobody is in', { group: 'network' }, {}, '/no_user'],
		['a manager that nobody knows', { assignee: 'k' }, {}, 'ghost/unknown_person'],
	])('%s', async (_, content, policy, left) => {
		expect(
			(await resolve(event('sla_breached', content), [one('k', { manager: 'ghost' })], policy))
				.left,
		).toEqual([left]);
	});

	it('a stranger named twice is one', async () => {
		const { got } = await resolve(
			event('ticket_updated', {
				assignee: { id: 1, email: 'bo@example.org' },
				watchers: ['bo@example.org', 'Bo@example.org'],
			}),
			[],
		);
		expect(got).toEqual(['email:bo@example.org/assignee/email']);
	});

	it('no mail channel: no route', async () => {
		expect(
			(await resolve(event('ticket_assigned', { assignee: 'bo@example.org' }), [], {}, ['slack']))
				.left,
		).toEqual(['bo@example.org/unknown_person']);
	});
});

describe('RP2 one message for the strongest reason', () => {
	const order = [
		'manager',
		'assignee',
		'approver',
		'requester',
		'target',
		'group',
		'watcher',
	] as const;
	it.each(order.slice(1).map((weak, i) => [order[i], weak] as const))(
		'%s over %s',
		(strong, weak) => {
			expect([stronger(strong, weak), stronger(weak, strong)]).toEqual([strong, strong]);
		},
	);

	it('assignee, requester, watcher and group member at once', async () => {
		const all = one('x', { groups: ['network'], manager: 'x' });
		const { deliveries } = await resolve(
			event('ticket_escalated', {
				assignee: 'x',
				requester: 'x.name',
				watchers: ['x@example.org'],
				group: 'network',
			}),
			[all],
			{
				routing: {
					recipients: {
						ticket_escalated: ['watchers', 'group', 'requester', 'assignee', 'manager'],
					},
				},
			},
		);
		expect(deliveries).toHaveLength(1);
		expect(deliveries[0]).toMatchObject({
			recipient: { role: 'manager' },
			why: { role: 'manager', roles: ['watcher', 'requester', 'assignee', 'manager', 'group'] },
			priority: {
				factors: expect.arrayContaining([expect.objectContaining({ name: 'role', value: 1.3 })]),
			},
		});
	});

	it.each<[string, unknown]>([
		['user_id', 'r'],
		['username', 'r.name'],
		['mail', { email: 'R@example.org' }],
		['identity', { id: 77 }],
	])('the one who did it is not told (by %s)', async (_, actor) => {
		const staff = STAFF.map((d) => (d.user_id === 'r' ? { ...d, identities: { jira: '77' } } : d));
		const comment = event('ticket_comment', ALL, { context: { actor } });
		const { got, left } = await resolve(comment, staff);
		expect([got, left]).toEqual([['a/assignee/email'], ['r/actor_not_notified']]);
		expect((await resolve(comment, staff, { routing: { notify_actor: true } })).got).toEqual([
			'r/requester/email',
			'a/assignee/email',
		]);
	});

	it('a known actor is that person only, whoever else bears the name', async () => {
		const { got } = await resolve(
			event('ticket_comment', { assignee: 'b', requester: 'r' }, { context: { actor: 'r' } }),
			[one('r'), one('b', { username: 'r' })],
		);
		expect(got).toEqual(['b/assignee/email']);
	});

	it('nor as one of target_users, nor as a stranger', async () => {
		expect(
			(
				await resolve(
					event('ticket_comment', {}, { target_users: ['a', 'r'], context: { actor: 'r' } }),
					STAFF,
				)
			).got,
		).toEqual(['a/target/email']);
		expect(
			(
				await resolve(
					event(
						'ticket_updated',
						{ watchers: ['bo@example.org'] },
						{ context: { actor: { id: 5, email: 'bo@example.org' } } },
					),
					[],
				)
			).left,
		).toEqual(['bo@example.org/actor_not_notified']);
	});

	it('a mandatory type reaches the actor too', async () => {
		expect(
			(
				await resolve(
					event('security_alert', { assignee: 'a' }, { context: { actor: 'a' } }),
					STAFF,
				)
			).got,
		).toEqual(['a/assignee/email']);
	});
});

describe('several events', () => {
	it('ask the store once, and once more only for managers', async () => {
		const events = [
			event('ticket_assigned', ALL),
			event('ticket_comment', ALL),
			event('ticket_updated', ALL),
		];
		const many = Array.from({ length: 40 }, (_, i) =>
			events.map((e) => ({ ...e, event_id: `${e.event_id}-${i}` })),
		).flat();
		expect((await resolve(many, STAFF)).queries).toBe(1);
		expect(
			(await resolve([...many, event('sla_breached', ALL), event('ticket_escalated', ALL)], STAFF))
				.queries,
		).toBe(2);
		expect((await resolve(event('sla_breached', { ...ALL, assignee: 'm' }), STAFF)).queries).toBe(
			1,
		);
		expect((await resolve([], STAFF)).queries).toBe(0);
	});

	it('keep their order: event, person, channel', async () => {
		const { deliveries } = await resolve(
			[
				event('ticket_resolved', { requester: 'y' }),
				event('ticket_comment', { requester: 'y', assignee: 'x' }),
			],
			[person('x'), person('y')],
		);
		expect(
			deliveries.map((d) => `${d.event.event_type} ${d.recipient.user_id} ${d.channel}`),
		).toEqual([
			'ticket_resolved y slack',
			'ticket_resolved y email',
			'ticket_comment y slack',
			'ticket_comment y email',
			'ticket_comment x slack',
			'ticket_comment x email',
		]);
	});

	it('documents of a second input instead of the store', async () => {
		const result = await resolveEvents([event('sla_breached', ALL)], {
			documents: [...STAFF, { email: 'no id' }],
			policy: parsePolicy({}),
			now: NOW,
			knownChannels: ['email'],
		});
		expect(result.deliveries.map((d) => d.recipient.user_id)).toEqual(['a', 'm']);
		expect(result.warnings).toMatchObject([{ code: 'invalid_preferences', field: 'user_id' }]);
	});
});

describe('the delivery item', () => {
	it('is whole and reads back', async () => {
		const { deliveries } = await resolve(event('ticket_assigned', { assignee: 'user-001' }), [
			SEED,
		]);
		expect(deliveries).toHaveLength(2);
		for (const delivery of deliveries)
			expect(parseDelivery(JSON.parse(JSON.stringify(delivery)))).toEqual(delivery);
		expect(deliveries[1]).toMatchObject({
			delivery_id: deliveryId('e-ticket_assigned', 'user-001', 'wechat'),
			recipient: {
				user_id: 'user-001',
				username: 'john.doe',
				language: 'zh-CN',
				timezone: 'Asia/Shanghai',
				role: 'assignee',
			},
			channel: 'wechat',
			address: { openid: 'wechat-openid-12345' },
			purpose: 'first',
			strategy: 'standard',
			priority: { score: 6, level: 'standard' },
			fallback: [
				{ channel: 'dingtalk', address: { userid: 'dingtalk-user-67890' } },
				{ channel: 'slack', address: { userid: 'slack-user-abcde' } },
			],
			why: {
				role: 'assignee',
				because: 'assignee of T-1; category "assigned" is on (user+channel)',
			},
		});
		expect(deliveries[1].address).toEqual({ openid: 'wechat-openid-12345' });
	});
});
