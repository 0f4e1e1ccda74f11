import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';

import type { Proof } from '../two-way.ts';
import type { FeishuConfig, FeishuUser, Json } from './directory.ts';

export function encrypt(
	encryptKey: string,
	text: string,
	iv: Uint8Array = randomBytes(16),
): string {
	const key = createHash('sha256').update(encryptKey).digest();
	const cipher = createCipheriv('aes-256-cbc', key, iv);
	return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}

/** The bytes and headers of a call as Feishu makes it: encrypted and signed where an Encrypt Key is set. */
export function signedCall(
	event: Json,
	callback: NonNullable<FeishuConfig['callback']>,
	{ now, secret }: Pick<Proof, 'now' | 'secret'>,
): { body: string; headers: Record<string, string> } {
	const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' };
	const { encryptKey } = callback;
	if (!encryptKey) return { body: JSON.stringify(event), headers };
	const body = JSON.stringify({ encrypt: encrypt(encryptKey, JSON.stringify(event)) });
	// The URL check comes without a signature.
	if (event['type'] === 'url_verification') return { body, headers };
	const timestamp = String(Math.floor(now / 1000));
	const nonce = randomBytes(8).toString('hex');
	const signature = createHash('sha256')
		.update(timestamp + nonce + secret(encryptKey) + body)
		.digest('hex');
	return {
		body,
		headers: {
			...headers,
			'x-lark-request-timestamp': timestamp,
			'x-lark-request-nonce': nonce,
			'x-lark-signature': signature,
		},
	};
}

/** An event; without an Encrypt Key the Verification Token in it is all that proves it. */
export function eventOf(
	config: FeishuConfig,
	type: string,
	event: Json,
	{ now, secret }: Pick<Proof, 'now' | 'secret'>,
): Json {
	const { encryptKey, verificationToken = '' } = config.callback ?? {};
	return {
		schema: '2.0',
		header: {
			event_id: randomUUID().replaceAll('-', ''),
			token: encryptKey ? verificationToken : secret(verificationToken),
			create_time: String(now * 1000),
			event_type: type,
			tenant_key: 'sandbox_tenant',
			app_id: config.appId,
		},
		event,
	};
}

export const idsOf = ({ open_id, union_id, user_id }: FeishuUser): Json => ({
	open_id,
	...(union_id ? { union_id } : {}),
	...(user_id ? { user_id } : {}),
});
