import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';

import type { FeishuConfig, FeishuUser, Json } from './directory.ts';

/** What came back from a call to us. */
export interface Called {
	event: Json;
	status: number;
	body: unknown;
}

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
	now: number,
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
		.update(timestamp + nonce + encryptKey + body)
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

export function eventOf(config: FeishuConfig, type: string, event: Json, now: number): Json {
	return {
		schema: '2.0',
		header: {
			event_id: randomUUID().replaceAll('-', ''),
			token: config.callback?.verificationToken ?? '',
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

/** Posts a call and reads the answer; three seconds, as Feishu waits. */
export async function postCall(
	url: string,
	event: Json,
	made: { body: string; headers: Record<string, string> },
): Promise<Called> {
	const response = await fetch(url, {
		method: 'POST',
		headers: made.headers,
		body: made.body,
		signal: AbortSignal.timeout(3000),
	});
	const text = await response.text();
	let body: unknown = text;
	try {
		body = JSON.parse(text);
	} catch {
		// An answer that is no JSON is shown as it came.
	}
	return { event, status: response.status, body };
}
