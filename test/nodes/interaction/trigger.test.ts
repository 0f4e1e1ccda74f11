import { faceIn, inStore } from './store.ts';
import { desk, interactionNode, slackHeaders, slash } from './kit.ts';
import { runWebhookMethod } from '../../harness/contexts.ts';

type Desk = Awaited<ReturnType<typeof desk>>;
let on: Desk;
beforeEach(async () => {
	on = await desk();
});
afterEach(() => on.close());

const jsonOf = (emission: { items: Array<Array<{ json: object }>> }) =>
	emission.items[0].map((item) => item.json);
const nothing = { items: undefined, body: '' };

describe('what a person writes', () => {
	it('is answered at once, and starts a run behind it', async () => {
		await on.withTicket();
		const body = slash('ack INC0000007');
		expect(await on.slack(body)).toMatchObject({ status: 200, items: undefined });
		const emission = await (await on.start()).next();
		expect(jsonOf(emission)).toEqual([
			expect.objectContaining({
				channel: 'slack',
				action: 'acknowledge',
				ticket_id: 'INC-7',
				source: 'test',
				user: expect.objectContaining({ user_id: 'john', channel_user_id: 'U0JOHN' }),
			}),
		]);
		emission.finish('success');
	});

	it('three identical calls: three answers, one run', async () => {
		await on.withTicket();
		const body = slash('ack INC0000007');
		for (let i = 0; i < 3; i++) expect((await on.slack(body)).status).toBe(200);
		const trigger = await on.start();
		const emission = await trigger.next();
		expect(jsonOf(emission)).toHaveLength(1);
		emission.finish('success');
		await expect(trigger.next(1500)).rejects.toThrow('emitted nothing');
	});

	it('a run that fails gets it again', async () => {
		await on.withTicket();
		await on.slack(slash('ack INC0000007'));
		const trigger = await on.start();
		(await trigger.next()).finish('error');
		const again = await trigger.next();
		expect(jsonOf(again)).toMatchObject([{ action: 'acknowledge' }]);
		again.finish('success');
	});

	it('a test run shows it at once and takes nothing in', async () => {
		await on.withTicket();
		const body = slash('ack INC0000007');
		expect(await on.slack(body, { mode: 'manual' })).toMatchObject({
			status: 200,
			items: [{ action: 'acknowledge' }],
		});
		expect(await on.slack(body)).toMatchObject({ status: 200, items: undefined });
		const emission = await (await on.start()).next();
		expect(jsonOf(emission)).toHaveLength(1);
		emission.finish('success');
	});
});

describe('who is not heard', () => {
	it.each([
		['forged', (body: string) => slackHeaders(body, 'another secret'), 401],
		['stale', (body: string) => slackHeaders(body, undefined, Date.now() - 301_000), 401],
		['unsigned', () => ({ 'content-type': 'application/x-www-form-urlencoded' }), 401],
	])('%s: 401, no run, no reason given', async (_name, headers, status) => {
		await on.withTicket();
		const body = slash('ack INC0000007');
		expect(await on.call({ body, headers: headers(body) })).toMatchObject({ status, ...nothing });
		await expect((await on.start()).next(1200)).rejects.toThrow('emitted nothing');
	});

	it.each([
		['a channel that is not listened to', 'feishu'],
		['one that has no credential', 'wecom'],
		['one that does not exist', 'pager'],
		['a name of the prototype', 'constructor'],
	])('%s: 404', async (_name, channel) => {
		const body = slash('help');
		expect(await on.call({ channel, body, headers: slackHeaders(body) })).toMatchObject({
			status: 404,
			...nothing,
		});
	});

	it('a body over the limit: 413 before it is read', async () => {
		const small = await desk({ options: { maxBodyKib: 1 } });
		const body = slash('x'.repeat(2000));
		expect(await small.slack(body)).toMatchObject({ status: 413, ...nothing });
	});
});

