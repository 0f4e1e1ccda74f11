import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';

import { importSPKI, jwtVerify } from 'jose';

import { channels, closeHttp2, sendHttp2, type BatchRequest, type Card } from '../../core/channels';
import { createIo } from '../integration/channels/http';
import { contextFor, incident, pressable } from '../unit/channels/cards';
import { cardOf } from '../unit/templates/shipped-cards';
import { sdk } from './sdk';

type Json = Record<string, unknown>;
interface Apn {
	Provider: new (options: Json) => {
		client: { _mockOverrideUrl?: string };
		send(notification: Json, device: string): Promise<{ sent: unknown[]; failed: unknown[] }>;
		shutdown(): Promise<void>;
	};
	Notification: new () => Json;
}
interface Call {
	headers: Record<string, string>;
	body: Json;
}

const apn = sdk<Apn>('@parse/node-apn');
const PEM = {
	publicKeyEncoding: { type: 'spki', format: 'pem' },
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const;
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256', ...PEM }) as unknown as Record<
	'publicKey' | 'privateKey',
	string
>;
const DEVICE = 'a'.repeat(64);
const { push } = channels;

const calls: Call[] = [];
const sessions = new Set<ServerHttp2Session>();
let server: Http2Server;
let url: string;
let provider: InstanceType<Apn['Provider']>;
let credential: Json;

beforeAll(async () => {
	server = createServer();
	server.on('session', (session) => sessions.add(session));
	server.on('stream', (stream, headers) => {
		const chunks: Buffer[] = [];
		stream.on('data', (chunk: Buffer) => chunks.push(chunk));
		stream.on('end', () => {
			calls.push({
				headers: Object.fromEntries(
					Object.entries(headers).map(([name, value]) => [name, String(value)]),
				),
				body: JSON.parse(Buffer.concat(chunks).toString()) as Json,
			});
			stream.respond({ ':status': 200, 'apns-id': String(headers['apns-id']) });
			stream.end();
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as AddressInfo;
	url = `http://127.0.0.1:${port}`;
	provider = new apn.Provider({
		token: { key: keys.privateKey, keyId: 'KEY0000001', teamId: 'TEAM000001' },
		production: true,
		port,
	});
	// The library speaks TLS only; this is how its own tests point it at a plain server.
	provider.client._mockOverrideUrl = url;
	credential = {
		apnsTeamId: 'TEAM000001',
		apnsKeyId: 'KEY0000001',
		apnsPrivateKey: keys.privateKey,
		apnsTopic: 'com.example.desk',
		apnsBaseUrl: url,
	};
});
afterAll(async () => {
	await provider.shutdown();
	closeHttp2();
	for (const session of sessions) session.destroy();
	server.close();
});

/** Our call, and that of the library for a notification that says the same. */
async function both(card: Card): Promise<{ ours: Call; theirs: Call }> {
	calls.splice(0);
	const payload = push.draw(card);
	const context = contextFor('push', { tokens: [{ platform: 'ios', token: DEVICE }] }, credential);
	const prepared = await push.prepare!(createIo(), credential);
	const { calls: made } = push.request(payload, context, prepared) as BatchRequest;
	expect(made).toHaveLength(1);
	expect((await sendHttp2(made[0].request, { timeoutMs: 5000 })).status).toBe(200);
	const [ours] = calls;
	const same = Object.assign(new apn.Notification(), {
		topic: 'com.example.desk',
		pushType: 'alert',
		priority: card.severity === 'info' ? 5 : 10,
		collapseId: payload.collapse,
		id: ours.headers['apns-id'],
		expiry: context.now.getTime() / 1000 + 86_400,
		title: payload.title,
		body: payload.body,
		sound: 'default',
		category: 'TICKET',
		threadId: payload.thread,
		interruptionLevel:
			{ critical: 'time-sensitive', high: 'time-sensitive', info: 'passive' }[
				card.severity as string
			] ?? 'active',
		mutableContent: 1,
		payload: payload.data,
	});
	expect(await provider.send(same, DEVICE)).toMatchObject({
		sent: [{ device: DEVICE }],
		failed: [],
	});
	return { ours, theirs: calls[1] };
}

/** What differs by the way of the call, not by the message. */
const BY_THE_WAY = [
	// Both are fresh tokens of the same key: judged below.
	'authorization',
	// The library names Apple whatever it calls, and calls over TLS; here a plain local server is called.
	':authority',
	':scheme',
];
const judged = ({ headers }: Call): Record<string, string> =>
	Object.fromEntries(Object.entries(headers).filter(([name]) => !BY_THE_WAY.includes(name)));

const CARDS: Array<[string, Card]> = [
	['a critical ticket', incident],
	['one with buttons', pressable],
	['quiet news', { ...incident, severity: 'info' }],
	['a Chinese card', cardOf('ticket_assigned', 'zh-CN', true)],
	['a long one', { ...incident, body: '很长的描述 👍 '.repeat(2000) }],
];

it.each(CARDS)(
	'sends %s as node-apn would: the same headers, the same body',
	async (_name, card) => {
		const { ours, theirs } = await both(card);
		expect(judged(ours)).toEqual(judged(theirs));
		expect(Object.keys(judged(ours))).toEqual(
			expect.arrayContaining([
				':path',
				'apns-topic',
				'apns-push-type',
				'apns-priority',
				'apns-expiration',
				'apns-id',
			]),
		);
		expect(ours.body).toEqual(theirs.body);
		expect(Buffer.byteLength(JSON.stringify(theirs.body))).toBeLessThanOrEqual(4096);
	},
);

it('bears a token that says what node-apn’s says, both by the same key', async () => {
	const { ours, theirs } = await both(incident);
	const key = await importSPKI(keys.publicKey, 'ES256');
	const read = async ({ headers }: Call) => {
		const [scheme, token] = headers.authorization.split(' ');
		const { payload, protectedHeader } = await jwtVerify(token, key);
		return { scheme, head: protectedHeader, claims: Object.keys(payload).sort(), iss: payload.iss };
	};
	const expected = { scheme: 'bearer', claims: ['iat', 'iss'], iss: 'TEAM000001' };
	expect(await read(ours)).toEqual({ ...expected, head: { alg: 'ES256', kid: 'KEY0000001' } });
	// jsonwebtoken also writes the type, which Apple does not ask for.
	expect(await read(theirs)).toEqual({
		...expected,
		head: { alg: 'ES256', kid: 'KEY0000001', typ: 'JWT' },
	});
});
