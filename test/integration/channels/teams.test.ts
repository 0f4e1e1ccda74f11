import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import fc from 'fast-check';

import type { InboundResult } from '../../../core/channels/inbound';
import { teams } from '../../../core/channels/teams';
import type { ChannelIo, HttpRequest } from '../../../core/channels/types';
import { createRecorder, startTeams } from '../../../sandbox/simulators/index.ts';
import type { Recorder, TeamsSimulator } from '../../../sandbox/simulators/index.ts';
import { anyCard, digest, incident, pressable } from '../../unit/channels/cards';
import { call, createIo, deliver } from './http';

type Json = Record<string, unknown>;
const JOHN = '87d349ed-44d7-43e1-9a83-5f2406dee5bd';
const GONE = '00000000-44d7-43e1-9a83-5f2406dee5bd';
const CHANNEL = '19:ops@thread.tacv2';
const OUTGOING = 'c2VjcmV0LWtleQ==';
let recorder: Recorder;
let simulator: TeamsSimulator;
let io: ChannelIo;
let clock = Date.now();
const results: InboundResult[] = [];
const bot = () => ({
	mode: 'bot',
	appId: 'app-1',
	appSecret: 's3cret',
	tenantId: 'tenant-1',
	serviceUrl: simulator.serviceUrl,
	loginBaseUrl: simulator.url,
	openIdMetadataUrl: simulator.metadataUrl,
	issuer: simulator.issuer,
	outgoingWebhookToken: OUTGOING,
});
const workflow = (sig = 'sig-w1') => ({
	mode: 'workflow',
	webhookSecretUrl: `${simulator.url}/workflows/w1/triggers/manual/paths/invoke?api-version=1&sig=${sig}`,
});
const john = { aad_object_id: JOHN };
const messages = () => recorder.messages();
const send = (payload: Json, address: Json = john, credential: Json = bot()) =>
	deliver(teams, payload, address, credential, { io });
const last = (): unknown => {
	const result = results.at(-1)!;
	return result.kind === 'calls' ? result.calls[0] : result;
};

const hook = createServer((request, response) => {
	const chunks: Buffer[] = [];
	request.on('data', (chunk: Buffer) => chunks.push(chunk));
	request.on('end', async () => {
		const result = await teams.inbound!.receive(
			{
				method: 'POST',
				headers: request.headers as Record<string, string>,
				query: {},
				rawBody: Buffer.concat(chunks),
				url: '/',
			},
			{ credential: bot(), now: new Date(clock), random: (n) => Buffer.alloc(n), io },
		);
		results.push(result);
		const answer = result.kind === 'refused' ? { status: result.status, body: '' } : result.answer;
		response.writeHead(answer.status).end(answer.body);
	});
});

