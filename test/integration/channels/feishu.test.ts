import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import fc from 'fast-check';

import { feishu } from '../../../core/channels/feishu';
import type { InboundResult } from '../../../core/channels/inbound';
import type { HttpRequest } from '../../../core/channels/types';
import { createRecorder, startFeishu } from '../../../sandbox/simulators/index.ts';
import type { FeishuSimulator, Recorder } from '../../../sandbox/simulators/index.ts';
import { anyCard, digest, incident, pressable } from '../../unit/channels/cards';
import { call, createIo, deliver } from './http';

let recorder: Recorder;
let simulator: FeishuSimulator;
const results: InboundResult[] = [];
const app = () => ({
	mode: 'app',
	appId: 'cli_1',
	appSecret: 's3cret',
	encryptKeySecret: 'key',
	verificationToken: 'vt',
	baseUrl: simulator.url,
});
const robot = (secret = 'rs') => ({
	mode: 'robot',
	webhookSecretUrl: `${simulator.url}/open-apis/bot/v2/hook/h1`,
	secret,
});
const wei = { open_id: 'ou_wei' };
const messages = () => recorder.messages();
let count = 0;
const fresh = () => ({ id: `d_${(count += 1)}` });

const hook = createServer((request, response) => {
	const chunks: Buffer[] = [];
	request.on('data', (chunk: Buffer) => chunks.push(chunk));
	request.on('end', () => {
		const result = feishu.inbound!.receive(
			{
				method: 'POST',
				headers: request.headers as Record<string, string>,
				query: {},
				rawBody: Buffer.concat(chunks),
				url: '/',
			},
			{ credential: app(), now: new Date(), random: (n) => Buffer.alloc(n), io: createIo() },
		) as InboundResult;
		results.push(result);
		const answer = result.kind === 'refused' ? { status: result.status, body: '' } : result.answer;
		response.writeHead(answer.status).end(answer.body);
	});
});

beforeAll(async () => {
	recorder = createRecorder();
	simulator = await startFeishu({
		recorder,
		config: {
			appId: 'cli_1',
			appSecret: 's3cret',
			users: [
				{ open_id: 'ou_wei', email: 'wei@example.test' },
				{ open_id: 'ou_gone', state: 'resigned' },
			],
			chats: [
				{ chat_id: 'oc_ops', name: 'Ops' },
				{ chat_id: 'oc_out', name: 'Out', bot: false },
			],
			robots: { h1: { group: 'Ops', secret: 'rs' } },
			callback: { encryptKey: 'key', verificationToken: 'vt' },
			appRate: null,
			userRate: null,
			robotRate: null,
		},
	});
	await new Promise<void>((done) => hook.listen(0, '127.0.0.1', done));
	simulator.setCallbackUrl(`http://127.0.0.1:${(hook.address() as AddressInfo).port}/`);
});
afterAll(async () => {
	await simulator.close();
	hook.closeAllConnections();
	hook.close();
});

it.each([
	['ticket', incident],
	['buttons', pressable],
	['digest', digest],
	['long text', { ...incident, body: '很长的说明。'.repeat(4000) }],
])('takes a %s by app and by custom bot', async (_name, card) => {
	const payload = feishu.draw(card);
	expect(await deliver(feishu, payload, wei, app(), fresh())).toMatchObject({
		ok: true,
		ref: { message_id: expect.stringMatching(/^om_/) },
	});
	expect(await deliver(feishu, payload, wei, robot())).toEqual({ ok: true, status: 'sent' });
});

it('takes whatever is drawn', async () => {
	const io = createIo();
	await fc.assert(
		fc.asyncProperty(anyCard, async (card) => {
			const payload = feishu.draw(card);
			expect(await deliver(feishu, payload, wei, app(), { io, ...fresh() })).toMatchObject({
				ok: true,
			});
			expect(await deliver(feishu, payload, wei, robot(), { io })).toMatchObject({ ok: true });
		}),
		{ numRuns: 50 },
	);
});

it('delivers a repeated delivery once', async () => {
	const one = fresh();
	const before = messages().length;
	const sent = await deliver(feishu, feishu.draw(incident), wei, app(), one);
	expect(await deliver(feishu, feishu.draw(incident), wei, app(), one)).toEqual(sent);
	expect(messages()).toHaveLength(before + 1);
});

it('says who cannot be reached, and which credential is wrong', async () => {
	const send = (address: Record<string, unknown>, credential: Record<string, unknown> = app()) =>
		deliver(feishu, feishu.raw({ text: 'hi' }), address, credential, fresh());
	expect(await send({ email: 'wei@example.test' })).toMatchObject({ ok: true });
	expect(await send({ chat_id: 'oc_ops' })).toMatchObject({ ok: true });
	expect(await send({ open_id: 'ou_nobody' })).toMatchObject({
		class: 'recipient',
		code: '230034',
	});
	expect(await send({ open_id: 'ou_gone' })).toMatchObject({ class: 'recipient', code: '230029' });
	expect(await send({ chat_id: 'oc_out' })).toMatchObject({ class: 'config', code: '230002' });
	expect(await send(wei, robot('wrong'))).toMatchObject({ code: '19021' });
	await expect(send(wei, { ...app(), appSecret: 'no' })).rejects.toMatchObject({
		outcome: { class: 'auth', code: '10014' },
	});
});

