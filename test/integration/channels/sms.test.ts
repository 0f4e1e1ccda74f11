import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import fc from 'fast-check';

import { channels, perform, sendDelivery } from '../../../core/channels';
import type { InboundResult } from '../../../core/channels/inbound';
import { createRecorder, startSms } from '../../../sandbox/simulators/index.ts';
import type { Recorder, SmsSimulator } from '../../../sandbox/simulators/index.ts';
import { anyCard, incident } from '../../unit/channels/cards';
import { aDelivery } from '../../unit/channels/fakes';
import { createIo } from './http';

const { sms } = channels;
type Json = Record<string, unknown>;

const WEI = '+8613800138000';
let recorder: Recorder;
let simulator: SmsSimulator;
let server: Server;
let publicUrl: string;
let listening: Json;
const received: InboundResult[] = [];

const credentials = (): Record<'twilio' | 'aliyun' | 'tencent' | 'http', Json> => ({
	twilio: {
		provider: 'twilio',
		accountSid: 'AC1',
		authToken: 'tok',
		from: '+15017122661',
		baseUrl: simulator.url,
	},
	aliyun: {
		provider: 'aliyun',
		accessKeyId: 'AK',
		accessKeySecret: 'ak-secret',
		signName: '运维',
		templateId: 'SMS_1',
		templateParams: 'ticket=number, title=title',
		baseUrl: simulator.url,
		callbackSecret: 'call-secret',
	},
	tencent: {
		provider: 'tencent',
		secretId: 'SID',
		secretKey: 'tc-secret',
		sdkAppId: '1400',
		signName: '运维',
		templateId: '7',
		templateParams: 'number,title',
		baseUrl: simulator.url,
		callbackSecret: 'call-secret',
	},
	http: {
		provider: 'http',
		gatewaySecretUrl: `${simulator.url}/gateway/send`,
		headersSecret: '{"Authorization":"Bearer g"}',
		bodyTemplate: '{"to":"{{to}}","text":"{{text}}"}',
		successPath: 'result.code',
		successValue: '0',
		messageIdPath: 'result.id',
	},
});
const PROVIDERS = ['twilio', 'aliyun', 'tencent', 'http'] as const;

beforeAll(async () => {
	// What the Interaction Trigger does: raw bytes, the public URL, the channel's own answer.
	server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const url = publicUrl.replace(/\/$/, '') + String(request.url);
			const result = sms.inbound?.receive(
				{
					method: 'POST',
					headers: request.headers as Record<string, string>,
					query: Object.fromEntries(new URL(url).searchParams),
					rawBody: Buffer.concat(chunks),
					url,
				},
				{ credential: listening, now: new Date(), random: () => new Uint8Array(), io: createIo() },
			) as InboundResult;
			received.push(result);
			const answer =
				result.kind === 'refused' ? { status: result.status, body: '' } : result.answer;
			response.writeHead(answer.status).end(answer.body);
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	recorder = createRecorder();
	simulator = await startSms({
		recorder,
		config: {
			numbers: [WEI],
			twilio: { accountSid: 'AC1', authToken: 'tok', from: '+15017122661' },
			aliyun: {
				accessKeyId: 'AK',
				accessKeySecret: 'ak-secret',
				signName: '运维',
				templates: { SMS_1: ['ticket', 'title'] },
			},
			tencent: {
				secretId: 'SID',
				secretKey: 'tc-secret',
				sdkAppId: '1400',
				signName: '运维',
				templates: { 7: 2 },
			},
			gateway: { token: 'g' },
			callbackSecret: 'call-secret',
		},
	});
	simulator.setCallbackUrl(`${publicUrl}/sms`);
});
afterEach(() => {
	simulator.faults.clear();
	recorder.clear();
	received.length = 0;
});
afterAll(async () => {
	await simulator.close();
	server.closeAllConnections();
	server.close();
});

let count = 0;
const send = async (credential: Json, message = sms.draw(incident), number = WEI) =>
	(
		await sendDelivery(
			sms,
			aDelivery({ delivery_id: `d_${count++}`, channel: 'sms', address: { number }, message }),
			credential,
			createIo(),
			{ publicUrl, inRunRetryMs: 0 },
		)
	).outcome;

