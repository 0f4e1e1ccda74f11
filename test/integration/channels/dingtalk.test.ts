import fc from 'fast-check';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { dingtalk } from '../../../core/channels/dingtalk';
import { registerCallback } from '../../../core/channels/dingtalk/request';
import type { InboundCall, InboundResult } from '../../../core/channels/inbound';
import type { HttpRequest } from '../../../core/channels/types';
import { createRecorder, startDingTalk } from '../../../sandbox/simulators/index.ts';
import type { DingTalkSimulator, Recorder } from '../../../sandbox/simulators/index.ts';
import { anyCard, digest, incident, pressable } from '../../unit/channels/cards';
import { call, createIo, deliver } from './http';

const AES = '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij';
let recorder: Recorder;
let simulator: DingTalkSimulator;
let server: Server;
let hook: string;
/** What our side was called with. */
const received: InboundResult[] = [];

const app = (more: Record<string, unknown> = {}) => ({
	mode: 'app',
	appKey: 'dingapp',
	appSecret: 'app-secret',
	agentId: '42',
	cardTemplateId: 'tpl.schema',
	callbackRouteKey: 'itsm',
	callbackSecret: 'cb-secret',
	eventToken: '123456',
	eventAesKeySecret: AES,
	baseUrl: simulator.url,
	oapiBaseUrl: simulator.url,
	...more,
});
const notice = () => app({ sendAs: 'workNotice' });
const card = () => app({ sendAs: 'card' });
const robot = (more: Record<string, unknown> = {}) => ({
	mode: 'robot',
	webhookSecretUrl: `${simulator.url}/robot/send?access_token=tok1`,
	signSecret: 'SEC1',
	oapiBaseUrl: simulator.url,
	...more,
});
const user = { userid: 'user-1' };
let count = 0;
const fresh = () => ({ id: `d_${(count += 1)}` });
const tokenOf = async (credential: Record<string, unknown>) =>
	(await dingtalk.prepare?.(createIo(), credential)) ?? {};

