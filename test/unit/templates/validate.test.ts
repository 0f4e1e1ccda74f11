import { parseTemplate, validateTemplate } from '../../../core/templates/index';
import { oneLeaf, seedTemplate } from './helpers';

const change = (more: Record<string, unknown>) => ({ ...seedTemplate, ...more });
const withCard = (card: unknown) => change({ channels: ['slack'], templates: { card } });
const errors = (value: unknown) =>
	validateTemplate(value).errors.map(({ path, message }) => `${path}: ${message}`);
const warnings = (value: unknown) => validateTemplate(value).warnings.map(({ path }) => path);

describe('validateTemplate', () => {
	it.each<[string, unknown, RegExp]>([
		['no object', 'x', /^\(the document\): /],
		['null', null, /^\(the document\): /],
		['no id', change({ template_id: ' ' }), /^template_id: must not be empty/],
		['no channels', change({ channels: [] }), /^channels: must name one/],
		['no templates', change({ templates: {} }), /^templates: must hold/],
		['an empty part', change({ templates: { email: {} } }), /^templates\.email: must not be empty/],
		['a part that is text', change({ templates: { email: 'x' } }), /^templates\.email: /],
		[
			'nothing for its channels',
			change({ channels: ['sms'], templates: { email: { subject: 'x' } } }),
			/^templates: serves none/,
		],
		['a card without title', withCard({ text: 'x' }), /^templates\.card\.title: /],
		['a card with a mistyped field', withCard({ title: 'x', feilds: [] }), /feilds/],
		[
			'a card with an unknown severity',
			withCard({ title: 'x', severity: 'red' }),
			/^templates\.card\.severity: must be one of/,
		],
		[
			'a card with buttons',
			withCard({ title: 'x', buttons: [{ action: 'resolve' }] }),
			/^templates\.card\.buttons/,
		],
		[
			'a card field without label',
			withCard({ title: 'x', fields: [{ label: '', value: 'x' }] }),
			/^templates\.card\.fields\[0\]\.label: must not/,
		],
		['a language that is empty', change({ language: '' }), /^language: /],
	])('refuses %s', (_name, value, expected) => {
		expect(errors(value)[0]).toMatch(expected);
		expect(validateTemplate(value)).not.toHaveProperty('template');
	});

	it("names the broken leaf, with Handlebars' own words and the line", () => {
		const link = { ...seedTemplate.templates.dingtalk.link, text: 'a\nb {{ticket.id}\nc' };
		const broken = change({
			templates: { ...seedTemplate.templates, dingtalk: { msgtype: 'link', link } },
		});
		const [error] = validateTemplate(broken).errors;
		expect(error).toMatchObject({ path: 'templates.dingtalk.link.text', line: 2 });
		expect(error.message).toMatch(/^Parse error on line 2:/);
	});

	it('reports every broken leaf', () => {
		const blocks = [{ text: '{{#if x}}' }, { text: 'fine' }, { text: '{{nope "x"}}' }];
		const value = {
			template_id: 't',
			channels: ['slack'],
			templates: { slack: { text: '{{/if}}', blocks } },
		};
		expect(validateTemplate(value).errors.map(({ path }) => path)).toEqual([
			'templates.slack.text',
			'templates.slack.blocks[0].text',
			'templates.slack.blocks[2].text',
		]);
	});

	it('keeps unknown channels, with a warning', () => {
		const value = change({
			channels: ['email', 'fax'],
			templates: { email: { subject: 'x' }, fax: { text: 'y' } },
		});
		expect(validateTemplate(value)).toMatchObject({
			errors: [],
			template: { templates: { fax: { text: 'y' } } },
		});
		expect(warnings(value)).toEqual(['channels[1]']);
	});

	it('warns of what will not be used', () => {
		expect(
			warnings(
				change({
					channels: ['email', 'sms'],
					templates: { email: { subject: 'x' }, slack: { text: 'y' } },
				}),
			),
		).toEqual(['channels[1]', 'templates.slack']);
	});

	it('warns of variables that cannot exist, where that can be known', () => {
		const message = (text: string) =>
			validateTemplate(oneLeaf(text)).warnings.map((warning) => warning.message.split(' ')[0]);
		expect(message('{{tiket.id}} {{ticket.id}} {{default foo.bar "x"}}')).toEqual([
			'"tiket.id"',
			'"foo.bar"',
		]);
		expect(
			message(
				'{{#each changes}}{{label}}{{/each}}{{#with ticket}}{{id}}{{/with}}{{#ticket}}{{id}}{{/ticket}}',
			),
		).toEqual([]);
	});

	it('keeps fields that it does not know', () => {
		expect(parseTemplate(change({ owner: 'ops' }))).toMatchObject({ owner: 'ops' });
	});

	it('parseTemplate throws invalid_template with the field and all issues', () => {
		const value = {
			template_id: 't',
			channels: ['sms'],
			templates: { sms: { text: '{{#if x}}', more: '{{' } },
		};
		expect(() => parseTemplate(value)).toThrow(
			expect.objectContaining({
				code: 'invalid_template',
				field: 'templates.sms.text',
				status: 400,
				details: { issues: [expect.anything(), expect.anything()] },
			}),
		);
	});
});
