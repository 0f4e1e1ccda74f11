import { createCipheriv, createHash, randomBytes } from 'node:crypto';

import type { WeChatConfig } from './state.ts';

/** A call to the server address and what was answered. */
export interface WeChatCall {
	status: number;
	body: string;
	sent: { url: string; body: string };
}

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

export interface Calling {
	config: WeChatConfig;
	url: string;
	now: number;
}

function signed({ config, now }: Calling): {
	query: URLSearchParams;
	timestamp: string;
	nonce: string;
	token: string;
} {
	const token = config.callback?.token ?? '';
	const timestamp = String(Math.floor(now / 1000));
	const nonce = String(randomBytes(4).readUInt32BE());
	const query = new URLSearchParams({ signature: sha1(token, timestamp, nonce), timestamp, nonce });
	return { query, timestamp, nonce, token };
}

const at = (url: string, query: URLSearchParams): string =>
	`${url}${url.includes('?') ? '&' : '?'}${query}`;

/** What the console asks when the server address is saved. */
export async function checkAddress(calling: Calling): Promise<WeChatCall & { ok: boolean }> {
	const { query } = signed(calling);
	const echostr = randomBytes(8).toString('hex');
	query.set('echostr', echostr);
	const url = at(calling.url, query);
	const response = await fetch(url);
	const body = await response.text();
	return {
		status: response.status,
		body,
		ok: response.status === 200 && body === echostr,
		sent: { url, body: '' },
	};
}

/** A message or event, plain or in the safe mode. */
export async function post(
	calling: Calling,
	fields: Record<string, string | number>,
): Promise<WeChatCall> {
	const { config } = calling;
	const { query, timestamp, nonce, token } = signed(calling);
	const account = config.account ?? 'gh_sandbox';
	const openid = str(fields['FromUserName']);
	query.set('openid', openid);
	let body = xml({ ToUserName: account, CreateTime: Math.floor(calling.now / 1000), ...fields });
	const aesKey = config.callback?.encodingAesKey;
	if (aesKey) {
		const Encrypt = encrypt(aesKey, body, config.appId);
		query.set('encrypt_type', 'aes');
		query.set('msg_signature', sha1(token, timestamp, nonce, Encrypt));
		body = xml({ ToUserName: account, Encrypt });
	}
	const url = at(calling.url, query);
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'text/xml' },
		body,
	});
	return { status: response.status, body: await response.text(), sent: { url, body } };
}

const str = (value: unknown): string => (value === undefined ? '' : String(value));
