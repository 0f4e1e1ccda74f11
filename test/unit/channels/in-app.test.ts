import fc from 'fast-check';

import { channels, inboxPage, sendDelivery, type PageItem } from '../../../core/channels';
import { anyCard, contextFor, digest, incident } from './cards';
import { aDelivery, fakeIo, json } from './fakes';

const { in_app: inApp } = channels;
type Json = Record<string, unknown>;

describe('payload', () => {
	it('holds what a portal shows, and only links that open a page', () => {
		const buttons = [
			{ action: 'acknowledge', label: 'Ack', value: 'token' },
			{
				action: 'resolve',
				label: 'Resolve',
				url: 'https://n8n.test/link?t=1',
				style: 'primary' as const,
			},
			{ action: 'open', label: 'Bad', url: 'javascript:alert(1)' },
		];
		expect(inApp.draw({ ...incident, buttons })).toEqual({
			title: 'New incident: INC0010001 Mail is down & <slow>',
			text: 'Assigned to you\n\nNobody in the Berlin office can send mail since 9:00.',
			severity: 'critical',
			fields: [
				{ label: 'Priority', value: 'Critical' },
				{ label: 'Status', value: 'New' },
			],
			links: [{ label: 'Open ticket', url: 'https://itsm.test/INC0010001?a=1&b=2' }],
			buttons: [
				{ action: 'resolve', label: 'Resolve', style: 'primary', url: 'https://n8n.test/link?t=1' },
			],
			footer: 'ITSM · 9:30',
			language: 'en',
			ticket: {
				key: 'snow:1',
				id: '1',
				number: 'INC0010001',
				url: 'https://itsm.test/INC0010001',
			},
		});
	});

	it('keeps the true total of a digest', () => {
		const drawn = inApp.draw(digest) as { entries: Json[]; more: Json };
		expect(drawn.entries).toHaveLength(10);
		expect(drawn.more).toMatchObject({ label: '+2 more', count: 2 });
	});

	it('whatever is drawn is accepted', () => {
		fc.assert(
			fc.property(anyCard, (card) => {
				const payload = inApp.draw(card);
				inApp.check(payload);
				expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThanOrEqual(64 * 1024);
				expect(JSON.stringify(payload)).not.toContain('javascript:alert');
			}),
			{ numRuns: 200 },
		);
	});

	it('raw: the words, the link, data as they are; never empty', () => {
		expect(
			inApp.raw({ title: 'T', body: 'B', url: 'https://x.test', data: { a: 1 } }),
		).toMatchObject({
			title: 'T',
			text: 'B',
			links: [{ url: 'https://x.test' }],
			data: { a: 1 },
		});
		expect(() => inApp.raw({ url: 'https://x.test' })).toThrow(
			expect.objectContaining({ code: 'empty_message' }),
		);
	});

	it.each<[string, Json]>([
		['no title', { text: 'x' }],
		['a long title', { title: 'x'.repeat(201) }],
		['links that are none', { title: 'x', links: 'https://x.test' }],
		['too much', { title: 'x', data: { a: 'y'.repeat(70_000) } }],
	])('check refuses %s', (_name, payload) => {
		expect(() => inApp.check(payload)).toThrow(
			expect.objectContaining({ code: 'invalid_payload' }),
		);
	});
});

