import { renderDelivery } from '../../../core/templates/index';
import { delivery, options } from './helpers';

const document = (slack: Record<string, unknown>) => ({
	template_id: 'ticket_assigned',
	channels: ['slack'],
	templates: { slack },
});

const render = (slack: Record<string, unknown>) => {
	const result = renderDelivery(
		delivery({ channel: 'slack' }),
		options({ overrides: [document(slack)] }),
	);
	if (!result.ok) throw new Error(result.message);
	return result.message;
};

describe('leaves', () => {
	it('renders every string of nested objects and arrays, and nothing else', () => {
		const blocks = (title: string, id: string) => [
			{ type: 'header', text: { type: 'plain_text', text: title, emoji: true } },
			{ type: 'section', fields: [{ type: 'mrkdwn', text: `*${id}*` }], count: 3, none: null },
			[[id, 1.5, false]],
		];
		expect(
			render({ text: '{{ticket.id}}', blocks: blocks('{{ticket.title}}', '{{ticket.id}}') }),
		).toEqual({
			text: 'INC-001234',
			blocks: blocks('Web服务器CPU使用率过高', 'INC-001234'),
		});
	});

	it('never renders keys, and drops a __proto__ key', () => {
		const raw = JSON.parse('{"{{ticket.id}}": "{{ticket.id}}", "__proto__": {"text": "x"}}');
		const rendered = render(raw);
		expect(Object.keys(rendered)).toEqual(['{{ticket.id}}']);
		expect(Object.getPrototypeOf(rendered)).toBe(Object.prototype);
	});

	it('leaves the document itself unchanged', () => {
		const slack = { text: '{{ticket.id}}', blocks: [{ type: 'divider' }] };
		const before = structuredClone(slack);
		render(slack);
		expect(slack).toEqual(before);
	});

	it('keeps subject and title on one line, whatever the ticket says', () => {
		const result = renderDelivery(
			delivery({}, {}, { ticket_title: 'a\r\nBcc: x@example.com\u2028b' }),
			options({
				overrides: [
					{
						...document({}),
						channels: ['email'],
						templates: { email: { subject: '{{ticket.title}}', body: 'b' } },
					},
				],
			}),
		);
		expect(result).toMatchObject({ ok: true, message: { subject: 'a Bcc: x@example.com b' } });
	});

	it('cuts one huge value instead of failing', () => {
		const big = '雪'.repeat(200_000);
		const result = renderDelivery(
			delivery({ channel: 'slack' }, {}, { description: big }),
			options({ overrides: [document({ text: '{{ticket.description}}' })] }),
		);
		const text = result.ok ? String(result.message.text) : '';
		expect(text.length).toBe(16 * 1024);
		expect(text.endsWith('雪…')).toBe(true);
	});

	it('cuts between characters, not inside one', () => {
		const result = renderDelivery(
			delivery({ channel: 'slack' }, {}, { description: `${'😀'.repeat(20_000)}` }),
			options({ overrides: [document({ text: '{{ticket.description}}' })] }),
		);
		expect(result).toMatchObject({ message: { text: expect.stringMatching(/^(?:😀)+…$/u) } });
	});

	it('replaces half characters and removes control characters of outside text', () => {
		const result = renderDelivery(
			delivery({ channel: 'slack' }, {}, { description: 'a\u0000b\ud83dc\r\nd\u001b[0m 😀' }),
			options({ overrides: [document({ text: '{{ticket.description}}' })] }),
		);
		expect(result).toMatchObject({ message: { text: 'ab\ufffdc\nd[0m 😀' } });
	});
});
