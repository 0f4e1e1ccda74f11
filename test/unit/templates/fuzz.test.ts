import fc from 'fast-check';

import { CHANNEL_IDS } from '../../../core/events/delivery';
import { EVENT_TYPES } from '../../../core/events/model';
import { parseDelivery } from '../../../core/events/validate';
import { renderDelivery, validateTemplate } from '../../../core/templates/index';
import { NOW, oneLeaf, options, seedTemplate } from './helpers';

const text = fc.oneof(
	fc.string(),
	fc.string({ unit: 'binary' }),
	fc.constantFrom(
		'',
		' ',
		'{{x}}',
		'{{{',
		'<script>',
		'undefined',
		'__proto__',
		'constructor',
		'\ud800',
		'…'.repeat(3000),
	),
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const person = fc.oneof(
	text,
	fc.constant(null),
	fc.record({ id: maybe(text), login: maybe(text), email: maybe(text), name: maybe(text) }),
);
const filled = text.filter((value) => value.trim() !== '');

const event = fc.record({
	event_id: filled,
	event_type: fc.oneof(fc.constantFrom(...EVENT_TYPES), filled),
	timestamp: fc.oneof(
		text,
		fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
	),
	content: fc.record({
		ticket_id: filled,
		ticket_title: maybe(text),
		assignee: maybe(person),
		priority: maybe(text),
		description: maybe(text),
		status: maybe(text),
		previous_status: maybe(text),
		url: maybe(fc.oneof(text, fc.webUrl())),
		comment: maybe(fc.record({ author: person, text, public: maybe(fc.boolean()) })),
		group: maybe(fc.oneof(text, fc.record({ name: maybe(text) }))),
		requester: maybe(person),
		extra: fc.jsonValue(),
	}),
	context: fc.record({
		related_cis: fc.array(text),
		impacted_services: fc.array(text),
		sla_deadline: maybe(text),
		actor: maybe(person),
	}),
	changes: maybe(fc.array(fc.record({ field: text, from: fc.anything(), to: fc.anything() }))),
});

const entries = fc.array(
	fc.record({
		ticket_id: text,
		event_id: text,
		title: text,
		status: maybe(text),
		priority: maybe(text),
		url: maybe(text),
		event_type: maybe(text),
		text: maybe(text),
	}),
	{ minLength: 1 },
);

const delivery = fc.record({
	delivery_id: fc.constant('d'),
	event,
	channel: fc.constantFrom(...CHANNEL_IDS),
	purpose: fc.constantFrom(
		'first',
		'escalation:1',
		'reminder:1',
		'digest:1',
		'update:2',
		':',
		'constructor',
	),
	recipient: fc.record({
		user_id: filled,
		username: maybe(text),
		language: fc.oneof(fc.constantFrom('zh-CN', 'en', 'en-US', 'fr', 'de'), text),
		timezone: fc.oneof(fc.constantFrom('Asia/Shanghai', 'America/New_York'), text),
		role: maybe(text),
	}),
});

describe('whatever an event holds', () => {
	it('a shipped template gives a message with a title, in words', () => {
		fc.assert(
			fc.property(delivery, maybe(entries), fc.nat(200), (given, list, total) => {
				const digest = list && { id: 'x', entries: list, total, ticket_ids: [], event_ids: [] };
				const result = renderDelivery(parseDelivery({ ...given, digest }), options());
				if (!result.ok) throw new Error(result.message);
				const { card } = result;
				expect(card?.title.trim()).not.toBe('');
				expect(JSON.stringify(card)).not.toContain('[object');
				expect(card?.fields.every(({ value }) => value.trim() !== '')).toBe(true);
				expect(card?.links.every(({ url }) => /^https?:\/\/\S+$/.test(url))).toBe(true);
				if (list)
					expect((card?.entries?.length ?? 0) + (card?.more?.count ?? 0)).toBe(
						Math.max(total, list.length),
					);
			}),
			{ numRuns: 250 },
		);
	});

	it("the seed's raw template gives a message or says why not", () => {
		fc.assert(
			fc.property(delivery, fc.constantFrom('email', 'wechat', 'dingtalk'), (given, channel) => {
				const parsed = parseDelivery({
					...given,
					channel,
					purpose: 'first',
					event: { ...given.event, event_type: 'ticket_assigned' },
				});
				const result = renderDelivery(parsed, options({ overrides: [seedTemplate] }));
				expect(result).toMatchObject({ ok: true });
				expect(JSON.stringify(result)).not.toContain('[object');
			}),
			{ numRuns: 200 },
		);
	});
});

describe('whatever a template holds', () => {
	const piece = fc.constantFrom(
		'{{',
		'}}',
		'{{{',
		'}}}',
		'{{#if ',
		'{{/if}}',
		'{{#each ',
		'{{/each}}',
		'{{else}}',
		'{{>',
		'{{!--',
		'--}}',
		'ticket.title',
		'ticket',
		'changes',
		'constructor',
		'__proto__',
		'this',
		'../',
		'@root',
		'@index',
		'(',
		')',
		'date ',
		'lookup ',
		'default ',
		'"x"',
		' ',
		'\n',
		'~',
		'&',
		'[',
		']',
		'|',
		'as |x|',
		'\\',
		'5',
	);
	const source = fc.oneof(
		fc.string(),
		fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
	);
	const parsed = parseDelivery({
		delivery_id: 'd',
		event: {
			event_id: 'e',
			event_type: 'ticket_created',
			timestamp: NOW.toISOString(),
			content: { ticket_id: '1', ticket_title: 'T' },
		},
		recipient: { user_id: 'u' },
		channel: 'sms',
	});

	it('rendering gives a result, never an exception, and agrees with the check at save time', () => {
		fc.assert(
			fc.property(source, fc.constantFrom('error' as const, 'marker' as const), (leaf, missing) => {
				const document = oneLeaf(leaf);
				const result = renderDelivery(
					parsed,
					options({ overrides: [document], templateId: 't', missing }),
				);
				const { errors } = validateTemplate(document);
				if (result.ok) {
					expect(String(result.message.text).trim()).not.toBe('');
					expect(result.message.text).not.toMatch(/\[object|function /);
				} else {
					expect(['template_failed', 'variable_missing', 'empty_message']).toContain(result.code);
					expect(result.message).not.toBe('');
				}
				if (errors.length > 0) expect(result).toMatchObject({ ok: false, code: 'template_failed' });
				if (missing === 'marker' && !result.ok) expect(result.code).not.toBe('variable_missing');
			}),
			{ numRuns: 1500 },
		);
	});
});