beforeAll(async () => {
	recorder = createRecorder();
	simulator = await startDingTalk({
		recorder,
		config: {
			appKey: 'dingapp',
			appSecret: 'app-secret',
			agentId: 42,
			users: [{ userid: 'user-1', name: '张伟' }, { userid: 'user-2' }, { userid: 'busy' }],
			flowControlled: ['busy'],
			groups: { [`cid${'A1'.repeat(12)}==`]: '运维群' },
			robots: {
				tok1: { group: '运维群', secret: 'SEC1' },
				tok2: { group: '关键词群', keywords: ['工单'] },
			},
			cardTemplates: ['tpl.schema'],
			events: { token: '123456', aesKey: AES },
			apiRate: null,
			robotRate: null,
		},
	});
	server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const at = new URL(request.url ?? '/', hook);
			const result = dingtalk.inbound?.receive(
				{
					method: request.method as 'POST',
					headers: request.headers as Record<string, string>,
					query: Object.fromEntries(at.searchParams),
					rawBody: Buffer.concat(chunks),
					url: at.href,
				},
				{
					credential: app(),
					now: new Date(),
					random: (size) => Buffer.alloc(size, 1),
					io: {} as never,
				},
			) as InboundResult;
			received.push(result);
			const answer =
				result.kind === 'refused'
					? { status: result.status, body: '', headers: {} }
					: result.answer;
			response.writeHead(answer.status, answer.headers).end(answer.body);
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dingtalk`;
	simulator.setCallbackUrl(hook);
});
afterAll(async () => {
	await simulator.close();
	server.close();
});
beforeEach(() => {
	recorder.clear();
	received.length = 0;
});

it.each([
	['robot', () => robot()],
	['message', () => app()],
	['work notice', () => notice()],
])('arrives as %s', async (_name, credential) => {
	for (const one of [incident, digest, pressable])
		expect(await deliver(dingtalk, dingtalk.draw(one), user, credential(), fresh())).toMatchObject({
			ok: true,
		});
	expect(recorder.messages()).toHaveLength(3);
	expect(recorder.messages()[0].rendered.title).toContain('INC0010001');
	expect(recorder.refusals()).toEqual([]);
});

it('is taken whatever the card, in every mode', async () => {
	await deliver(dingtalk, dingtalk.draw(incident), user, card(), fresh()).catch(() => undefined);
	await call(registerCallback(card(), hook, await tokenOf(card())));
	await fc.assert(
		fc.asyncProperty(anyCard, async (any) => {
			for (const credential of [robot(), app(), notice(), card()])
				expect(
					await deliver(dingtalk, dingtalk.draw(any), user, credential, fresh()),
				).toMatchObject({ ok: true });
		}),
		{ numRuns: 25 },
	);
}, 60_000);

it("takes the seed's link in every mode", async () => {
	const payload = dingtalk.raw({
		msgtype: 'link',
		link: {
			title: '新工单',
			text: '工单编号：INC-1\n优先级：High',
			messageUrl: 'https://itsm.test/INC-1',
		},
	});
	await call(registerCallback(card(), hook, await tokenOf(card())));
	for (const credential of [robot(), app(), notice(), card()])
		expect(await deliver(dingtalk, payload, user, credential, fresh())).toMatchObject({ ok: true });
	expect(recorder.messages()).toHaveLength(4);
});

describe('a card', () => {
	beforeEach(async () => {
		expect(await call(registerCallback(card(), hook, await tokenOf(card())))).toMatchObject({
			status: 200,
		});
	});

	it('is pressed, answered, updated; a repeat is no second one', async () => {
		const id = fresh();
		const input = { name: 'comment', label: 'Comment' };
		const [first, ...others] = pressable.buttons;
		const asking = dingtalk.draw({ ...pressable, buttons: [{ ...first, input }, ...others] });
		const sent = await deliver(dingtalk, asking, user, card(), id);
		expect(sent).toMatchObject({ ok: true, ref: { out_track_id: id.id } });
		await deliver(dingtalk, asking, user, card(), id);
		expect(recorder.messages()).toHaveLength(1);
		const pressed = await simulator.press(id.id, 0, 'user-1', 'on it');
		expect(pressed).toMatchObject({ ok: true, status: 200 });
		expect(JSON.parse(pressed.answer)).toMatchObject({ cardData: { cardParamMap: {} } });
		const [result] = received;
		expect(result).toMatchObject({
			kind: 'calls',
			calls: [
				{
					type: 'press',
					value: 'signed-1',
					channelUserId: 'user-1',
					providerMessageId: id.id,
					parameters: { comment: 'on it' },
				},
			],
		});
		const { reply } = (result as { calls: InboundCall[] }).calls[0] as {
			reply: Record<string, unknown>;
		};
		const back = dingtalk.inbound?.respond('Done', reply, {
			credential: card(),
			prepared: await tokenOf(card()),
			now: new Date(),
		});
		expect((await call(back as HttpRequest)).body).toMatchObject({ invalidStaffIdList: [] });
		expect(
			await deliver(dingtalk, dingtalk.draw(incident), user, card(), {
				ref: { out_track_id: id.id },
			}),
		).toMatchObject({ ok: true });
		const last = recorder.messages().at(-1);
		expect(last).toMatchObject({ kind: 'update', ref: id.id });
		expect(last?.rendered.buttons?.some((one) => one.value)).toBe(false);
	});

	it('is refused where the press is not signed by DingTalk', async () => {
		const id = fresh();
		await deliver(dingtalk, dingtalk.draw(pressable), user, card(), id);
		await call(
			registerCallback({ ...card(), callbackSecret: 'another' }, hook, await tokenOf(card())),
		);
		expect(await simulator.press(id.id, 'signed-2', 'user-1')).toMatchObject({ status: 401 });
		expect(received).toMatchObject([{ kind: 'refused', code: 'signature_wrong' }]);
	});
});

it('hears what a person writes and answers by the session', async () => {
	expect(await simulator.say('user-1', 'ack 42')).toMatchObject({
		status: 200,
		answer: '{"msgtype":"empty"}',
	});
	const [result] = received as Array<{ calls: Array<{ reply: Record<string, unknown> }> }>;
	expect(result).toMatchObject({
		calls: [{ type: 'text', text: 'ack 42', channelUserId: 'user-1' }],
	});
	const back = dingtalk.inbound?.respond('好的', result.calls[0].reply, {
		credential: app(),
		prepared: {},
		now: new Date(),
	});
	expect((await call(back as HttpRequest)).body).toMatchObject({ errcode: 0 });
	expect(recorder.messages()).toMatchObject([{ to: ['user-1'], rendered: { text: '好的' } }]);
	await simulator.say('user-1', 'ack 43', undefined, true);
	expect(received[1]).toMatchObject({ calls: [{ text: 'ack 43', reply: { group: true } }] });
});

it('passes the check of the event subscription', async () => {
	expect(await simulator.event({ EventType: 'check_url' })).toMatchObject({ ok: true });
	expect(received).toMatchObject([{ kind: 'answered' }]);
});

it('follows up a notice: delivered, unknown person, equal content', async () => {
	const follow = async (ref: Record<string, unknown>) => {
		const context = { credential: notice(), prepared: await tokenOf(notice()) };
		return dingtalk.followUp?.read(
			await call(dingtalk.followUp.request(ref, context) as HttpRequest),
		);
	};
	const id = fresh();
	const sent = await deliver(dingtalk, dingtalk.draw(incident), user, notice(), id);
	expect(sent.ok && (await follow(sent.ref ?? {}))).toEqual({ status: 'delivered' });
	const again = await deliver(dingtalk, dingtalk.draw(incident), user, notice(), id);
	expect(again.ok && (await follow(again.ref ?? {}))).toMatchObject({
		status: 'failed',
		code: '143106',
	});
	expect(recorder.messages()).toHaveLength(1);
	const lost = await deliver(
		dingtalk,
		dingtalk.draw(incident),
		{ userid: 'nobody' },
		notice(),
		fresh(),
	);
	expect(lost.ok && (await follow(lost.ref ?? {}))).toMatchObject({
		status: 'failed',
		deadAddress: true,
	});
});

it.each<[string, () => Record<string, unknown>, Record<string, unknown>, Record<string, unknown>]>([
	[
		'an unknown person',
		() => app(),
		{ userid: 'nobody' },
		{ class: 'recipient', code: 'invalidStaffIdList' },
	],
	[
		'a held back person',
		() => app(),
		{ userid: 'busy' },
		{ class: 'rate', code: 'flowControlledStaffIdList' },
	],
	[
		'an unknown robot token',
		() => robot({ webhookSecretUrl: `${simulator.url}/robot/send?access_token=x` }),
		user,
		{ class: 'config', code: '300005' },
	],
	[
		'a wrong sign secret',
		() => robot({ signSecret: 'SEC2' }),
		user,
		{ class: 'auth', code: '310000' },
	],
	[
		'no keyword',
		() => robot({ webhookSecretUrl: 'tok2', signSecret: '' }),
		user,
		{ class: 'config', code: '310000', onlyHere: true },
	],
	[
		'another agent',
		() => ({ ...notice(), agentId: '43' }),
		user,
		{ class: 'config', code: '33011' },
	],
	[
		'another template',
		() => ({ ...card(), cardTemplateId: 'other', callbackRouteKey: '' }),
		user,
		{ class: 'config', code: 'param.cardTemplateId.notExist' },
	],
	[
		'a person outside the card space',
		() => ({ ...card(), callbackRouteKey: '' }),
		{ userid: 'nobody' },
		{ class: 'recipient', code: 'deliverResults' },
	],
	['another robot code', () => app({ robotCode: 'x' }), user, { class: 'config' }],
])('tells of %s', async (_name, credential, address, expected) => {
	expect(
		await deliver(dingtalk, dingtalk.draw(incident), address, credential(), fresh()),
	).toMatchObject({ ok: false, ...expected });
	expect(recorder.messages()).toEqual([]);
});

it.each<[string, () => Record<string, unknown>, string, Record<string, unknown>]>([
	[
		'429 of a robot',
		() => robot(),
		'429',
		{ class: 'rate', code: '130101', retryAfterMs: 600_000 },
	],
	['429 of the API', () => app(), '429', { class: 'rate' }],
	['5xx', () => robot(), '5xx', { class: 'retry', code: 'http_502' }],
	['a refused token', () => app(), 'reject_auth', { class: 'auth', tokenInvalid: true }],
])('names a fault: %s', async (_name, credential, kind, expected) => {
	const io = createIo();
	await dingtalk.prepare?.(io, credential());
	simulator.faults.set({ kind: kind as '429', times: 1 });
	expect(
		await deliver(dingtalk, dingtalk.draw(incident), user, credential(), { ...fresh(), io }),
	).toMatchObject({ ok: false, ...expected });
});

it('finds the voided token behind 88', async () => {
	const io = createIo();
	await dingtalk.prepare?.(io, notice());
	simulator.voidTokens();
	expect(
		await deliver(dingtalk, dingtalk.draw(incident), user, notice(), { ...fresh(), io }),
	).toMatchObject({
		class: 'auth',
		code: '40014',
		tokenInvalid: true,
	});
});