beforeAll(async () => {
	recorder = createRecorder();
	io = createIo();
	simulator = await startTeams({
		recorder,
		config: {
			appId: 'app-1',
			appSecret: 's3cret',
			tenantId: 'tenant-1',
			users: [
				{ aadObjectId: JOHN, name: 'John' },
				{ aadObjectId: GONE, installed: false },
			],
			conversations: {
				[CHANNEL]: { name: 'Ops' },
				'19:out@thread.tacv2': { name: 'Out', member: false },
			},
			workflows: { w1: 'Ops' },
			outgoingToken: OUTGOING,
			threadRate: null,
			workflowRate: null,
			now: () => clock,
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
	['long text', { ...incident, body: 'A long story - (with) *marks*.\n'.repeat(2000) }],
])('takes a %s by bot and by workflow', async (_name, card) => {
	const payload = teams.draw(card);
	expect(await send(payload)).toMatchObject({ ok: true, ref: { activity_id: expect.any(String) } });
	expect(messages().at(-1)).toMatchObject({ to: [JOHN] });
	expect(await send(payload, john, workflow())).toEqual({ ok: true, status: 'sent' });
});

it('takes whatever is drawn', async () => {
	await fc.assert(
		fc.asyncProperty(anyCard, async (card) => {
			const payload = teams.draw(card);
			expect(await send(payload)).toMatchObject({ ok: true });
			expect(await send(payload, john, workflow())).toMatchObject({ ok: true });
		}),
		{ numRuns: 40 },
	);
});

it('says who cannot be reached, and which credential is wrong', async () => {
	const text = teams.raw({ text: 'hi' });
	expect(await send(text, { conversation_id: CHANNEL })).toMatchObject({ ok: true });
	expect(await send(text, john, workflow())).toMatchObject({ ok: true });
	expect(await send(text, { conversation_id: '19:none@thread.tacv2' })).toMatchObject({
		class: 'recipient',
		code: 'ConversationNotFound',
	});
	expect(await send(text, { conversation_id: '19:out@thread.tacv2' })).toMatchObject({
		class: 'recipient',
		code: 'BotNotInConversationRoster',
	});
	await expect(send(text, { aad_object_id: GONE })).rejects.toMatchObject({
		outcome: { class: 'recipient' },
	});
	expect(await send(text, john, workflow('no'))).toMatchObject({ class: 'auth', code: 'http_401' });
	await expect(send(text, john, { ...bot(), appSecret: 'no' })).rejects.toMatchObject({
		outcome: { class: 'auth', code: 'invalid_client' },
	});
	simulator.faults.set({ kind: '429', wait: 4, times: 1 });
	expect(await send(text)).toMatchObject({ class: 'rate', retryAfterMs: 4000 });
	simulator.voidTokens();
	expect(await send(text)).toMatchObject({ class: 'auth', tokenInvalid: true });
	io.tokens.drop(String(teams.tokenKey?.(bot())));
	expect(await send(text)).toMatchObject({ ok: true });
});

it('changes a message', async () => {
	const sent = await send(teams.draw(pressable));
	const ref = sent.ok ? (sent.ref ?? {}) : {};
	const after = teams.draw({ ...incident, title: 'Resolved' });
	expect(await deliver(teams, after, john, bot(), { io, ref })).toMatchObject({ ok: true });
	expect(messages().at(-1)).toMatchObject({
		kind: 'update',
		ref: ref.activity_id,
		rendered: { title: 'Resolved' },
	});
});

it('brings presses, messages and installations back, signed', async () => {
	const button = {
		action: 'comment',
		label: 'Comment',
		value: 'signed-c',
		input: { name: 'comment', label: 'Say' },
	};
	const sent = await send(teams.draw({ ...pressable, buttons: [...pressable.buttons, button] }));
	const { activity_id: id } = (sent.ok ? sent.ref : {}) as Record<string, string>;
	const pressed = await simulator.press(id, 'signed-1');
	expect(pressed).toMatchObject({ ok: true, status: 200 });
	expect(JSON.parse(pressed.answer)).toEqual({
		statusCode: 200,
		type: 'application/vnd.microsoft.activity.message',
		value: 'Received',
	});
	expect(last()).toMatchObject({
		type: 'press',
		value: 'signed-1',
		channelUserId: JOHN,
		providerMessageId: sent.ok && sent.providerMessageId,
	});
	await simulator.press(id, 'signed-c', JOHN, 'on it');
	expect(last()).toMatchObject({ value: 'signed-c', parameters: { comment: 'on it' } });
	await expect(simulator.press(id, 'signed-1', JOHN, 'on it')).rejects.toThrow('takes no text');
	expect(await simulator.press(id, 'signed-2', JOHN, undefined, { submit: true })).toMatchObject({
		status: 200,
		answer: '',
	});
	expect(last()).toMatchObject({ type: 'press', value: 'signed-2' });
	await simulator.say(JOHN, '<at>ITSM</at>&nbsp;ack', id);
	expect(last()).toMatchObject({
		type: 'text',
		text: 'ack',
		inReplyTo: sent.ok && sent.providerMessageId,
	});
	const { reply } = last() as { reply: Json };
	const prepared = (await teams.prepare?.(io, bot())) ?? {};
	const request = teams.inbound!.respond('Done', reply, {
		credential: bot(),
		prepared,
		now: new Date(),
	});
	expect(await call(request as HttpRequest)).toMatchObject({ status: 201 });
	await simulator.install(JOHN);
	const value = {
		serviceUrl: simulator.serviceUrl,
		conversationId: expect.any(String),
		tenantId: 'tenant-1',
	};
	expect(last()).toMatchObject({ type: 'conversation', keys: [JOHN, expect.any(String)], value });
	await simulator.install(JOHN, true);
	expect(last()).toMatchObject({ type: 'conversation', value: undefined });
	const { answer } = await simulator.mention(JOHN, 'status INC-1');
	expect(JSON.parse(answer)).toMatchObject({ type: 'message' });
	expect(last()).toMatchObject({ type: 'text', text: 'status INC-1', reply: {} });
});

describe('refuses a call', () => {
	const activity = (): Json => ({
		type: 'message',
		id: 'x1',
		text: 'ack',
		channelId: 'msteams',
		serviceUrl: simulator.serviceUrl,
		from: { id: '29:1', aadObjectId: JOHN },
		conversation: { id: 'a:1' },
	});
	const at = () => Math.floor(clock / 1000);
	it('takes it otherwise', async () => {
		expect(await simulator.call(activity())).toMatchObject({ status: 200 });
		expect(await simulator.call(activity(), { exp: at() - 299, nbf: at() + 299 })).toMatchObject({
			status: 200,
		});
	});
	it.each<[string, () => Json, number, string]>([
		['of another issuer', () => ({ iss: 'https://evil.test' }), 401, 'bad_token'],
		['for another app', () => ({ aud: 'app-2' }), 401, 'bad_token'],
		['that has expired', () => ({ exp: at() - 301 }), 401, 'stale_timestamp'],
		['that is not valid yet', () => ({ nbf: at() + 301 }), 401, 'bad_token'],
		['without an end', () => ({ exp: undefined }), 401, 'bad_token'],
		[
			'with another service address',
			() => ({ serviceurl: 'https://evil.test/' }),
			403,
			'wrong_service_url',
		],
		['without a service address', () => ({ serviceurl: undefined }), 403, 'wrong_service_url'],
	])('%s', async (_name, claims, status, code) => {
		expect(await simulator.call(activity(), claims())).toMatchObject({ status });
		expect(last()).toEqual({ kind: 'refused', status, code });
	});
	it('whose key does not vouch for the channel', async () => {
		await simulator.call({ ...activity(), channelId: 'webchat' });
		expect(last()).toMatchObject({ status: 403, code: 'not_endorsed' });
	});
	it('signed with an unknown key, until an hour has passed', async () => {
		simulator.rotateKeys();
		await simulator.call(activity());
		expect(last()).toMatchObject({ code: 'unknown_key' });
		const started = clock;
		clock += 3600_000;
		expect(await simulator.call(activity())).toMatchObject({ status: 200 });
		clock = started;
	});
});
