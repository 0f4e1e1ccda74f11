import { renderCard, renderDelivery } from '../../../core/templates/index';
import { channels, delivery, fakeChannel, options } from './helpers';

const entry = (index: number, more: Record<string, unknown> = {}) => ({
	ticket_id: `INC-${index}`,
	event_id: `e${index}`,
	title: `Ticket ${index}`,
	...more,
});

function digest(
	entries: unknown[],
	total: number,
	language = 'en',
	event_ids: string[] = [],
	purpose = 'digest:x',
) {
	return delivery({
		recipient: { language },
		channel: 'slack',
		purpose,
		digest: { id: 'x', entries, total, ticket_ids: [], event_ids },
	});
}

const small = {
	...channels,
	slack: fakeChannel('slack', { limits: { ...fakeChannel('slack').limits, digestEntries: 3 } }),
};

describe('digests', () => {
	const many = Array.from({ length: 8 }, (_value, index) => entry(index + 1));

	it('shows what the channel can, and the true total of the rest', () => {
		expect(renderDelivery(digest(many, 20), options({ channels: small }))).toMatchObject({
			ok: true,
			template_id: 'digest',
			card: {
				title: '20 tickets with news',
				entries: [
					{ title: 'INC-1 Ticket 1' },
					{ title: 'INC-2 Ticket 2' },
					{ title: 'INC-3 Ticket 3' },
				],
				more: { label: '+17 more', count: 17, url: 'https://itsm.company.com' },
				links: [{ label: 'All tickets', url: 'https://itsm.company.com' }],
			},
		});
	});

	it('in Chinese', () => {
		expect(renderDelivery(digest(many, 8, 'zh-CN'), options({ channels: small }))).toMatchObject({
			card: { title: '8 个工单有新动态', more: { label: '另有 5 个工单', count: 5 } },
		});
	});

	it('says nothing of more where all are shown', () => {
		const result = renderCard(digest(many.slice(0, 3), 3), options());
		expect(result.ok && result.card.more).toBeUndefined();
		expect(result).toMatchObject({ card: { entries: { length: 3 } } });
	});

	it('never says fewer than it shows', () => {
		expect(renderCard(digest(many.slice(0, 3), 1), options())).toMatchObject({
			card: { title: '3 tickets with news' },
		});
	});

	it('one ticket with several events is about that ticket', () => {
		const one = digest(
			[
				entry(1, {
					status: 'resolved',
					event_type: 'ticket_comment',
					priority: 'High',
					text: 'Done',
				}),
			],
			1,
			'en',
			['a', 'b', 'c'],
		);
		expect(renderCard(one, options())).toMatchObject({
			card: {
				title: 'INC-1: 3 updates – Ticket 1',
				entries: [
					{
						title: 'INC-1 Ticket 1',
						text: 'Comment · Resolved · High priority\nDone',
						url: 'https://itsm.company.com/tickets/INC-1',
						severity: 'success',
					},
				],
				links: [{ label: 'Open ticket', url: 'https://itsm.company.com/tickets/INC-1' }],
			},
		});
		expect(
			renderCard({ ...one, recipient: { ...one.recipient, language: 'zh-CN' } }, options()),
		).toMatchObject({
			card: {
				title: 'INC-1 有 3 条动态：Ticket 1',
				entries: [{ text: '新评论 · 已解决 · 高优先级\nDone' }],
			},
		});
	});

	it('does not say a word twice where type and state are the same', () => {
		const resolved = digest(
			[entry(1, { status: 'resolved', event_type: 'ticket_resolved' }), entry(2)],
			2,
		);
		expect(renderCard(resolved, options())).toMatchObject({
			card: { entries: [{ text: 'Resolved' }, { title: 'INC-2 Ticket 2' }] },
		});
	});

	it('looks as loud as its loudest entry', () => {
		const mixed = [entry(1, { status: 'resolved' }), entry(2, { priority: 'Critical' }), entry(3)];
		expect(renderCard(digest(mixed, 3), options())).toMatchObject({
			card: { severity: 'critical' },
		});
	});

	it('a delivery with a digest is one whatever its purpose is called', () => {
		expect(renderCard(digest(many, 8, 'en', [], 'first'), options())).toMatchObject({
			template_id: 'digest',
		});
	});

	it("a node's choice that knows no digest does not swallow the other tickets", () => {
		const single = {
			template_id: 'mine',
			channels: ['slack'],
			templates: { slack: { text: '{{ticket.id}}' } },
		};
		const both = {
			template_id: 'mine',
			channels: ['slack'],
			templates: { slack: { text: '{{#each digest.entries}}{{ticket_id}} {{/each}}' } },
		};
		const chosen = (overrides: unknown[]) =>
			renderDelivery(digest(many, 8), options({ overrides, templateId: 'mine' }));
		expect(chosen([single])).toMatchObject({
			template_id: 'digest',
			card: { entries: { length: 8 } },
		});
		expect(chosen([both])).toMatchObject({
			template_id: 'mine',
			message: { text: 'INC-1 INC-2 INC-3 INC-4 INC-5 INC-6 INC-7 INC-8 ' },
		});
	});
});
