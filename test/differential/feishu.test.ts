import fc from 'fast-check';

import { channels, feishuCardSignature, feishuDecrypt } from '../../core/channels';
import type { InboundRequest } from '../../core/channels/inbound';
import { encrypt } from '../../sandbox/simulators/feishu/callback.ts';
import { createRecorder, startFeishu } from '../../sandbox/simulators/index.ts';
import type { FeishuSimulator } from '../../sandbox/simulators/index.ts';
import { deliver } from '../integration/channels/http';
import { pressable } from '../unit/channels/cards';
import { around, aRequest, startHook, type Hook } from './hook';
import { sdk } from './sdk';

type Json = Record<string, unknown>;
type Handler = (event: Json) => Promise<unknown>;
interface Keys {
	encryptKey?: string;
	verificationToken?: string;
	logger?: unknown;
}
interface Lark {
	AESCipher: new (key: string) => { decrypt(encrypted: string): string };
	EventDispatcher: new (keys: Keys) => {
		register(handlers: Record<string, Handler>): { invoke(data: Json): Promise<unknown> };
	};
	CardActionHandler: new (keys: Keys, handler: Handler) => { invoke(data: Json): Promise<unknown> };
	generateChallenge(
		data: Json,
		options: { encryptKey: string },
	): { isChallenge: boolean; challenge: { challenge: string } };
}

const lark = sdk<Lark>('@larksuiteoapi/node-sdk');
const quiet = Object.fromEntries(
	['error', 'warn', 'info', 'debug', 'trace'].map((level) => [level, () => undefined]),
);
const KEYS = { encryptKey: 'test key', verificationToken: 'vtoken' };
const credential = {
	mode: 'app',
	appId: 'cli_1',
	appSecret: 's',
	encryptKeySecret: KEYS.encryptKey,
	verificationToken: KEYS.verificationToken,
};
const receive = channels.feishu.inbound!.receive;

/** As the SDK's own HTTP adapters hand a call over: the headers behind the body. */
const handed = ({ headers, rawBody }: InboundRequest): Json =>
	Object.assign(
		Object.create({ headers }) as Json,
		JSON.parse(Buffer.from(rawBody).toString()) as Json,
	);

/** What the SDK's dispatcher takes of a call; undefined where it refuses. */
async function taken(request: InboundRequest, keys: Keys = KEYS): Promise<Json | undefined> {
	let event: Json | undefined;
	const keep: Handler = async (data) => void (event = data);
	await new lark.EventDispatcher({ ...keys, logger: quiet })
		.register({
			'card.action.trigger': keep,
			'im.message.receive_v1': keep,
			'im.message.message_read_v1': keep,
		})
		.invoke(handed(request));
	return event;
}
async function pressed(request: InboundRequest, keys: Keys = KEYS): Promise<Json | undefined> {
	let event: Json | undefined;
	await new lark.CardActionHandler(
		{ ...keys, logger: quiet },
		async (data) => void (event = data),
	).invoke(handed(request));
	return event;
}

const attempt = <T>(work: () => T): T | 'refused' => {
	try {
		return work();
	} catch {
		return 'refused';
	}
};

it('reads ciphertexts as AESCipher does, and refuses what it refuses', () => {
	const word = fc.string({ unit: 'grapheme', maxLength: 100 });
	const iv = fc.uint8Array({ minLength: 16, maxLength: 16 });
	fc.assert(
		fc.property(word, word, iv, fc.nat(), fc.boolean(), (key, text, start, at, isSpoiled) => {
			const bytes = Buffer.from(encrypt(key, text, start), 'base64');
			if (isSpoiled) bytes[at % bytes.length] ^= 1;
			const given = bytes.toString('base64');
			const ours = attempt(() => feishuDecrypt(key, given));
			expect(ours).toBe(attempt(() => new lark.AESCipher(key).decrypt(given)));
			if (!isSpoiled) expect(ours).toBe(text);
		}),
		{ numRuns: 300 },
	);
});

