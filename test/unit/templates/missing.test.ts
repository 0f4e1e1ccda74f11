import { renderDelivery } from '../../../core/templates/index';
import { delivery, oneLeaf, options } from './helpers';

const run = (
	template: string,
	missing?: 'error' | 'marker',
	content: Record<string, unknown> = {},
) =>
	renderDelivery(
		delivery({ channel: 'sms' }, {}, content),
		options({ overrides: [oneLeaf(template)], templateId: 't', missing }),
	);

const text = (template: string, content: Record<string, unknown> = {}) => {
	const result = run(template, 'marker', content);
	return result.ok ? result.message.text : result;
};

describe('a variable that does not exist', () => {
	it.each([undefined, 'error' as const])(
		'is an error naming template, path and variable (missing: %s)',
		(missing) => {
			expect(run('Hi {{ticket.tilte}}', missing)).toEqual({
				ok: false,
				code: 'variable_missing',
				template_id: 't',
				path: 'templates.sms.text',
				message:
					'Template "t", templates.sms.text: the variable "ticket.tilte" does not exist or is not set',
			});
		},
	);

	it.each([
		['{{ticket.tilte}}', '⟨ticket.tilte?⟩'],
		['{{nothing}}', '⟨nothing?⟩'],
		['{{a.b.c.d}}', '⟨a.b.c.d?⟩'],
		['{{date ticket.dew}}', '⟨ticket.dew?⟩'],
		['{{#each ticket.services}}{{nope}}{{/each}}', '⟨nope?⟩'],
		['{{ticket}}', 'Web服务器CPU使用率过高'],
		['{{event}}', '⟨event?⟩'],
	])('%s shows as %s where markers are chosen', (template, expected) =>
		expect(text(template)).toBe(expected),
	);

	it('is an error for a card, with the path inside the card', () => {
		const card = {
			title: 't',
			fields: [
				{ label: 'L', value: 'x' },
				{ label: 'L', value: '{{ticket.foo}}' },
			],
		};
		const overrides = [{ template_id: 'ticket_assigned', channels: ['sms'], templates: { card } }];
		const result = renderDelivery(delivery({ channel: 'sms' }), options({ overrides }));
		expect(result).toMatchObject({
			code: 'variable_missing',
			path: 'templates.card.fields[1].value',
		});
	});
});

describe('a known field without a value', () => {
	const bare = { description: undefined, assignee: null };

	it.each([
		['{{ticket.description}}', '–'],
		['{{ticket.comment.text}}', '–'],
		['{{ticket.comment.author.name}}', '–'],
		['{{ticket.requester.email}}', '–'],
		['{{date ticket.scheduled}}', '⟨ticket.scheduled?⟩'],
		['{{default ticket.description "none"}}', 'none'],
		['{{default ticket.comment.text "none"}}', 'none'],
		['{{#if ticket.description}}D{{else}}no{{/if}}', 'no'],
		['{{#unless ticket.group}}no group{{/unless}}', 'no group'],
		['{{#with ticket.comment}}{{text}}{{else}}no{{/with}}', 'no'],
		['{{assignee.name}}', '未分配'],
		['{{assignee}}', '未分配'],
	])('%s shows as %s', (template, expected) => expect(text(template, bare)).toBe(expected));

	it('blank text counts as no value', () => {
		expect(text('{{default ticket.description "none"}}', { description: ' \n ' })).toBe('none');
	});
});

describe('helpers', () => {
	it.each([
		['{{#if (eq ticket.priority "High")}}a{{/if}}', 'a'],
		['{{#if (eq ticket.num 5)}}a{{/if}}{{#if (eq ticket.num "5")}}b{{/if}}', 'ab'],
		['{{#if (ne ticket.priority "Low")}}a{{/if}}', 'a'],
		['{{#if (and ticket.id ticket.group)}}a{{else}}b{{/if}}', 'b'],
		['{{or ticket.group ticket.id}}', 'INC-001234'],
		['{{#if (not ticket.group)}}a{{/if}}', 'a'],
		['{{ticket.tags}}', 'x、y'],
		['{{join ticket.tags " | "}}', 'x | y'],
		['{{truncate ticket.title 5}}', 'Web服…'],
		['{{truncate ticket.emoji 3}}', '😀😀…'],
		['{{lookup ticket "id"}}', 'INC-001234'],
		['{{lookup ticket.tags 1}}', 'y'],
		['{{#each ticket.tags}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}', '0x,1y'],
		['{{#each ticket.map}}{{@key}}={{this}};{{/each}}', 'a=1;b=2;'],
		['{{#each ticket.tags as |tag index|}}{{index}}{{tag}}{{/each}}', '0x1y'],
		['{{#each ticket.tags}}{{../ticket.id}} {{/each}}', 'INC-001234 INC-001234 '],
		['{{#ticket}}{{id}}{{/ticket}}', 'INC-001234'],
		['{{ticket.num}} {{ticket.yes}}', '5 true'],
		['{{!-- note --}}x', 'x'],
		['\\{{ticket.id}}', '{{ticket.id}}'],
	])('%s gives %s', (template, expected) => {
		const content = { num: 5, yes: true, tags: ['x', 'y'], map: { a: 1, b: 2 }, emoji: '😀😀😀😀' };
		expect(text(template, content)).toBe(expected);
	});

	it.each([
		['{{date}}', 'variable_missing'],
		['{{date ticket.due "weird"}}', 'template_failed'],
		['{{default ticket.id}}', 'template_failed'],
		['{{#if}}x{{/if}}', 'template_failed'],
		['{{#eq a b}}x{{/eq}}', 'template_failed'],
		['{{#if x}}', 'template_failed'],
	])('%s is %s', (template, code) => expect(run(template)).toMatchObject({ ok: false, code }));
});
