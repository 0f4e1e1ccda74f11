import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { channels } from '../../../core/channels';
import { readReply } from '../../../core/channels/email/reply';
import type { InboundCall, InboundContext } from '../../../core/channels/inbound';
import { sendSmtp, closeSmtp } from '../../../core/channels/transport';
import type { Channel, Credential, HttpRequest, SmtpRequest } from '../../../core/channels/types';
import {
	createRecorder,
	startEmail,
	startSlack,
	startWeCom,
} from '../../../sandbox/simulators/index.ts';
import type {
	EmailSimulator,
	Recorder,
	SlackSimulator,
	WeComSimulator,
} from '../../../sandbox/simulators/index.ts';
import { aDelivery } from '../../unit/channels/fakes';
import { incident, pressable } from '../../unit/channels/cards';
import { call, createIo, deliver } from './http';

const AES = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
let recorder: Recorder;
let slackSim: SlackSimulator;
let wecomSim: WeComSimulator;
let emailSim: EmailSimulator;
let server: Server;
let base: string;
let calls: InboundCall[];
/** Statuses with which the next calls are answered instead. */
let broken: number[];

const credentials = (): Record<string, Credential> => ({
	slack: { authMode: 'token', token: 'xoxb', signingSecret: 'shh', baseUrl: `${slackSim.url}/api` },
	wecom: {
		mode: 'app',
		corpId: 'ww1',
		corpSecret: 's',
		agentId: '1000002',
		baseUrl: wecomSim.url,
		callbackToken: 'QDG6eK',
		encodingAesKeySecret: AES,
	},
});

/** What a trigger does with a provider's call: receive, keep, answer. */
async function hear(
	path: string,
	request: Parameters<NonNullable<Channel['inbound']>['receive']>[0],
) {
	const id = path.slice(1) as 'slack' | 'wecom';
	const context = {
		credential: credentials()[id],
		now: new Date(),
		random: (n: number) => new Uint8Array(n),
		io: createIo(),
	};
	const result = await channels[id].inbound!.receive(request, context as InboundContext);
	if (result.kind === 'refused') return { status: result.status, body: '' };
	if (result.kind === 'calls') calls.push(...result.calls);
	return result.answer;
}

beforeAll(async () => {
	recorder = createRecorder();
	slackSim = await startSlack({
		recorder,
		config: {
			token: 'xoxb',
			signingSecret: 'shh',
			users: [{ id: 'U1' }, { id: 'U2' }],
			rate: null,
		},
	});
	wecomSim = await startWeCom({
		recorder,
		config: {
			corpId: 'ww1',
			secret: 's',
			agentId: 1000002,
			users: [{ userid: 'ZhangWei' }],
			callback: { token: 'QDG6eK', encodingAesKey: AES },
		},
	});
	emailSim = await startEmail({ recorder, config: { user: 'u', password: 'p' } });
	server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const url = new URL(request.url ?? '/', 'http://n8n.test');
			const spoiled = broken.shift();
			void hear(url.pathname, {
				method: request.method as 'GET' | 'POST',
				headers: request.headers as Record<string, string>,
				query: Object.fromEntries(url.searchParams),
				rawBody: Buffer.concat(chunks),
				url: url.href,
			}).then((answer) => {
				response.writeHead(spoiled ?? answer.status, 'headers' in answer ? answer.headers : {});
				response.end(answer.body);
			});
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	slackSim.setCallbackUrl(`${base}/slack`);
	wecomSim.setCallbackUrl(`${base}/wecom`);
});
beforeEach(() => {
	calls = [];
	broken = [];
});
afterAll(async () => {
	closeSmtp();
	server.close();
	await Promise.all([slackSim.close(), wecomSim.close(), emailSim.close()]);
});

const answer = async (id: 'slack' | 'wecom', text: string, heard: InboundCall, at = new Date()) => {
	const credential = credentials()[id];
	const channel = channels[id] as Channel;
	const prepared = (await channel.prepare?.(createIo(), credential)) ?? {};
	const reply = 'reply' in heard ? heard.reply : {};
	const request = channel.inbound!.respond(text, reply, {
		credential,
		prepared,
		now: at,
	}) as HttpRequest;
	return call(request);
};

