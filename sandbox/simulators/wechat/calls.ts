import { createCipheriv, createHash, randomBytes } from 'node:crypto';

import type { Callback, Caller, Deed, Proof } from '../two-way.ts';
import { str } from './state.ts';
import type { WeChatConfig } from './state.ts';

const PATIENCE_MS = 5000;

const sha1 = (...parts: string[]): string =>
	createHash('sha1').update(parts.sort().join('')).digest('hex');

const cdata = (value: string | number): string =>
	typeof value === 'number'
		? String(value)
		: `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

const xml = (fields: Record<string, string | number>): string =>
	`<xml>${Object.entries(fields)
		.map(([name, value]) => `<${name}>${cdata(value)}</${name}>`)
		.join('')}</xml>`;

function encrypt(aesKey: string, message: string, appId: string): string {
	const key = Buffer.from(`${aesKey}=`, 'base64');
	const body = Buffer.from(message);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(body.length);
	const plain = Buffer.concat([randomBytes(16), length, body, Buffer.from(appId)]);
	const pad = 32 - (plain.length % 32);
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([
		cipher.update(plain),
		cipher.update(Buffer.alloc(pad, pad)),
		cipher.final(),
	]).toString('base64');
}

interface Signed {
	query: Record<string, string>;
	timestamp: string;
	nonce: string;
	token: string;
}

function signed(config: WeChatConfig, { now, secret }: Proof): Signed {
	const token = secret(config.callback?.token ?? '');
	const timestamp = String(Math.floor(now / 1000));
	const nonce = String(randomBytes(4).readUInt32BE());
	const query = { signature: sha1(token, timestamp, nonce), timestamp, nonce };
	return { query, timestamp, nonce, token };
}

/** What the console asks when the server address is saved. */
export async function checkAddress(config: WeChatConfig, caller: Caller): Promise<Callback> {
	const echostr = randomBytes(8).toString('hex');
	return await caller.call(undefined, (proof) => ({
		method: 'GET',
		query: { ...signed(config, proof).query, echostr },
		timeoutMs: PATIENCE_MS,
		accepts: (status, answer) => status === 200 && answer === echostr,
	}));
}

/** A message or event, plain or in the safe mode. */
export async function post(
	config: WeChatConfig,
	caller: Caller,
	fields: Record<string, string | number>,
	deed?: Deed,
): Promise<Callback> {
	const account = config.account ?? 'gh_sandbox';
	return await caller.call(deed, (proof) => {
		const { query, timestamp, nonce, token } = signed(config, proof);
		const CreateTime = Math.floor(proof.now / 1000);
		const plain = xml({ ToUserName: account, CreateTime, ...fields });
		const outgoing = {
			headers: { 'content-type': 'text/xml' },
			timeoutMs: PATIENCE_MS,
			retryHeaders: () => ({}),
			accepts: (status: number, answer: string) => status === 200 && isTaken(answer),
		};
		const openid = str(fields['FromUserName']);
		const aesKey = config.callback?.encodingAesKey;
		if (!aesKey) return { ...outgoing, query: { ...query, openid }, body: plain };
		const Encrypt = encrypt(aesKey, plain, config.appId);
		const msg_signature = sha1(token, timestamp, nonce, Encrypt);
		return {
			...outgoing,
			query: { ...query, openid, encrypt_type: 'aes', msg_signature },
			body: xml({ ToUserName: account, Encrypt }),
		};
	});
}

/** `success` or nothing; anything else WeChat would show to the person as an error. */
const isTaken = (answer: string): boolean => ['', 'success'].includes(answer);
