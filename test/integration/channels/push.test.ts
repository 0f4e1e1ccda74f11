import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

import fc from 'fast-check';

import {
	channels,
	closeHttp2,
	sendDelivery,
	sendHttp2,
	type ChannelIo,
} from '../../../core/channels';
import { createRecorder, startPush } from '../../../sandbox/simulators/index.ts';
import type { Recorder, PushSimulator } from '../../../sandbox/simulators/index.ts';
import { anyCard, incident } from '../../unit/channels/cards';
import { aDelivery } from '../../unit/channels/fakes';
import { createIo } from './http';

const { push } = channels;
type Json = Record<string, unknown>;

const PEM = {
	publicKeyEncoding: { type: 'spki', format: 'pem' },
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const;
type Keys = Record<'publicKey' | 'privateKey', string>;
const apple = generateKeyPairSync('ec', { namedCurve: 'P-256', ...PEM }) as unknown as Keys;
const google = generateKeyPairSync('rsa', { modulusLength: 2048, ...PEM }) as unknown as Keys;
const IOS = 'a'.repeat(64);
const GONE = 'b'.repeat(64);
const DROPPED = Date.parse('2027-01-01T00:00:00Z');

let recorder: Recorder;
let simulator: PushSimulator;
let credential: Json;

beforeAll(async () => {
	recorder = createRecorder();
	simulator = await startPush({
		recorder,
		config: {
			apns: {
				teamId: 'TEAM',
				keyId: 'KEY',
				publicKey: apple.publicKey,
				topic: 'com.example.desk',
				tokens: [IOS],
				gone: { [GONE]: DROPPED },
			},
			fcm: {
				projectId: 'p1',
				clientEmail: 'bot@p1.test',
				publicKey: google.publicKey,
				tokens: ['droid', 'browser'],
				gone: ['old-droid'],
			},
		},
	});
	credential = {
		apnsTeamId: 'TEAM',
		apnsKeyId: 'KEY',
		// As a field of one line leaves it.
		apnsPrivateKey: apple.privateKey.replace(/\n/g, ' '),
		apnsTopic: 'com.example.desk',
		apnsBaseUrl: simulator.apnsUrl,
		fcmServiceAccountSecret: JSON.stringify({
			project_id: 'p1',
			client_email: 'bot@p1.test',
			private_key_id: 'k',
			private_key: google.privateKey,
		}),
		fcmBaseUrl: simulator.url,
		fcmOauthUrl: `${simulator.url}/token`,
	};
});
afterEach(() => {
	simulator.faults.clear();
	recorder.clear();
});
afterAll(async () => {
	closeHttp2();
	await simulator.close();
});

const world = (): ChannelIo => ({ ...createIo(), http2: sendHttp2 });
const all = [
	{ platform: 'ios', token: IOS },
	{ platform: 'android', token: 'droid' },
	{ platform: 'web', token: 'browser' },
];
const send = async (
	tokens: Json[] = all,
	patch: Json = {},
	io = world(),
	message = push.draw(incident),
) =>
	(
		await sendDelivery(
			push,
			aDelivery({ channel: 'push', address: { tokens }, message }),
			{ ...credential, ...patch },
			io,
			{ inRunRetryMs: 0, timeoutMs: 1500 },
		)
	).outcome;

it('one delivery reaches all devices of a person', async () => {
	expect(await send()).toMatchObject({
		ok: true,
		status: 'sent',
		ref: {
			collapse: 'snow:1',
			devices: [{ platform: 'ios' }, { platform: 'android' }, { platform: 'web' }],
		},
	});
	expect(
		recorder
			.messages()
			.map(({ to }) => to[0])
			.sort(),
	).toEqual([IOS, 'browser', 'droid'].sort());
	const ios = recorder.messages({ to: IOS })[0];
	expect(ios.raw).toMatchObject({
		ticketId: '1',
		url: 'https://itsm.test/INC0010001?a=1&b=2',
		aps: { category: 'TICKET', 'thread-id': 'INC0010001', 'interruption-level': 'time-sensitive' },
	});
	expect(recorder.messages({ to: 'droid' })[0].raw).toMatchObject({
		android: { priority: 'high', collapse_key: 'snow:1', notification: { tag: 'snow:1' } },
	});
});

it('takes whatever is drawn, within 4096 bytes on each platform', async () => {
	const io = world();
	await fc.assert(
		fc.asyncProperty(anyCard, async (card) => {
			const outcome = await send(all, {}, io, push.draw(card));
			expect(outcome).toMatchObject({ ok: true });
			expect(outcome).not.toHaveProperty('ref.failed');
		}),
		{ numRuns: 60 },
	);
});

it('dead devices are named and do not fail the delivery', async () => {
	const outcome = await send([
		...all,
		{ platform: 'ios', token: GONE },
		{ platform: 'android', token: 'old-droid' },
	]);
	expect(outcome).toMatchObject({
		ok: true,
		deadAddresses: [GONE, 'old-droid'],
		ref: { failed: [{ code: 'Unregistered' }, { code: 'UNREGISTERED' }] },
	});
	expect(await send([{ platform: 'ios', token: GONE }])).toMatchObject({
		ok: false,
		class: 'recipient',
		code: 'Unregistered',
		deadAddresses: [GONE],
	});
});

it('a token that came again after Apple had dropped it is not dead', async () => {
	const again = await send([
		{ platform: 'ios', token: GONE, registered_at: '2027-02-01T00:00:00Z' },
	]);
	expect(again).toMatchObject({ ok: false, code: 'Unregistered' });
	expect(again).not.toHaveProperty('deadAddresses');
	expect(
		await send([{ platform: 'ios', token: GONE, registered_at: '2026-12-01T00:00:00Z' }]),
	).toMatchObject({ deadAddresses: [GONE] });
});

it('a bad token may be a wrong environment: refused, not dead', async () => {
	const outcome = await send([{ platform: 'ios', token: 'c'.repeat(64) }]);
	expect(outcome).toMatchObject({ ok: false, class: 'recipient', code: 'BadDeviceToken' });
	expect(outcome).not.toHaveProperty('deadAddresses');
});

it('an expired token is signed anew, once', async () => {
	const io = world();
	await send(all, {}, io);
	simulator.faults.set({ kind: 'reject_auth', times: 1, match: '/3/device/' });
	expect(await send([all[0]], {}, io)).toMatchObject({ ok: true });
	simulator.faults.set({ kind: 'reject_auth', times: 1, match: ':send' });
	expect(await send([all[1]], {}, io)).toMatchObject({ ok: true });
});

it.each<[string, Json, Json[], object]>([
	[
		'another team',
		{ apnsTeamId: 'OTHER' },
		[all[0]],
		{ class: 'config', code: 'InvalidProviderToken' },
	],
	[
		'another app',
		{ apnsTopic: 'com.other' },
		[all[0]],
		{ class: 'recipient', code: 'DeviceTokenNotForTopic' },
	],
	[
		'a key that is none',
		{ apnsPrivateKey: 'nonsense', fcmServiceAccountSecret: '' },
		[all[0]],
		{ class: 'auth', code: 'invalid_credential' },
	],
	[
		'an account that is none',
		{ fcmServiceAccountSecret: '{"project_id": "p1"}' },
		[all[1]],
		{ class: 'auth', code: 'invalid_credential' },
	],
	[
		'no Firebase',
		{ fcmServiceAccountSecret: '' },
		[all[1]],
		{ class: 'recipient', code: 'no_address' },
	],
	[
		'nothing',
		{ fcmServiceAccountSecret: '', apnsPrivateKey: '', apnsKeyId: '', apnsTeamId: '' },
		all,
		{ class: 'auth', code: 'invalid_credential' },
	],
])('%s', async (_name, patch, tokens, expected) => {
	const outcome = await send(tokens, patch);
	expect(outcome).toMatchObject({ ok: false, ...expected });
	expect(JSON.stringify(outcome)).not.toMatch(/nonsense|MII/);
});

it('a fault of Firebase leaves iPhones alone', async () => {
	const other = generateKeyPairSync('rsa', { modulusLength: 2048, ...PEM })
		.privateKey as unknown as string;
	const account = JSON.stringify({
		project_id: 'p1',
		client_email: 'bot@p1.test',
		private_key: other,
	});
	expect(await send(all, { fcmServiceAccountSecret: account })).toMatchObject({
		ok: true,
		ref: { devices: [{ platform: 'ios' }] },
	});
	expect(await send([all[1]], { fcmServiceAccountSecret: account })).toMatchObject({
		ok: false,
		class: 'config',
		code: 'invalid_grant',
	});
});

it.each<[string, Parameters<PushSimulator['faults']['set']>[0], object]>([
	['5xx', { kind: '5xx' }, { class: 'retry', code: 'ServiceUnavailable' }],
	['429', { kind: '429' }, { class: 'rate', code: 'TooManyRequests' }],
	['reset', { kind: 'reset' }, { class: 'retry', code: 'connection_reset' }],
	['timeout', { kind: 'timeout' }, { class: 'retry', code: 'timeout' }],
])('APNs: %s, and then it works again', async (_name, fault, expected) => {
	simulator.faults.set({ ...fault, times: 1, match: '/3/device/' });
	expect(await send([all[0]])).toMatchObject({ ok: false, ...expected });
	expect(await send([all[0]])).toMatchObject({ ok: true });
});

it('an edit takes the place of what the phone shows', async () => {
	const context = {
		delivery: aDelivery({ channel: 'push', address: { tokens: [all[0]] } }),
		credential,
		now: new Date(),
	};
	const prepared = (await push.prepare?.(world(), credential)) ?? {};
	const request = push.update?.(
		push.raw({ title: 'Resolved' }),
		{ collapse: 'snow:1' },
		context,
		prepared,
	);
	expect(request).toMatchObject({
		kind: 'batch',
		calls: [{ request: { headers: { 'apns-collapse-id': 'snow:1' } } }],
	});
	expect(() => push.update?.(push.raw({ title: 'x' }), {}, context, prepared)).toThrow(
		expect.objectContaining({ code: 'not_updatable' }),
	);
});

it('V18 and V19: the maths of both tokens', () => {
	const vectors = readFileSync(
		new URL('../../fixtures/vectors/phone.jsonl', import.meta.url),
		'utf8',
	)
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as { id: string; in: { jwk: Json; jws: string } });
	for (const { in: given } of vectors.filter(({ id }) => id === 'V18' || id === 'V19')) {
		const [head, claims, signature] = given.jws.split('.');
		const key = createPublicKey({ key: given.jwk as never, format: 'jwk' });
		expect(
			verify(
				'sha256',
				Buffer.from(`${head}.${claims}`),
				{ key, dsaEncoding: 'ieee-p1363' },
				Buffer.from(signature, 'base64url'),
			),
		).toBe(true);
	}
});