const commented = {
	...pressable,
	buttons: [
		...pressable.buttons,
		{
			action: 'comment',
			label: 'Comment',
			value: 'signed-3',
			input: { name: 'comment', label: 'Comment' },
		},
	],
};

describe('Slack', () => {
	const send = () =>
		deliver(channels.slack, channels.slack.draw(commented), { userid: 'U1' }, credentials().slack);

	it('presses, is answered in private, and changes the message in place', async () => {
		const sent = await send();
		const ref = sent.ok ? sent.ref! : {};
		const id = `${String(ref.channel)}:${String(ref.ts)}`;
		expect(await slackSim.press(id, 'signed-1')).toMatchObject({
			ok: true,
			status: 200,
			answer: '',
			attempts: 1,
		});
		expect(calls).toMatchObject([
			{ type: 'press', value: 'signed-1', channelUserId: 'U1', providerMessageId: id },
		]);
		expect((await answer('slack', 'Acknowledged', calls[0])).body).toEqual({ ok: true });
		expect(recorder.messages().at(-1)).toMatchObject({
			kind: 'ephemeral',
			to: ['U1'],
			rendered: { text: 'Acknowledged' },
		});

		const changed = channels.slack.draw({ ...incident, title: 'Taken by John' });
		await deliver(channels.slack, changed, { userid: 'U1' }, credentials().slack, { ref });
		expect(recorder.messages().at(-1)).toMatchObject({ kind: 'update', ref: id });
		await expect(slackSim.press(id, 'signed-1')).rejects.toThrow('no such button');
	});

	it('brings what was typed, and nothing of it with another button', async () => {
		const sent = await send();
		const id = sent.ok ? sent.providerMessageId! : '';
		await slackSim.press(id, 'Comment', 'U2', 'on it');
		await slackSim.press(id, 0, 'U1', 'left over');
		expect(calls).toMatchObject([
			{ channelUserId: 'U2', parameters: { comment: 'on it' } },
			{ value: 'signed-1' },
		]);
		expect(calls[1]).not.toHaveProperty('parameters');
	});

	it('gives a response_url five uses', async () => {
		const sent = await send();
		await slackSim.press(sent.ok ? sent.providerMessageId! : '', 0);
		const statuses: number[] = [];
		for (let use = 0; use < 6; use += 1)
			statuses.push((await answer('slack', 'x', calls[0])).status);
		expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
		const late = new Date(Date.now() + 31 * 60_000);
		expect((await answer('slack', 'later', calls[0], late)).body).toMatchObject({
			ok: true,
			channel: 'D1',
		});
	});

	it('writes, by message and by command; a repeat has the key of the first', async () => {
		broken = [503, 503];
		expect(await slackSim.say('U1', 'ack 42 <now>')).toMatchObject({ ok: true, attempts: 3 });
		expect(new Set(calls.map(({ replayKey }) => replayKey)).size).toBe(1);
		expect(calls).toHaveLength(3);
		expect(calls[0]).toMatchObject({ type: 'text', text: 'ack 42 <now>', channelUserId: 'U1' });
		await slackSim.say('U2', '/itsm status 42');
		expect(calls[3]).toMatchObject({ text: 'status 42', channelUserId: 'U2' });
		await answer('slack', 'It is open', calls[3]);
		expect(recorder.messages().at(-1)).toMatchObject({ kind: 'ephemeral', to: ['U2'] });
		await answer('slack', 'done', calls[0]);
		expect(recorder.messages().at(-1)).toMatchObject({
			kind: 'post',
			to: ['U1'],
			payload: { channel: 'D1' },
		});
	});

	it('is not believed with another secret', async () => {
		const stranger = await startSlack({
			recorder,
			config: { token: 'x', signingSecret: 'other', users: [{ id: 'U1' }] },
		});
		stranger.setCallbackUrl(`${base}/slack`);
		expect(await stranger.say('U1', '/itsm ack 1')).toMatchObject({ ok: false, status: 401 });
		expect(calls).toEqual([]);
		await stranger.close();
	});
});

