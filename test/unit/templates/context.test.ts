import { renderDelivery, templateContext } from '../../../core/templates/index';
import { channels, delivery, NOW, options, seedEvent } from './helpers';

describe('templateContext', () => {
	const context = (change = {}, event = {}, content = {}) =>
		templateContext(delivery(change, event, content), {
			now: NOW,
			system: { url: 'https://itsm.company.com/' },
		});

	it('has what the seed names, formatted', () => {
		expect(context()).toMatchObject({
			ticket: {
				id: 'INC-001234',
				number: 'INC-001234',
				title: 'Web服务器CPU使用率过高',
				priority: 'High',
				priority_label: '高',
				status: null,
				status_label: null,
				url: 'https://itsm.company.com/tickets/INC-001234',
				cis: ['web-server-01'],
				services: ['Web Portal'],
				overdue: false,
			},
			assignee: { id: 'user-001', name: 'john.doe' },
			event: {
				id: 'notif-20230906-001',
				type: 'ticket_assigned',
				type_label: '工单分配',
				source: 'ITSM Platform',
			},
			recipient: {
				user_id: 'user-001',
				username: 'john.doe',
				name: 'john.doe',
				language: 'zh-CN',
				timezone: 'Asia/Shanghai',
				is_assignee: true,
			},
			system: { name: 'ITSM', url: 'https://itsm.company.com', support_email: null },
			digest: null,
			changes: [],
			escalation: null,
			reminder: null,
		});
	});

	it.each([
		[{ id: '7', login: 'w', email: 'w@x', name: 'Wang' }, 'Wang'],
		[{ id: '7', login: 'w' }, 'w'],
		[{ id: 7 }, '7'],
		[{ email: 'w@x' }, 'w@x'],
		['wang', 'wang'],
		[{}, '未分配'],
		['  ', '未分配'],
		[null, '未分配'],
	])('assignee %j has the printable name %s', (assignee, name) => {
		expect(context({}, {}, { assignee })).toMatchObject({ assignee: { name } });
	});

	it('keeps other fields of the ticket, also nested', () => {
		expect(context({}, {}, { custom: { a: [1, { b: 'c' }] } })).toMatchObject({
			ticket: { custom: { a: [1, { b: 'c' }] } },
		});
	});

	it('the known fields cannot be replaced by others of that name', () => {
		expect(context({}, {}, { id: 'x', title: 'y', number: 'N-1' })).toMatchObject({
			ticket: { id: 'INC-001234', title: 'Web服务器CPU使用率过高', number: 'N-1' },
		});
	});

	it("takes the host of the ticket's own address where the system has none", () => {
		const view = templateContext(delivery({}, {}, { url: 'https://jira.example/browse/A-1' }), {
			now: NOW,
		});
		expect(view).toMatchObject({
			ticket: { url: 'https://jira.example/browse/A-1' },
			system: { url: 'https://jira.example' },
		});
	});

	it('tells the changes in words', () => {
		const changes = [
			{ field: 'status', from: 'new', to: 'in_progress' },
			{ field: 'assignee', from: null, to: { name: 'Wang' } },
			{ field: 'custom_field', from: 1, to: { odd: true } },
		];
		expect(context({}, { changes })).toMatchObject({
			changes: [
				{ label: '状态', from: '新建', to: '处理中' },
				{ label: '处理人', from: null, to: 'Wang' },
				{ label: 'custom field', from: '1', to: null },
			],
		});
	});

	it('says which step it is', () => {
		expect(context({ purpose: 'escalation:2' })).toMatchObject({
			escalation: { step: '2' },
			reminder: null,
		});
		expect(context({ purpose: 'reminder:1' })).toMatchObject({
			reminder: { count: '1' },
			escalation: null,
		});
	});

	it('has no prototype with names anywhere', () => {
		const names: string[] = [];
		const visit = (value: unknown): void => {
			if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
			const prototype = Object.getPrototypeOf(value) as object | null;
			names.push(...(prototype ? Object.getOwnPropertyNames(prototype) : []));
			Object.values(value).forEach(visit);
		};
		visit(
			context(
				{},
				{ changes: [{ field: 'a' }] },
				{ custom: { a: { b: {} } }, comment: { author: 'x', text: 'y' } },
			),
		);
		expect(names).toEqual([]);
	});

	it('does not change the delivery', () => {
		const given = delivery();
		const before = structuredClone(given);
		renderDelivery(given, options({ channels }));
		expect(given).toEqual(before);
		expect(given.event.content.ticket_id).toBe(seedEvent.content.ticket_id);
	});
});
