import fc from 'fast-check';

import { slack } from '../../../core/channels/slack';
import type { HttpRequest } from '../../../core/channels/types';
import { anyCard, contextFor, digest, incident, pressable } from './cards';

type Block = {
	type: string;
	text?: { text: string };
	fields?: Array<{ text: string }>;
	elements?: Array<Record<string, unknown>>;
};
const blocksOf = (payload: Record<string, unknown>): Block[] => payload.blocks as Block[];
const token = { authMode: 'token', token: 'xoxb-1', baseUrl: 'https://slack.test/api/' };
const hook = { authMode: 'webhook', webhookSecretUrl: 'https://hooks.test/services/T/B/X' };
const to = (address: Record<string, unknown>, credential: Record<string, unknown> = token) =>
	contextFor('slack', address, credential);
const post = (address = { userid: 'U1' }, credential: Record<string, unknown> = token) =>
	slack.request({ text: 'hi' }, to(address, credential), {}) as HttpRequest;
const codeOf = (run: () => unknown): unknown => {
	try {
		run();
	} catch (error) {
		return (error as { code?: unknown }).code;
	}
	return undefined;
};

describe('draw', () => {
	it('draws a ticket as header, text, fields, body, button and footer', () => {
		const payload = slack.draw(incident);
		expect(payload).not.toHaveProperty('attachments');
		expect(payload.text).toBe(
			'🔴 New incident: INC0010001 Mail is down &amp; &lt;slow&gt;\nAssigned to you',
		);
		const blocks = blocksOf(payload);
		expect(blocks.map((block) => block.type)).toEqual([
			'header',
			'section',
			'section',
			'section',
			'actions',
			'context',
		]);
		expect(blocks[0].text?.text).toBe('🔴 New incident: INC0010001 Mail is down & <slow>');
		expect(blocks[2].fields?.map((field) => field.text)).toEqual([
			'*Priority*\nCritical',
			'*Status*\nNew',
		]);
		expect(blocks[4].elements?.[0]).toMatchObject({
			type: 'button',
			text: { text: 'Open ticket' },
			url: 'https://itsm.test/INC0010001?a=1&b=2',
		});
	});

	it('gives buttons their action and token', () => {
		const actions = blocksOf(slack.draw(pressable)).find((block) => block.type === 'actions');
		expect(actions?.elements?.slice(0, 2)).toMatchObject([
			{ action_id: 'acknowledge', value: 'signed-1', style: 'primary' },
			{ action_id: 'resolve', value: 'signed-2' },
		]);
	});

	it('shows digest entries with their link, and how many more there are', () => {
		const texts = JSON.stringify(slack.draw(digest));
		expect(texts).toContain('*<https://itsm.test/INC0|INC0 Printer on floor 0>*\\nIn progress');
		expect(texts).toContain('<https://itsm.test/list|+2 more>');
	});

	it('shows a title that the header cuts once more, whole', () => {
		const title = `${'long '.repeat(40)}end`;
		const [header, section] = blocksOf(slack.draw({ ...incident, title }));
		expect(header.text?.text.length).toBeLessThanOrEqual(150);
		expect(section.text?.text).toContain(title);
	});

	it('is taken by Slack, whatever the card', () => {
		fc.assert(
			fc.property(anyCard, (card) => {
				const payload = slack.draw(card);
				slack.check(payload);
				expect(JSON.stringify(payload)).not.toMatch(/\\u0000|\\ud83d"/);
				for (const block of blocksOf(payload)) {
					const objects = [block.text, ...(block.fields ?? []), ...(block.elements ?? [])];
					for (const one of objects as Array<{ type?: string; text?: unknown } | undefined>) {
						if (one?.type !== 'mrkdwn') continue;
						// Only links of ours may stand in angle brackets.
						const rest = String(one.text).replace(/<https?:\/\/[^<>|\s]+(?:\|[^<>|]*)?>/g, '');
						expect(rest.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
					}
				}
			}),
			{ numRuns: 150 },
		);
	});
});

describe('raw', () => {
	it('takes text, blocks and attachments, blocks also as JSON', () => {
		const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'hello' } }];
		expect(slack.raw({ text: 'hi' })).toEqual({ text: 'hi' });
		expect(slack.raw({ blocks })).toEqual({ text: 'hello', blocks });
		expect(slack.raw({ text: 'hi', blocks: JSON.stringify({ blocks }) })).toEqual({
			text: 'hi',
			blocks,
		});
		expect(slack.raw({ text: 'hi', attachments: [{ text: 'x' }] })).toMatchObject({
			attachments: [{ text: 'x' }],
		});
	});

	it('leaves out what rendered empty and cuts what is too long', () => {
		const plain = (text: string) => ({ type: 'plain_text', text });
		const payload = slack.raw({
			text: 'hi',
			blocks: [
				{ type: 'header', text: plain('x'.repeat(200)) },
				{ type: 'section', text: { type: 'mrkdwn', text: ' ' } },
				{
					type: 'section',
					fields: [
						{ type: 'mrkdwn', text: '' },
						{ type: 'mrkdwn', text: 'left' },
					],
				},
			],
		});
		expect(blocksOf(payload)).toHaveLength(2);
		expect(blocksOf(payload)[1].fields).toHaveLength(1);
		expect(() => slack.check(payload)).not.toThrow();
	});

	it('refuses what would show nothing', () => {
		for (const document of [{}, { text: '  ' }, { text: '', blocks: [] }, { blocks: '[]' }]) {
			expect(codeOf(() => slack.raw(document))).toBe('empty_message');
		}
		const hollow = { blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '' } }] };
		expect(codeOf(() => slack.raw(hollow))).toBe('empty_message');
		expect(codeOf(() => slack.raw({ blocks: '[{' }))).toBe('invalid_payload');
	});

	it('takes no recipient from a template', () => {
		const payload = slack.raw({ text: 'hi', channel: 'C-other', token: 'x' });
		const { body } = slack.request(payload, to({ userid: 'U1' }), {}) as HttpRequest;
		expect(body).toMatchObject({ channel: 'U1' });
		expect(body).not.toHaveProperty('token');
	});
});