it('asks for a fresh token where Feishu has voided the old one', async () => {
	const io = createIo();
	const send = () => deliver(feishu, feishu.raw({ text: 'hi' }), wei, app(), { io, ...fresh() });
	expect(await send()).toMatchObject({ ok: true });
	simulator.voidTokens();
	expect(await send()).toMatchObject({ class: 'auth', tokenInvalid: true });
	io.tokens.drop(String(feishu.tokenKey?.(app())));
	expect(await send()).toMatchObject({ ok: true });
});

it('changes a card, and probes without sending', async () => {
	const sent = await deliver(feishu, feishu.draw(pressable), wei, app(), fresh());
	const ref = sent.ok ? (sent.ref ?? {}) : {};
	const after = feishu.draw({ ...incident, severity: 'success', title: 'Resolved' });
	expect(await deliver(feishu, after, wei, app(), { ref })).toMatchObject({ ok: true });
	expect(messages().at(-1)).toMatchObject({
		kind: 'update',
		ref: ref.message_id,
		rendered: { title: 'Resolved' },
	});
	const before = messages().length;
	const probe = async (credential: Record<string, unknown>) => {
		const request = feishu.probe?.(credential, {}) as HttpRequest;
		return feishu.outcome(await call(request), request);
	};
	expect(await probe(app())).toMatchObject({ ok: true });
	expect(await probe(robot())).toMatchObject({ ok: true });
	expect(await probe({ ...app(), appSecret: 'no' })).toMatchObject({ code: '10014' });
	expect(await probe(robot('wrong'))).toMatchObject({ code: '19021' });
	expect(messages()).toHaveLength(before);
});

it('brings presses, messages and receipts back, signed and encrypted', async () => {
	expect(await simulator.verifyUrl('abc')).toMatchObject({
		ok: true,
		answer: '{"challenge":"abc"}',
	});
	const button = {
		action: 'comment',
		label: 'Comment',
		value: 'signed-c',
		input: { name: 'comment', label: 'Comment' },
	};
	const payload = feishu.draw({ ...pressable, buttons: [...pressable.buttons, button] });
	const sent = await deliver(feishu, payload, wei, app(), fresh());
	const id = String(sent.ok && sent.providerMessageId);
	const last = () => {
		const result = results.at(-1)!;
		return result.kind === 'calls' ? result.calls[0] : result;
	};
	expect(await simulator.press(id, 'signed-1')).toMatchObject({ status: 200, answer: '{}' });
	expect(last()).toMatchObject({
		type: 'press',
		value: 'signed-1',
		providerMessageId: id,
		channelUserId: 'ou_wei',
	});
	await simulator.press(id, 'signed-c', 'ou_wei', 'on it');
	expect(last()).toMatchObject({ value: 'signed-c', parameters: { comment: 'on it' } });
	await simulator.say('ou_wei', 'ack', id);
	expect(last()).toMatchObject({ type: 'text', text: 'ack', inReplyTo: id });
	const text = last() as { reply: Record<string, unknown> };
	const prepared = (await feishu.prepare?.(createIo(), app())) ?? {};
	const reply = feishu.inbound!.respond('Done', text.reply, {
		credential: app(),
		prepared,
		now: new Date(),
	});
	expect((await call(reply as HttpRequest)).body).toMatchObject({ code: 0 });
	await simulator.read(id, 'ou_wei');
	expect(last()).toMatchObject({ type: 'status', status: 'read', providerMessageId: id });
});

it('is paced as Feishu paces, and refuses what Feishu refuses', async () => {
	const own = await startFeishu({
		recorder: createRecorder(),
		config: {
			appId: 'a',
			appSecret: 'b',
			users: [{ open_id: 'ou_1' }],
			now: () => 1_800_000_000_000,
		},
	});
	const credential = { mode: 'app', appId: 'a', appSecret: 'b', baseUrl: own.url };
	const io = createIo();
	const send = (payload: Record<string, unknown>) =>
		deliver(feishu, payload, { open_id: 'ou_1' }, credential, { io, unchecked: true, ...fresh() });
	const note = { schema: '2.0', body: { elements: [{ tag: 'note', elements: [] }] } };
	expect(await send({ msg_type: 'interactive', card: note })).toMatchObject({
		class: 'payload',
		code: '230099',
	});
	for (let n = 0; n < 5; n += 1)
		expect(await send(feishu.raw({ text: 'x' }))).toMatchObject({ ok: true });
	expect(await send(feishu.raw({ text: 'x' }))).toMatchObject({ class: 'rate', code: '230020' });
	own.faults.set({ kind: '429', wait: 3, times: 1 });
	expect(await send(feishu.raw({ text: 'x' }))).toMatchObject({
		class: 'rate',
		retryAfterMs: 3000,
	});
	await own.close();
});
