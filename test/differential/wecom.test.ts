import fc from 'fast-check';

import {
	channels,
	verifyWecomSignature,
	wecomDecrypt,
	wecomEncrypt,
	wecomSignature,
} from '../../core/channels';
import { createRecorder, startWeCom } from '../../sandbox/simulators/index.ts';
import { deliver } from '../integration/channels/http';
import { pressable } from '../unit/channels/cards';
import { around, aRequest, startHook } from './hook';
import { sdk } from './sdk';

interface WeComCrypto {
	getSignature(token: string, timestamp: string, nonce: string, encrypted: string): string;
	encrypt(key: string, message: string, id: string, random?: Buffer): string;
	decrypt(key: string, encrypted: string): { message: string; id: string; random: Buffer };
}

const theirs = sdk<WeComCrypto>('@wecom/crypto');
const KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const TOKEN = 'QDG6eK';

const aesKey = fc
	.uint8Array({ minLength: 32, maxLength: 32 })
	.map((bytes) => Buffer.from(bytes).toString('base64').slice(0, 43));
const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 });
const text = fc.oneof(
	fc.string({ unit: 'grapheme', maxLength: 200 }),
	fc.string({ unit: fc.constantFrom('工', '单', '👨‍👩‍👧', 'é', '\n', '<', '\u0000'), maxLength: 120 }),
);
const corpId = fc.stringMatching(/^ww[0-9a-f]{16}$/);
/** Around the block of 32 bytes: 20 of head, the text, the id. */
const lengths = Array.from({ length: 70 }, (_, length) => 'x'.repeat(length));

describe('@wecom/crypto', () => {
	it('makes the same ciphertext, and each reads the other’s', () => {
		fc.assert(
			fc.property(aesKey, text, corpId, bytes16, (key, message, id, random) => {
				const ours = wecomEncrypt(key, message, id, random);
				expect(ours).toBe(theirs.encrypt(key, message, id, Buffer.from(random)));
				expect(theirs.decrypt(key, ours)).toMatchObject({ message, id });
				expect(wecomDecrypt(key, theirs.encrypt(key, message, id), id)).toEqual({
					message,
					receiveId: id,
				});
			}),
		);
	});

	it.each(['', 'ww1', 'ww5823bf96d3bd56c7'])('at every length around a block, for %j', (id) => {
		for (const message of lengths) {
			expect(theirs.decrypt(KEY, wecomEncrypt(KEY, message, id, new Uint8Array(16)))).toMatchObject(
				{ message, id },
			);
			expect(wecomDecrypt(KEY, theirs.encrypt(KEY, message, id), id).message).toBe(message);
		}
	});

	it('signs as we sign, and we take what it signs', () => {
		const digits = fc.nat().map(String);
		const word = fc.string({ minLength: 1 });
		fc.assert(
			fc.property(word, digits, word, fc.base64String({ minLength: 4 }), (...parts) => {
				const [token, timestamp, nonce, encrypted] = parts;
				const signature = theirs.getSignature(...parts);
				expect(wecomSignature(...parts)).toBe(signature);
				const given = { signature, timestamp, nonce, encrypted };
				expect(verifyWecomSignature(given, token)).toBe(true);
				expect(verifyWecomSignature({ ...given, encrypted: `${encrypted}=` }, token)).toBe(false);
			}),
		);
	});
});

describe('callbacks', () => {
	const credential = {
		mode: 'app',
		corpId: 'ww1',
		agentId: '1000002',
		corpSecret: 's',
		callbackToken: TOKEN,
		encodingAesKeySecret: KEY,
	};
	const now = new Date('2027-03-13T00:00:00Z');
	const timestamp = String(now.getTime() / 1000);
	const query = (encrypted: string) => ({
		msg_signature: theirs.getSignature(TOKEN, timestamp, 'n1', encrypted),
		timestamp,
		nonce: 'n1',
	});
	const receive = channels.wecom.inbound!.receive;

	it('made by @wecom/crypto are taken', async () => {
		const xml = `<xml><FromUserName><![CDATA[ZhangWei]]></FromUserName><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[确认 42 👍]]></Content><MsgId>7</MsgId><AgentID>1000002</AgentID></xml>`;
		const encrypted = theirs.encrypt(KEY, xml, 'ww1');
		const rawBody = Buffer.from(
			`<xml><ToUserName><![CDATA[ww1]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
		);
		const request = aRequest({ rawBody, query: query(encrypted) });
		expect(await receive(request, around(credential, now))).toMatchObject({
			kind: 'calls',
			calls: [{ type: 'text', text: '确认 42 👍', channelUserId: 'ZhangWei' }],
		});
		const check = theirs.encrypt(KEY, '1616140317555161061', 'ww1');
		const asked = aRequest({ method: 'GET', query: { ...query(check), echostr: check } });
		expect(await receive(asked, around(credential, now))).toMatchObject({
			answer: { body: '1616140317555161061' },
		});
	});

	it('of our simulator are read by @wecom/crypto', async () => {
		const hook = await startHook();
		const simulator = await startWeCom({
			recorder: createRecorder(),
			config: {
				corpId: 'ww1',
				secret: 's',
				agentId: 1000002,
				users: [{ userid: 'ZhangWei' }],
				callback: { token: TOKEN, encodingAesKey: KEY },
			},
		});
		simulator.setCallbackUrl(hook.url);
		const sent = await deliver(
			channels.wecom,
			channels.wecom.draw(pressable),
			{ userid: 'ZhangWei' },
			{ ...credential, baseUrl: simulator.url },
		);
		await simulator.press(String(sent.ok && sent.ref?.msgid), 'signed-1');
		await simulator.say('ZhangWei', '确认 42');
		const read = hook.heard.map(({ query: given, rawBody }) => {
			const encrypted = /<Encrypt><!\[CDATA\[(.+?)\]\]>/.exec(Buffer.from(rawBody).toString())![1];
			expect(theirs.getSignature(TOKEN, given.timestamp, given.nonce, encrypted)).toBe(
				given.msg_signature,
			);
			return theirs.decrypt(KEY, encrypted);
		});
		expect(read).toMatchObject([
			{ id: 'ww1', message: expect.stringContaining('signed-1') },
			{ id: 'ww1', message: expect.stringContaining('确认 42') },
		]);
		hook.close();
		await simulator.close();
	});
});
