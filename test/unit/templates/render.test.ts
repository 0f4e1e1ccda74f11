import { ItsmNotifyError } from '../../../core/errors/index';
import { renderCard, renderDelivery } from '../../../core/templates/index';
import { delivery, fakeChannel, NOW, options, seedEvent } from './helpers';

const own = (templates: Record<string, unknown>) => [
	{ template_id: 'ticket_assigned', channels: ['slack'], templates },
];
const run = (templates: Record<string, unknown>, slack = fakeChannel('slack'), content = {}) =>
	renderDelivery(
		delivery({ channel: 'slack' }, {}, content),
		options({ overrides: own(templates), channels: { slack } }),
	);

const refuse = (code: string, message: string) => () => {
	throw new ItsmNotifyError(code, message);
};

describe('renderDelivery', () => {
	it('gives the drawn card and the card', () => {
		const result = run(
			{ card: { title: '{{ticket.id}}' } },
			fakeChannel('slack', { draw: ({ title }) => ({ text: `*${title}*` }) }),
		);
		expect(result).toEqual({
			ok: true,
			template_id: 'ticket_assigned',
			language: 'zh-CN',
			message: { text: '*INC-001234*' },
			card: {
				severity: 'high',
				title: 'INC-001234',
				fields: [],
				links: [],
				buttons: [],
				language: 'zh-CN',
				ticket: {
					key: 'ITSM Platform:INC-001234',
					id: 'INC-001234',
					number: 'INC-001234',
					url: 'https://itsm.company.com/tickets/INC-001234',
				},
			},
		});
	});

	it("prefers the channel's own part to the card", () => {
		const result = run({ card: { title: 'card' }, slack: { text: 'raw' } });
		expect(result).toMatchObject({ ok: true, message: { text: 'raw' } });
		expect(result).not.toHaveProperty('card');
	});

	it('leaves out fields, links and texts that come out empty', () => {
		const card = {
			title: 'x',
			text: ' ',
			body: '{{#if ticket.group}}x{{/if}}',
			footer: '',
			fields: [
				{ label: 'Group', value: '{{#if ticket.group}}{{ticket.group}}{{/if}}' },
				{ label: 'Id', value: '{{ticket.id}}' },
			],
			links: [{ label: 'x', url: '{{default ticket.link ""}}' }],
		};
		const result = run({ card });
		expect(result).toMatchObject({
			card: { fields: [{ label: 'Id', value: 'INC-001234' }], links: [] },
		});
		expect(Object.keys(result.ok ? (result.card ?? {}) : {})).not.toEqual(
			expect.arrayContaining(['text']),
		);
		expect(result.ok && [result.card?.text, result.card?.body, result.card?.footer]).toEqual([
			undefined,
			undefined,
			undefined,
		]);
	});

	it.each([
		['{{#if (eq ticket.priority "High")}}critical{{else}}info{{/if}}', 'critical'],
		['success', 'success'],
		['{{ticket.title}}', 'high'],
	])('severity %s gives %s', (severity, expected) => {
		expect(run({ card: { title: 'x', severity } })).toMatchObject({ card: { severity: expected } });
	});
});