describe('WeCom', () => {
	let count = 0;
	const send = () =>
		deliver(
			channels.wecom,
			channels.wecom.draw(pressable),
			{ userid: 'ZhangWei' },
			credentials().wecom,
			{ id: `d_${++count}` },
		);
	const update = (
		ref: Record<string, unknown>,
		payload: Record<string, unknown> = channels.wecom.draw(pressable),
		unchecked = false,
	) =>
		deliver(channels.wecom, payload, { userid: 'ZhangWei' }, credentials().wecom, {
			ref,
			id: `d_${count}`,
			unchecked,
		});

	it('checks the address', async () => {
		expect(await wecomSim.checkUrl()).toMatchObject({ ok: true, attempts: 1 });
	});

	it('presses; each code changes the card once, and a press brings a fresh one', async () => {
		const sent = await send();
		const ref = sent.ok ? sent.ref! : {};
		const id = String(ref.msgid);
		expect(await wecomSim.press(id, 'signed-1')).toMatchObject({ ok: true, attempts: 1 });
		expect(calls).toMatchObject([{ type: 'press', value: 'signed-1', channelUserId: 'ZhangWei' }]);
		const fresh = (calls[0] as { reply: Record<string, unknown> }).reply;
		expect(fresh.response_code).not.toBe(ref.response_code);
		expect(await update(fresh)).toMatchObject({ ok: true });
		expect(await update(fresh)).toMatchObject({ ok: false, code: '40058' });
		// The card that took its place is pressed too, and changed again.
		await wecomSim.press(id, 1);
		expect(calls[1]).toMatchObject({ value: 'signed-2' });
		expect(
			await update(
				(calls[1] as (typeof calls)[1] & { reply: Record<string, unknown> }).reply,
				{
					msgtype: 'template_card',
					button: { replace_name: '已确认' },
				},
				true,
			),
		).toMatchObject({ ok: true });
		expect(
			recorder
				.messages({ channel: 'wecom' })
				.map(({ kind, ref: of }) => [kind, of])
				.slice(-3),
		).toEqual(['post', 'update', 'update'].map((kind) => [kind, id]));
		await expect(wecomSim.press(id, 0)).rejects.toThrow('no such button');
	});

	it('writes and is answered', async () => {
		broken = [500];
		expect(await wecomSim.say('ZhangWei', '确认 ４２')).toMatchObject({ ok: true, attempts: 2 });
		expect(calls).toHaveLength(2);
		expect(calls[1]).toEqual(calls[0]);
		expect((await answer('wecom', '已确认 <a>', calls[0])).body).toMatchObject({ errcode: 0 });
		expect(recorder.messages().at(-1)).toMatchObject({
			to: ['ZhangWei'],
			payload: { text: { content: '已确认 ＜a>' } },
		});
	});
});

it('a mail is answered to its ticket', async () => {
	const credential = {
		host: '127.0.0.1',
		port: emailSim.port,
		user: 'u',
		password: 'p',
		from: 'IT <itsm@example.test>',
	};
	const replyTo = { address: 'support@example.test', key: 'mail-key' };
	const delivery = aDelivery({ channel: 'email', address: { address: 'john@example.test' } });
	const request = channels.email.request(
		channels.email.draw(incident),
		{ delivery, credential, replyTo, now: new Date() },
		{},
	);
	const { messageId } = await sendSmtp(request as SmtpRequest, {
		timeoutMs: 5000,
		now: Date.now(),
	});
	const raw = emailSim.reply(messageId, '确认\nthanks', { from: 'john@example.test' });
	expect(await readReply(raw, { key: 'mail-key', idDomains: ['example.test'] })).toMatchObject({
		kind: 'text',
		trusted: 'address',
		match: {
			ticket: 'serviceNow:INC0010001',
			messageIds: expect.arrayContaining([messageId]),
			tag: 'INC0010001',
		},
		call: { text: '确认\nthanks', channelUserId: 'john@example.test', inReplyTo: messageId },
	});
	const automatic = emailSim.reply(messageId, 'I am away', {
		headers: { 'Auto-Submitted': 'auto-replied' },
	});
	expect(await readReply(automatic, { idDomains: ['example.test'] })).toEqual({
		kind: 'nothing',
		reason: 'auto_submitted',
	});
});