describe('calls of our simulator', () => {
	let hook: Hook;
	let simulator: FeishuSimulator;
	let messageId: string;

	beforeAll(async () => {
		hook = await startHook();
		simulator = await startFeishu({
			recorder: createRecorder(),
			config: {
				appId: 'cli_1',
				appSecret: 's',
				users: [{ open_id: 'ou_1', union_id: 'on_1' }],
				callback: KEYS,
			},
		});
		simulator.setCallbackUrl(hook.url);
		const card = channels.feishu.draw(pressable);
		const sent = await deliver(
			channels.feishu,
			card,
			{ open_id: 'ou_1' },
			{ ...credential, baseUrl: simulator.url },
		);
		messageId = sent.ok ? sent.providerMessageId! : '';
	});
	beforeEach(() => hook.heard.splice(0));
	afterAll(async () => {
		hook.close();
		await simulator.close();
	});

	it('are verified, decrypted and read by the SDK as by us', async () => {
		await simulator.press(messageId, 'signed-1');
		await simulator.say('ou_1', '确认 42 👍', messageId);
		await simulator.read(messageId, 'ou_1');
		const [press, said, read] = hook.heard;
		const theirs = {
			open_message_id: messageId,
		};
		const event = {
			operator: { open_id: 'ou_1', union_id: 'on_1' },
			context: theirs,
			action: { tag: 'button', value: { token: 'signed-1' } },
		};
		expect(await taken(press)).toMatchObject({ event_type: 'card.action.trigger', ...event });
		expect(await pressed(press)).toMatchObject(event);
		expect(await receive(press, around(credential))).toMatchObject({
			calls: [{ type: 'press', value: 'signed-1', providerMessageId: messageId }],
		});
		expect(await taken(said)).toMatchObject({
			sender: { sender_id: { open_id: 'ou_1' } },
			message: { content: JSON.stringify({ text: '确认 42 👍' }), parent_id: messageId },
		});
		expect(await receive(said, around(credential))).toMatchObject({
			calls: [{ text: '确认 42 👍', inReplyTo: messageId }],
		});
		expect(await taken(read)).toMatchObject({ message_id_list: [messageId] });
		expect(await receive(read, around(credential))).toMatchObject({
			calls: [{ status: 'read', providerMessageId: messageId }],
		});
	});

	it('with the address check answered as the SDK answers it', async () => {
		await simulator.verifyUrl('hello-挑战');
		const theirs = lark.generateChallenge(handed(hook.heard[0]), KEYS);
		expect(theirs).toEqual({ isChallenge: true, challenge: { challenge: 'hello-挑战' } });
		const ours = await receive(hook.heard[0], around(credential));
		expect(ours.kind === 'answered' && JSON.parse(ours.answer.body)).toEqual(theirs.challenge);
	});

	it('forged or changed are refused by both', async () => {
		simulator.faults.set({ kind: 'forge', times: 1 });
		await simulator.say('ou_1', 'ack 42');
		await simulator.say('ou_1', 'ack 42');
		const [forged, right] = hook.heard;
		const later = {
			...right,
			headers: { ...right.headers, 'x-lark-request-nonce': 'another' },
		};
		expect(await taken(right)).toBeDefined();
		for (const wrong of [forged, later]) {
			expect(await taken(wrong)).toBeUndefined();
			expect(await pressed(wrong)).toBeUndefined();
			expect(await receive(wrong, around(credential))).toMatchObject({
				kind: 'refused',
				code: 'bad_signature',
			});
		}
	});
});

it('the older card callback, signed by us, passes CardActionHandler and us; a changed one neither', async () => {
	const body = JSON.stringify({
		open_id: 'ou_1',
		open_message_id: 'om_1',
		token: 'c-1',
		action: { tag: 'button', value: { token: 'signed-1' } },
	});
	const now = new Date();
	const timestamp = String(Math.floor(now.getTime() / 1000));
	const call = (rawBody: string, signed = body): InboundRequest =>
		aRequest({
			rawBody: Buffer.from(rawBody),
			headers: {
				'x-lark-request-timestamp': timestamp,
				'x-lark-request-nonce': 'n1',
				'x-lark-signature': feishuCardSignature(timestamp, 'n1', 'vtoken', signed),
			},
		});
	const keys = { verificationToken: 'vtoken' };
	const own = { ...credential, encryptKeySecret: '' };
	expect(await pressed(call(body), keys)).toMatchObject({ open_id: 'ou_1' });
	expect(await receive(call(body), around(own, now))).toMatchObject({
		calls: [{ type: 'press', value: 'signed-1', channelUserId: 'ou_1' }],
	});
	const changed = call(body.replace('signed-1', 'signed-2'));
	expect(await pressed(changed, keys)).toBeUndefined();
	expect(await receive(changed, around(own, now))).toMatchObject({ kind: 'refused' });
});