describe('request', () => {
	it('posts to the address with the token', () => {
		expect(post()).toMatchObject({
			url: 'https://slack.test/api/chat.postMessage',
			headers: {
				authorization: 'Bearer xoxb-1',
				'content-type': 'application/json; charset=utf-8',
			},
			body: { channel: 'U1', text: 'hi', unfurl_links: false },
		});
		expect(slack.address({ channel_id: 'C1', address: 'x' })).toBe('C1');
		expect(slack.address({ address: 'C2' })).toBe('C2');
		expect(slack.address({ userid: ' ' })).toBeUndefined();
	});

	it('posts to a webhook without channel or token', () => {
		const request = post({ userid: 'U1' }, hook);
		expect(request.url).toBe(hook.webhookSecretUrl);
		expect(request.headers).not.toHaveProperty('authorization');
		expect(request.body).not.toHaveProperty('channel');
	});

	it('updates by channel and ts', () => {
		const ref = { channel: 'D1', ts: '1.2' };
		expect(slack.update?.({ text: 'new' }, ref, to({ userid: 'U1' }), {})).toMatchObject({
			url: 'https://slack.test/api/chat.update',
			body: { channel: 'D1', ts: '1.2', text: 'new' },
		});
		expect(() => slack.update?.({ text: 'new' }, ref, to({}, hook), {})).toThrow();
	});

	it('needs a recipient and a token', () => {
		expect(codeOf(() => post({} as never))).toBe('no_address');
		expect(() => post({ userid: 'U1' }, { authMode: 'token' })).toThrow();
	});
});

describe('check', () => {
	const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
	const header = { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } };
	it.each<[string, Record<string, unknown>]>([
		['text', {}],
		['blocks[0].text', { text: 'a', blocks: [header] }],
		['blocks[0].text', { text: 'a', blocks: [section('x'.repeat(3001))] }],
		['blocks', { text: 'a', blocks: Array.from({ length: 51 }, () => section('x')) }],
		['blocks', { text: 'a', blocks: Array.from({ length: 5 }, () => section('x'.repeat(3000))) }],
		['blocks[0].elements', { text: 'a', blocks: [{ type: 'actions', elements: [] }] }],
	])('names %s', (field, payload) => {
		expect(() => slack.check(payload)).toThrow(
			expect.objectContaining({ code: 'invalid_payload', field }),
		);
	});
});

it('escapes what could ping or link', () => {
	expect(slack.escape('<!here> & <@U1> \u0007ok')).toBe('&lt;!here&gt; &amp; &lt;@U1&gt; ok');
});

it('is summed up in one plain line', () => {
	expect(slack.summary(slack.draw(incident))).toBe(
		'🔴 New incident: INC0010001 Mail is down & <slow>',
	);
	expect(slack.summary({ text: 'a\n<https://x.test|b> &amp; c' })).toBe('a b & c');
});