describe('failures are results', () => {
	it.each<
		[
			string,
			Record<string, unknown>,
			Parameters<typeof fakeChannel>[1],
			string,
			string | undefined,
			RegExp,
		]
	>([
		[
			'empty title',
			{ card: { title: '{{default ticket.none ""}}' } },
			{},
			'empty_message',
			'templates.card.title',
			/title/,
		],
		[
			'raw with nothing in it',
			{ slack: { type: 'x', text: '{{#if ticket.group}}x{{/if}}' } },
			{},
			'empty_message',
			'templates.slack',
			/empty/,
		],
		[
			'raw without any text',
			{ slack: { blocks: [] } },
			{},
			'empty_message',
			'templates.slack',
			/empty/,
		],
		[
			'the channel finds nothing to show',
			{ slack: { text: 'x' } },
			{ summary: () => ' ' },
			'empty_message',
			undefined,
			/slack/,
		],
		[
			'the channel says empty',
			{ slack: { text: 'x' } },
			{ raw: refuse('empty_message', 'no text') },
			'empty_message',
			undefined,
			/no text/,
		],
		[
			'the channel refuses the payload',
			{ slack: { text: 'x' } },
			{ check: refuse('invalid_payload', 'blocks: too many') },
			'template_failed',
			undefined,
			/blocks: too many/,
		],
		[
			'the channel breaks',
			{ card: { title: 'x' } },
			{
				draw: () => {
					throw new TypeError('boom');
				},
			},
			'template_failed',
			undefined,
			/boom/,
		],
		[
			'syntax',
			{ slack: { text: 'a\n{{#if x}}' } },
			{},
			'template_failed',
			'templates.slack.text',
			/Parse error on line 2/,
		],
		[
			'syntax in a card',
			{ card: { title: 'x', fields: [{ label: 'a', value: '{{' }] } },
			{},
			'template_failed',
			'templates.card.fields[0].value',
			/Parse error on line 1/,
		],
		[
			'a leaf in an array',
			{ slack: { blocks: [{ text: '{{nope}}' }] } },
			{},
			'variable_missing',
			'templates.slack.blocks[0].text',
			/nope/,
		],
	])('%s', (_name, templates, channel, code, path, message) => {
		const result = run(templates, fakeChannel('slack', channel), { none: '' });
		expect(result).toMatchObject({
			ok: false,
			code,
			template_id: 'ticket_assigned',
			message: expect.stringMatching(message),
		});
		expect(result).toHaveProperty('message', expect.stringContaining('ticket_assigned'));
		expect(result.ok ? 'ok' : result.path).toBe(path);
	});

	it.each(['carrier_pigeon', '__proto__', 'constructor', 'toString'])(
		'no such channel: %s',
		(channel) => {
			expect(renderDelivery(delivery({ channel }), options())).toMatchObject({
				ok: false,
				code: 'template_missing',
			});
		},
	);

	it('the same broken template fails the same way again, from the cache', () => {
		const broken = { slack: { text: '{{#if x}}' } };
		expect(run(broken)).toEqual(run(broken));
		expect(run(broken)).toMatchObject({ ok: false });
	});
});

describe('renderCard', () => {
	it('gives the card whatever the channel, and skips raw-only templates', () => {
		const raw = [
			{ template_id: 'ticket_assigned', channels: ['sms'], templates: { sms: { text: 'x' } } },
		];
		const { channels: _channels, ...rest } = options({ overrides: raw });
		expect(renderCard(delivery({ channel: 'carrier_pigeon' }), rest)).toMatchObject({
			ok: true,
			card: { title: expect.stringContaining('INC-001234') },
		});
	});
});

describe('a message that is changed in place', () => {
	const footer = (language: string, more: object) => {
		const result = renderDelivery(
			delivery({
				recipient: { user_id: 'u1', language },
				update_of: { delivery_id: 'd_1', ref: {} },
				...more,
			}),
			options(),
		);
		return result.ok && result.card?.footer;
	};
	const acknowledged = { by: 'u2', name: 'emma', at: NOW.toISOString() };
	const event = { ...seedEvent, content: { ...seedEvent.content, status: 'in_progress' } };

	it('says who took the ticket and how it is now', () => {
		expect(footer('en', { event, acknowledged })).toMatch(
			/Acknowledged by emma · Now in progress$/,
		);
		expect(footer('zh-CN', { event, acknowledged })).toMatch(/emma 已确认接收 · 当前状态：处理中$/);
	});

	it('a first message says neither', () => {
		expect(footer('en', { event, update_of: undefined })).not.toMatch(/Now|Acknowledged/);
	});
});
