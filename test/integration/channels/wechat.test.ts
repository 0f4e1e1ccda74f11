import fc from 'fast-check';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { InboundCall, InboundResult } from '../../../core/channels/inbound';
import type { HttpRequest } from '../../../core/channels/types';
import { wechat } from '../../../core/channels/wechat';
import { createRecorder, startWeChat } from '../../../sandbox/simulators/index.ts';
import type { Recorder, WeChatSimulator } from '../../../sandbox/simulators/index.ts';
import { anyCard, digest, incident } from '../../unit/channels/cards';
import { call, createIo, deliver } from './http';

const AES = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
let server: Server;
let hook: string;
const received: InboundResult[] = [];
let credential: () => Record<string, unknown>;

beforeAll(async () => {
	server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const at = new URL(request.url ?? '/', hook);
			const result = wechat.inbound?.receive(
				{
					method: request.method as 'POST',
					headers: request.headers as Record<string, string>,
					query: Object.fromEntries(at.searchParams),
					rawBody: Buffer.concat(chunks),
					url: at.href,
				},
				{
					credential: credential(),
					now: new Date(),
					random: (size) => Buffer.alloc(size, 1),
					io: {} as never,
				},
			) as InboundResult;
			received.push(result);
			const answer =
				result.kind === 'refused' ? { status: result.status, body: '' } : result.answer;
			response.writeHead(answer.status).end(answer.body);
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/wechat`;
});
afterAll(() => server.close());

describe.each([
	['plain', undefined],
	['safe', AES],
])('in the %s mode', (_name, encodingAesKey) => {
	let recorder: Recorder;
	let simulator: WeChatSimulator;
	let count = 0;
	const fresh = () => ({ id: `d_${encodingAesKey ? 's' : 'p'}${(count += 1)}` });
	const app = (more: Record<string, unknown> = {}) => ({
		appId: 'wx1',
		appSecret: 's3cret',
		templateId: 'typed',
		templateMapping: {
			character_string1: 'number',
			thing2: 'title',
			time3: 'time',
			phrase4: '=待处理',
		},
		callbackToken: 'tok',
		encodingAesKeySecret: encodingAesKey ?? '',
		baseUrl: simulator.url,
		...more,
	});
	const follower = { openid: 'o-wei' };

	beforeAll(async () => {
		recorder = createRecorder();
		simulator = await startWeChat({
			recorder,
			config: {
				appId: 'wx1',
				appSecret: 's3cret',
				followers: [{ openid: 'o-wei' }, { openid: 'o-lina' }],
				gone: ['o-gone'],
				templates: {
					typed: {
						title: '工单提醒',
						keys: [
							{ key: 'character_string1', label: '工单编号' },
							{ key: 'thing2', label: '工单标题' },
							{ key: 'time3', label: '时间' },
							{ key: 'phrase4', label: '状态' },
						],
					},
					old: {
						title: '新工单通知',
						keys: [
							{ key: 'keyword1', label: '编号' },
							{ key: 'keyword2', label: '标题' },
						],
					},
				},
				callback: { token: 'tok', encodingAesKey, url: hook },
			},
		});
		credential = app;
	});
	afterAll(() => simulator.close());
	beforeEach(() => {
		recorder.clear();
		received.length = 0;
	});

	it('arrives, with the keys of the template only', async () => {
		expect(await deliver(wechat, wechat.draw(incident), follower, app(), fresh())).toMatchObject({
			ok: true,
		});
		const payload = wechat.raw({
			title: '新工单分配',
			url: 'https://itsm.test/INC-1',
			template_data: {
				first: '您有新工单',
				keyword1: 'INC-1',
				keyword2: '磁盘满',
				remark: '请处理',
			},
		});
		const old = app({ templateId: 'old', templateMapping: '' });
		expect(await deliver(wechat, payload, follower, old, fresh())).toMatchObject({ ok: true });
		expect(recorder.messages().map((one) => one.rendered)).toMatchObject([
			{
				title: '工单提醒',
				fields: [{ label: '工单编号', value: 'INC0010001' }, {}, {}, { value: '待处理' }],
			},
			{
				title: '新工单通知',
				fields: [{ value: 'INC-1' }, { value: '磁盘满' }],
				buttons: [{ url: 'https://itsm.test/INC-1' }],
			},
		]);
	});

	it('is taken whatever the card', async () => {
		await fc.assert(
			fc.asyncProperty(anyCard, async (any) => {
				for (const more of [{}, { templateId: 'old', templateMapping: '' }])
					expect(
						await deliver(wechat, wechat.draw(any), follower, app(more), fresh()),
					).toMatchObject({ ok: true });
			}),
			{ numRuns: 30 },
		);
		expect(recorder.refusals()).toEqual([]);
	});

	it('is sent once, though it is asked twice', async () => {
		const id = fresh();
		await deliver(wechat, wechat.draw(digest), follower, app(), id);
		expect(await deliver(wechat, wechat.draw(digest), follower, app(), id)).toMatchObject({
			ok: true,
		});
		expect(recorder.messages()).toHaveLength(1);
	});

	it('passes the check, tells the end, hears and answers', async () => {
		expect(await simulator.check()).toMatchObject({ ok: true });
		const sent = await deliver(wechat, wechat.draw(incident), follower, app(), fresh());
		await simulator.finish(recorder.messages()[0].ref);
		expect(received.at(-1)).toMatchObject({
			calls: [
				{
					type: 'status',
					status: 'delivered',
					recipient: 'o-wei',
					providerMessageId: sent.ok && sent.providerMessageId,
				},
			],
		});
		await simulator.finish(recorder.messages()[0].ref, 'failed:user block');
		expect(received.at(-1)).toMatchObject({ calls: [{ status: 'failed', deadAddress: true }] });
		expect(await simulator.say('o-wei', 'ack 42 ]]> <b>')).toMatchObject({
			ok: true,
			answer: 'success',
		});
		const last = received.at(-1) as { calls: InboundCall[] };
		expect(last).toMatchObject({
			calls: [{ type: 'text', text: 'ack 42 ]]> <b>', channelUserId: 'o-wei' }],
		});
		const { reply } = last.calls[0] as { reply: Record<string, unknown> };
		const prepared = (await wechat.prepare?.(createIo(), app())) ?? {};
		const request = wechat.inbound?.respond('好的', reply, {
			credential: app(),
			prepared,
			now: new Date(),
		}) as HttpRequest;
		expect((await call(request)).body).toMatchObject({ errcode: 0 });
		expect(recorder.messages().at(-1)).toMatchObject({ to: ['o-wei'], rendered: { text: '好的' } });
	});

	it('learns who leaves', async () => {
		await simulator.follow('o-lina', false);
		expect(received).toMatchObject([
			{ calls: [{ type: 'conversation', keys: ['o-lina'], value: undefined }] },
		]);
		expect(
			await deliver(wechat, wechat.draw(incident), { openid: 'o-lina' }, app(), fresh()),
		).toMatchObject({ class: 'recipient', code: '43004' });
		await simulator.follow('o-lina', true);
		expect(
			await deliver(wechat, wechat.draw(incident), { openid: 'o-lina' }, app(), fresh()),
		).toMatchObject({ ok: true });
	});

	it('tells of every fault', async () => {
		const judged = async (more: Record<string, unknown>, openid = 'o-wei', io = createIo()) =>
			await deliver(wechat, wechat.draw(incident), { openid }, app(more), { ...fresh(), io });
		expect(await judged({}, 'nobody')).toMatchObject({ class: 'recipient', code: '40003' });
		expect(await judged({}, 'o-gone')).toMatchObject({ class: 'recipient', code: '43004' });
		expect(await judged({ templateId: 'other' })).toMatchObject({
			class: 'config',
			code: '40037',
			onlyHere: true,
		});
		expect(await judged({ templateMapping: { thing2: 'title' } })).toMatchObject({
			class: 'payload',
			code: '47003',
		});
		await expect(judged({ appSecret: 'wrong' })).rejects.toMatchObject({
			outcome: { class: 'config', code: '40125' },
		});
		const io = createIo();
		await judged({}, 'o-wei', io);
		simulator.voidTokens();
		expect(await judged({}, 'o-wei', io)).toMatchObject({ class: 'auth', tokenInvalid: true });
		const other = createIo();
		await wechat.prepare?.(other, app());
		simulator.faults.set({ kind: '429', times: 1 });
		expect(await judged({}, 'o-wei', other)).toMatchObject({ class: 'rate', code: '45009' });
		simulator.faults.set({ kind: '5xx', times: 1 });
		expect(await judged({}, 'o-wei', other)).toMatchObject({ class: 'retry', code: 'http_502' });
	});
});