describe.each(PROVIDERS)('%s', (provider) => {
	const credential = (patch: Json = {}) => ({ ...credentials()[provider], ...patch });

	it('takes a ticket, by its own signature', async () => {
		expect(await send(credential())).toMatchObject({
			ok: true,
			providerMessageId: expect.any(String),
		});
		const [message] = recorder.messages();
		expect(message).toMatchObject({ channel: 'sms', to: [WEI], sender: provider });
		expect(message.rendered.text).toContain('INC0010001');
	});

	it('takes whatever is drawn', async () => {
		await fc.assert(
			fc.asyncProperty(anyCard, async (card) => {
				expect(await send(credential(), sms.draw(card))).toMatchObject({ ok: true });
			}),
			{ numRuns: 25 },
		);
	});

	it('a number that does not exist', async () => {
		const outcome = await send(credential(), undefined, '+8613900000000');
		expect(outcome).toMatchObject({
			ok: false,
			class: provider === 'http' ? 'payload' : 'recipient',
		});
		if (provider !== 'http') expect(outcome).toMatchObject({ deadAddresses: ['+8613900000000'] });
	});

	it('a wrong secret is refused', async () => {
		const wrong = {
			authToken: 'x',
			accessKeySecret: 'x',
			secretKey: 'x',
			headersSecret: '{"Authorization":"Bearer x"}',
		};
		expect(await send(credential(wrong))).toMatchObject({ ok: false, class: 'auth' });
	});

	it('rate limits and outages', async () => {
		simulator.faults.set({ kind: '429', times: 1 });
		expect(await send(credential())).toMatchObject({ ok: false, class: 'rate' });
		simulator.faults.set({ kind: '5xx', times: 1 });
		expect(await send(credential())).toMatchObject({ ok: false, class: 'retry', code: 'http_503' });
	});
});

describe.each(['twilio', 'aliyun', 'tencent'] as const)('%s calls back', (provider) => {
	it('with what became of the message, and with what the person writes', async () => {
		listening = credentials()[provider];
		const outcome = await send(listening);
		const id = outcome.ok ? String(outcome.providerMessageId) : '';
		expect(await simulator.report(id, 'delivered')).toMatchObject({ status: 200 });
		expect(received).toMatchObject([
			{ kind: 'calls', calls: [{ type: 'status', status: 'delivered', providerMessageId: id }] },
		]);
		expect(await simulator.say(WEI, 'ACK K7Q2', id)).toMatchObject({ status: 200 });
		expect(received[1]).toMatchObject({
			calls: [{ type: 'text', text: 'ACK K7Q2', channelUserId: WEI }],
		});
	});

	it('and is not believed with another secret', async () => {
		listening = { ...credentials()[provider], authToken: 'other', callbackSecret: 'other' };
		expect(await simulator.say(WEI, 'ACK K7Q2', undefined, provider)).toMatchObject({
			status: 401,
		});
	});
});

it('Twilio: the person gets an answer, and STOP ends it', async () => {
	listening = credentials().twilio;
	await simulator.say(WEI, 'ACK K7Q2', undefined, 'twilio');
	const [result] = received as Array<Extract<InboundResult, { kind: 'calls' }>>;
	const call = result.calls[0] as { reply: Json };
	const request = sms.inbound?.respond('Acknowledged', call.reply, {
		credential: listening,
		prepared: {},
		now: new Date(),
	});
	await perform(createIo(), request!, 1000);
	expect(recorder.messages()).toMatchObject([{ to: [WEI], rendered: { text: 'Acknowledged' } }]);
	await simulator.say(WEI, 'STOP', undefined, 'twilio');
	expect(received[1]).toMatchObject({ calls: [{ type: 'status', deadAddress: true }] });
});

it('probes without sending', async () => {
	const request = sms.probe?.(credentials().twilio, {});
	expect(sms.outcome(await perform(createIo(), request!, 1000), request!)).toMatchObject({
		ok: true,
	});
	const wrong = sms.probe?.({ ...credentials().twilio, authToken: 'x' }, {});
	expect(sms.outcome(await perform(createIo(), wrong!, 1000), wrong!)).toMatchObject({
		code: '20003',
	});
	expect(sms.probe?.(credentials().aliyun, {})).toBeUndefined();
	expect(recorder.messages()).toEqual([]);
});
