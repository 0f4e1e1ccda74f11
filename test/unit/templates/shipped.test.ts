import { CHANNEL_IDS } from '../../../core/events/delivery';
import {
	renderCard,
	renderDelivery,
	shippedTemplates,
	validateTemplate,
} from '../../../core/templates/index';
import { channels, delivery, options } from './helpers';
import { cardOf, cases, reader, type Language } from './shipped-cards';

const CHINESE = /\p{Script=Han}/u;
/** All words that the card itself brings: labels and texts, without what the ticket says. */
const words = (card: unknown): string =>
	JSON.stringify(card, (key, value) => (key === 'language' ? undefined : value));

describe('shipped templates', () => {
	it('are the 15 event types and 3 purposes in both languages, each for every channel', () => {
		const seen = shippedTemplates
			.map(({ template_id, language }) => `${template_id} ${language}`)
			.sort();
		expect(seen).toEqual(cases.map(([id, language]) => `${id} ${language}`).sort());
		expect(seen).toHaveLength(36);
		for (const document of shippedTemplates) expect(document.channels).toEqual([...CHANNEL_IDS]);
	});

	it.each(
		shippedTemplates.map((document) => [`${document.template_id} ${document.language}`, document]),
	)(
		'%s is a valid document with name and description, as users can store it',
		(_name, document) => {
			const copy = JSON.parse(JSON.stringify(document));
			expect(validateTemplate(copy)).toEqual({ template: copy, errors: [], warnings: [] });
			expect(document).toMatchObject({
				name: expect.stringMatching(/./),
				description: expect.stringMatching(/./),
			});
		},
	);

	it.each(cases)('%s in %s: a full event', (id, language) => {
		const card = cardOf(id, language, true);
		expect(card.title).not.toBe('');
		expect(card.fields.every(({ label, value }) => label && value)).toBe(true);
		expect(card.links).toHaveLength(1);
		expect(words(card)).not.toMatch(/undefined|\[object|null|\{\{|⟨|–\}|NaN/);
		expect(CHINESE.test(words(card))).toBe(language === 'zh-CN');
		expect(words(card)).not.toMatch(/!|！/);
		expect(words(card)).toContain('Mail down');
	});

	it.each(cases)('%s in %s: an event with nothing but what is required', (id, language) => {
		const card = cardOf(id, language, false);
		expect(card.title).not.toBe('');
		expect(words(card)).not.toMatch(/undefined|\[object|null|\{\{|⟨|NaN/);
		expect(card.fields.every(({ label, value }) => label && value && value !== '–')).toBe(true);
		expect(card.links).toEqual([]);
		expect(CHINESE.test(words(card))).toBe(language === 'zh-CN');
	});

	it.each(CHANNEL_IDS)('serve the channel %s', (channel) => {
		expect(renderDelivery(delivery({ channel }), options({ channels }))).toMatchObject({
			ok: true,
		});
	});
});

describe('what matters per type', () => {
	const title = (id: string, language: Language = 'en') => cardOf(id, language, true).title;
	const labelsOf = (id: string, language: Language = 'en') =>
		cardOf(id, language, true).fields.map(({ label }) => label);

	it.each([
		['sla_breaching', 'en', '25 minutes left: INC0042 Mail down'],
		['sla_breaching', 'zh-CN', '还剩 25 分钟：INC0042 Mail down'],
		['ticket_comment', 'en', 'Li Lei commented on INC0042: Mail down'],
		['ticket_comment', 'zh-CN', 'Li Lei 评论了 INC0042：Mail down'],
		['ticket_assigned', 'en', 'Assigned to Wang Fang: INC0042 Mail down'],
		['status_update', 'zh-CN', '处理中：INC0042 Mail down'],
	] as const)('%s in %s is titled "%s"', (id, language, expected) =>
		expect(title(id, language)).toBe(expected),
	);

	it('tells the assignee that it is theirs', () => {
		const mine = delivery({ ...reader('en'), channel: 'slack' });
		expect(renderCard(mine, options())).toMatchObject({
			card: { title: expect.stringMatching(/^Assigned to you: /) },
		});
	});

	it('assigned shows priority, requester and due', () =>
		expect(labelsOf('ticket_assigned').slice(0, 3)).toEqual(['Priority', 'Requester', 'Due']));
	it('sla_breaching shows the time left first', () =>
		expect(cardOf('sla_breaching', 'en', true).fields[0]).toEqual({
			label: 'Due',
			value: '6 Sep, 19:00 (in 25 minutes)',
			short: true,
		}));
	it('approval shows who asks first', () =>
		expect(labelsOf('approval_requested')[0]).toBe('Requester'));
	it('a comment shows its text', () =>
		expect(cardOf('ticket_comment', 'en', true).body).toBe('Restarting now'));
	it('an update shows what changed, in words', () =>
		expect(cardOf('ticket_updated', 'zh-CN', true).body).toBe('优先级：低 → 高'));

	it('an SLA at risk whose deadline has passed meanwhile says so', () => {
		const late = delivery(
			{ ...reader('en'), channel: 'slack' },
			{ event_type: 'sla_breaching', context: { sla_deadline: '2023-09-06T10:00:00Z' } },
		);
		expect(renderCard(late, options())).toMatchObject({
			card: { title: expect.stringMatching(/^SLA deadline passed/) },
		});
	});

	it.each([
		['ticket_created', 'Critical', 'critical'],
		['ticket_created', 'High', 'high'],
		['ticket_created', 'Medium', 'normal'],
		['ticket_created', 'high', 'high'],
		['ticket_comment', 'Low', 'info'],
		['ticket_resolved', 'Critical', 'success'],
		['ticket_closed', 'Critical', 'info'],
		['sla_breaching', 'Low', 'high'],
		['sla_breached', 'Low', 'critical'],
		['security_alert', 'Low', 'critical'],
	])('%s of priority %s looks %s', (event_type, priority, severity) => {
		const result = renderCard(
			delivery({ channel: 'slack' }, { event_type }, { priority }),
			options(),
		);
		expect(result).toMatchObject({ card: { severity } });
	});
});
