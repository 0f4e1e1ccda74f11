import { jest } from '@jest/globals';

import { renderDelivery, validateTemplate } from '../../../core/templates/index';
import { cpuMs } from '../../harness/cpu';
import { delivery, oneLeaf, options } from './helpers';

const run = (
	template: string,
	content: Record<string, unknown> = {},
	missing: 'error' | 'marker' = 'error',
) =>
	renderDelivery(
		delivery({ channel: 'sms' }, {}, content),
		options({ overrides: [oneLeaf(template)], templateId: 't', missing }),
	);

const text = (template: string, content: Record<string, unknown> = {}) => {
	const result = run(`[${template}]`, content);
	return result.ok ? result.message.text : result.code;
};

describe('templates cannot leave their context', () => {
	it.each([
		'{{constructor}}',
		'{{constructor.constructor}}',
		'{{__proto__}}',
		'{{this.__proto__.constructor}}',
		'{{ticket.constructor.constructor}}',
		'{{ticket.title.constructor}}',
		'{{ticket.title.constructor.name}}',
		'{{ticket.title.toUpperCase}}',
		'{{ticket.services.constructor}}',
		'{{ticket.services.map}}',
		'{{ticket.due.constructor}}',
		'{{@root.constructor}}',
		'{{lookup this "constructor"}}',
		'{{lookup ticket "__proto__"}}',
		'{{lookup (lookup ticket "title") "constructor"}}',
		'{{lookup ticket.services "constructor"}}',
		'{{ticket.evil.constructor}}',
		'{{ticket.evil.prototype}}',
		'{{ticket.toString}}',
		'{{hasOwnProperty}}',
	])('%s is a variable that does not exist', (template) => {
		const content = {
			evil: JSON.parse('{"__proto__": {"a": 1}, "constructor": {"b": 2}, "prototype": 3}'),
		};
		expect(text(template, content)).toBe('variable_missing');
	});

	it.each([
		['{{#with constructor}}in{{else}}out{{/with}}', '[out]'],
		['{{#with __proto__}}in{{else}}out{{/with}}', '[out]'],
		['{{#if ticket.title.constructor}}in{{else}}out{{/if}}', '[out]'],
		['{{#each ticket.title.constructor}}in{{else}}out{{/each}}', '[out]'],
		['{{#each ticket.title}}in{{else}}out{{/each}}', '[out]'],
		['{{#constructor}}in{{else}}out{{/constructor}}', '[out]'],
		['{{#if ticket.title.trim}}in{{else}}out{{/if}}', '[out]'],
		['{{#if ticket.services.map}}in{{else}}out{{/if}}', '[out]'],
		['{{#with ticket.title.trim}}{{name}}{{else}}out{{/with}}', '[out]'],
		['{{#if (lookup ticket "__defineGetter__")}}in{{else}}out{{/if}}', '[out]'],
	])('%s', (template, expected) => expect(text(template)).toBe(expected));

	it.each([
		['{{> partial}}', /partials/],
		['{{#> layout}}x{{/layout}}', /partials/],
		['{{#*inline "x"}}y{{/inline}}', /decorators/],
		['{{* decorator}}', /decorators/],
		['{{log "x"}}', /unknown helper "log"/],
		['{{helperMissing "x"}}', /unknown helper/],
		['{{blockHelperMissing ticket}}', /unknown helper/],
		['{{#blockHelperMissing ticket}}x{{/blockHelperMissing}}', /no block helper/],
		['{{[⟦write⟧] ticket "x"}}', /unknown helper/],
		['{{@render}}', /not available/],
		['{{@render.escape}}', /not available/],
		['{{#if (each ticket)}}x{{/if}}', /unknown helper/],
		['{{toString "x"}}', /unknown helper/],
		['{{constructor "x"}}', /unknown helper/],
	])('%s is refused', (template, reason) => {
		const result = run(template);
		expect(result).toMatchObject({
			ok: false,
			code: 'template_failed',
			path: 'templates.sms.text',
		});
		expect(result).toHaveProperty('message', expect.stringMatching(reason));
		expect(validateTemplate(oneLeaf(template)).errors[0].message).toMatch(reason);
	});

	it('does not run a template that comes inside a value', () => {
		expect(text('{{ticket.title}}', { ticket_title: '{{system.support_email}}' })).toBe(
			'[{{system.support_email}}]',
		);
	});

	it('writes nothing to the console', () => {
		const spies = (['log', 'error', 'warn', 'info'] as const).map((name) =>
			jest.spyOn(console, name),
		);
		text('{{ticket.title.constructor}}{{ticket.title.trim}}');
		for (const spy of spies) {
			expect(spy).not.toHaveBeenCalled();
			spy.mockRestore();
		}
	});
});

describe('templates cannot hang the process', () => {
	const long = Array.from({ length: 400 }, (_value, index) => index);

	it('bounds the rounds of nested loops', () => {
		const each = '{{#each ticket.long}}';
		const template = `${each.repeat(5)}x${'{{/each}}'.repeat(5)}`.replaceAll(
			'{{#each ticket.long}}',
			'{{#each @root.ticket.long}}',
		);
		const took = cpuMs(() =>
			expect(run(template, { long })).toMatchObject({
				ok: false,
				code: 'template_failed',
				message: expect.stringContaining('rounds'),
			}),
		);
		expect(took).toBeLessThan(2000);
	});

	it('bounds the output of one template', () => {
		const result = run(`{{#each ticket.long}}{{@root.ticket.description}}{{/each}}`, {
			long,
			description: 'x'.repeat(10_000),
		});
		expect(result).toMatchObject({
			ok: false,
			code: 'template_failed',
			message: expect.stringContaining('longer than'),
		});
	});

	it('bounds the output over many leaves', () => {
		const lines = Array.from({ length: 60 }, () => '{{ticket.description}}');
		const overrides = [{ template_id: 't', channels: ['sms'], templates: { sms: { lines } } }];
		const result = renderDelivery(
			delivery({ channel: 'sms' }, {}, { description: 'x'.repeat(10_000) }),
			options({ overrides, templateId: 't' }),
		);
		expect(result).toMatchObject({
			ok: false,
			code: 'template_failed',
			message: expect.stringContaining('longer than'),
		});
	});

	it.each([
		['a long source', 'x'.repeat(70_000), /longer than/],
		['deep blocks', '{{#if ticket}}'.repeat(1000) + 'x' + '{{/if}}'.repeat(1000), /nested deeper/],
		[
			'deep calls',
			`{{default ${'(not '.repeat(1000)}ticket${')'.repeat(1000)} "x"}}`,
			/nested deeper/,
		],
		['many parts', '{{ticket.id}}'.repeat(4500), /more than/],
	])('refuses %s', (_name, template, reason) => {
		const result = run(template);
		expect(result).toMatchObject({
			ok: false,
			code: 'template_failed',
			message: expect.stringMatching(reason),
		});
	});

	it('survives a huge, deep ticket', () => {
		let deep: unknown = 'x';
		for (let level = 0; level < 2000; level += 1) deep = { deep, list: [deep] };
		expect(
			text('{{ticket.id}}', {
				custom: deep,
				wide: Object.fromEntries(long.map((n) => [`k${n}`, long])),
			}),
		).toBe('[INC-001234]');
	});
});