describe('send', () => {
	const delivery = aDelivery({ channel: 'in_app', address: {}, message: inApp.draw(incident) });
	const io = (stored: string) => ({
		...fakeIo([json({})]),
		asked: [] as unknown[],
		async store(this: { asked: unknown[] }, request: unknown) {
			this.asked.push(request);
			return { stored } as never;
		},
	});

	it('is delivered at once, into the inbox of the person, without any credential', async () => {
		const world = io('new');
		const { outcome, attempts } = await sendDelivery(inApp, delivery, {}, world);
		expect(outcome).toEqual({
			ok: true,
			status: 'delivered',
			providerMessageId: 'd_0001',
			ref: { delivery_id: 'd_0001' },
		});
		expect([attempts, world.calls.length]).toEqual([1, 0]);
		expect(world.asked).toMatchObject([
			{ kind: 'store', operation: 'put', entry: { user_id: 'user-1', severity: 'critical' } },
		]);
	});

	it('the address of the document is the inbox, where one is given', () => {
		const request = inApp.request(
			{ title: 'x' },
			{
				...contextFor('in_app', {}, {}),
				delivery: { ...delivery, address: { address: 'portal-7' } },
			},
			{},
		);
		expect(request).toMatchObject({ entry: { user_id: 'portal-7' } });
	});

	it('a standalone message names somebody', () => {
		const context = {
			...contextFor('in_app', {}, {}),
			delivery: { ...delivery, standalone: true },
		};
		expect(() => inApp.request({ title: 'x' }, context, {})).toThrow(
			expect.objectContaining({ code: 'no_address' }),
		);
	});

	it('where there is no store it says so', async () => {
		expect((await sendDelivery(inApp, delivery, {}, fakeIo([json({})]))).outcome).toMatchObject({
			ok: false,
			code: 'unsupported_call',
		});
	});

	it('an edit names the entry; one that is gone is said', () => {
		const context = { ...contextFor('in_app', {}, {}), delivery };
		const request = inApp.update?.({ title: 'x' }, { delivery_id: 'd_9' }, context, {});
		expect(request).toMatchObject({ operation: 'update', entry: { delivery_id: 'd_9' } });
		expect(inApp.outcome({ stored: 'missing' }, request as never)).toMatchObject({
			ok: false,
			code: 'message_not_found',
		});
		expect(() => inApp.update?.({ title: 'x' }, {}, context, {})).toThrow(
			expect.objectContaining({ code: 'not_updatable' }),
		);
	});
});

describe('page', () => {
	const item = (patch: Partial<PageItem> = {}): PageItem => ({
		title: 'Mail is down',
		severity: 'critical',
		payload: inApp.draw(incident),
		read_at: null,
		created_at: '2027-03-13T08:05:00.000Z',
		updated_at: '2027-03-13T08:05:00.000Z',
		...patch,
	});

	it('in English and Chinese, in the zone of its reader', () => {
		const english = inboxPage([item()], { unread: 3, timezone: 'America/New_York' });
		for (const part of ['<html lang="en">', '3 unread', '13 Mar 2027, 03:05', 'Open ticket'])
			expect(english).toContain(part);
		const chinese = inboxPage([item()], {
			unread: 1,
			language: 'zh-CN',
			timezone: 'Asia/Shanghai',
		});
		for (const part of ['<html lang="zh-CN">', '1 条未读', '2027年3月13日 16:05'])
			expect(chinese).toContain(part);
		expect(inboxPage([], { unread: 0, language: 'zh' })).toContain('暂无消息');
		expect(inboxPage([], { unread: 0, timezone: 'Nowhere/City' })).toContain('up to date');
	});

	it('has no script, and a policy that its own style fulfils', () => {
		const html = inboxPage([item()], { unread: 1 });
		expect(html).not.toMatch(/<script|\son\w+=|style="/i);
		expect(html).toMatch(/default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'/);
		expect(html).toContain('prefers-color-scheme: dark');
	});

	it('nothing from outside becomes markup', () => {
		fc.assert(
			fc.property(anyCard, fc.string(), (card, title) => {
				const html = inboxPage([item({ title: `<b>${title}`, payload: inApp.draw(card) })], {
					unread: 1,
					title: `<i>${title}`,
				});
				const tags = new Set(Array.from(html.matchAll(/<\/?([a-z0-9]+)/gi), ([, name]) => name));
				const known =
					'html head meta title style body main header h1 h2 span article p time a dl dt dd ul li br small';
				expect([...tags].filter((tag) => !known.split(' ').includes(tag))).toEqual([]);
				for (const [, href] of html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^https?:/);
			}),
			{ numRuns: 100 },
		);
	});

	it('a payload of another make is drawn without fail', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (payload, links) => {
				inboxPage(
					[item({ payload: { ...payload, links, buttons: links, entries: links, ticket: links } })],
					{ unread: 0 },
				);
			}),
		);
	});
});