describe('signed links', () => {
	const get = (token: string) => on.call({ channel: 'link', method: 'GET', query: { t: token } });
	const press = (token: string, more: Record<string, string> = {}) =>
		on.call({
			channel: 'link',
			body: new URLSearchParams({ t: token, ...more }).toString(),
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
		});
	const emitted = async () => {
		const emission = await (await on.start()).next(1500).catch(() => undefined);
		emission?.finish('success');
		return emission ? jsonOf(emission) : [];
	};

	it('opening one changes nothing, however often', async () => {
		await on.withTicket();
		for (let i = 0; i < 3; i++) {
			const page = await get(on.token());
			expect(page).toMatchObject({ status: 200, items: undefined });
			expect(page.body).toContain('<form method="post">');
			expect(page.body).toContain('INC0000007');
		}
		expect(await emitted()).toEqual([]);
	});

	it('its button acts once; a second press is told so', async () => {
		await on.withTicket();
		const token = on.token();
		expect((await press(token)).status).toBe(200);
		const again = await press(token);
		expect([again.status, again.body]).toEqual([410, expect.stringContaining('used already')]);
		expect(await emitted()).toMatchObject([
			{
				channel: 'email',
				action: 'acknowledge',
				ticket_id: 'INC-7',
				user: { user_id: 'john' },
				parameters: { expected: { status: 'assigned' } },
			},
		]);
	});

	it('a comment needs words, and an empty one does not use the link up', async () => {
		await on.withTicket();
		const token = on.token({ action: 'comment' });
		expect((await get(token)).body).toContain('<textarea');
		expect(await press(token, { comment: '  ' })).toMatchObject({ status: 422 });
		expect((await press(token, { comment: 'on <it>' })).status).toBe(200);
		expect(await emitted()).toMatchObject([
			{ action: 'comment', parameters: { comment: 'on <it>' } },
		]);
	});

	it.each([
		['expired', () => on.token({ expires: Math.floor(Date.now() / 1000) - 1 }), 410, 'too old'],
		['cut', () => on.token().slice(0, -3), 400, 'not valid'],
		['none', () => '', 400, 'not valid'],
	])('%s: explained, and nothing is done', async (_name, token, status, words) => {
		await on.withTicket();
		for (const answer of [await get(token()), await press(token())])
			expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(words)]);
		expect(await emitted()).toEqual([]);
	});

	it('in the language of its reader; text of the ticket is text', async () => {
		await on.withTicket({ ticket_title: '<script>alert(1)</script>' });
		const page = await get(on.token());
		expect(page.body).not.toContain('<script');
		expect(page.body).toContain('&#60;script&#62;');
		expect(page.headers['content-security-policy']).toMatch(
			/^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
		);
		const unknown = await on.call({
			channel: 'link',
			method: 'GET',
			query: { t: 'x' },
			headers: { 'accept-language': 'zh-CN,zh;q=0.9' },
		});
		expect(unknown.body).toContain('该链接无效');
	});

	it('not served where they are not chosen', async () => {
		const without = await desk({ channels: ['slack'] });
		const call = { channel: 'link', method: 'GET' as const, query: { t: without.token() } };
		expect((await without.call(call)).status).toBe(404);
	});
});

describe('what the ITSM could not take', () => {
	const item = { interaction_id: 'i_1', channel: 'slack', action: 'acknowledge' };
	/** An action that ITSM Ticket has put off. */
	const putOff = (due: number) =>
		inStore(on.credentials, async ({ actions }) => {
			const iso = (ms: number) => new Date(ms).toISOString();
			const now = Date.now();
			const row = { id: 'i_1', ticket_key: 'test:INC-7', item };
			await actions.claim(row, 'p', iso(now), iso(now + 1000));
			const change = { status: 'queued', due_at: iso(due), attempts: 2 } as const;
			await actions.settle('i_1', 'p', change, iso(now));
		});

	it('starts a run again when its time has come, and tells how often it was tried', async () => {
		await putOff(Date.now() + 500);
		const trigger = await on.start();
		expect(jsonOf(await trigger.next())).toEqual([{ ...item, retry: 2 }]);
		await expect(trigger.next(1200)).rejects.toThrow('emitted nothing');
	});

	it('not before', async () => {
		await putOff(Date.now() + 60_000);
		await expect((await on.start()).next(1200)).rejects.toThrow('emitted nothing');
	});
});

describe('activation', () => {
	it('tells senders where answers go and from where they can come; deactivation takes it back', async () => {
		expect(await faceIn(on)).toBeUndefined();
		await on.activate();
		expect(await faceIn(on)).toMatchObject({
			url: expect.stringMatching(/^http.*\/itsm-answers$/),
			listens: ['slack', 'link'],
			node_id: on.on.id,
		});
		await on.deactivate();
		expect(await faceIn(on)).toBeUndefined();
	});

	it('another begin of the address counts where it is given', async () => {
		const own = await desk({ options: { publicUrl: 'https://answers.example.com/' } });
		await own.activate();
		expect(await faceIn(own)).toMatchObject({
			url: expect.stringMatching(/^https:\/\/answers\.example\.com\/.*itsm-answers$/),
		});
	});

	it('is refused on a shared store without a signing secret', async () => {
		const shared = { backend: 'postgres', host: '127.0.0.1', port: 9, password: 'pg-pass-4711' };
		await expect(
			runWebhookMethod('create', {
				node: interactionNode(),
				credentials: { itsmNotifyStoreApi: shared, itsmNotifySlackApi: {} },
			}),
		).rejects.toMatchObject({
			message: 'Answers cannot be signed',
			description: expect.stringContaining('Signing Secret'),
		});
	});
});
