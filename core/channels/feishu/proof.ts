import { isObject, textIn, type Json } from '../text';
import type { InboundRequest } from '../inbound';
import type { Credential } from '../types';
import { feishuCardSignature, feishuDecrypt, feishuSignature, same } from './signature';

/** Feishu names no window; a repeated call is signed anew. */
const WINDOW_S = 600;

export type Proved = { ok: true; body: Json } | { ok: false; status: 400 | 401; code: string };

const refused = (code: string, status: 400 | 401 = 401): Proved => ({ ok: false, status, code });

/** JSON object, or undefined. */
export function parseObject(text: string): Json | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/**
 * Is this call Feishu's? With an Encrypt Key the signature over the raw bytes decides, without one the Verification
 * Token inside the body. The URL check alone comes unsigned: it must be encrypted with the key, and bear the token.
 */
export function prove(request: InboundRequest, credential: Credential, now: Date): Proved {
	const key = textIn(credential, 'encryptKeySecret');
	const token = textIn(credential, 'verificationToken');
	if (!key && !token) return refused('no_secret');
	const signature = request.headers['x-lark-signature'];
	if (key && signature) {
		const wrong = signatureFault(request, key, now);
		// The older card callback is signed with the token, and never encrypted.
		if (wrong && !(token && isOldCardCall(request, token, now))) return refused(wrong);
	}
	const outer = parseObject(Buffer.from(request.rawBody).toString('utf8'));
	if (!outer)
		return refused(
			key && !signature ? 'missing_signature' : 'invalid_body',
			key && !signature ? 401 : 400,
		);
	const body = opened(outer, key);
	if (!body) return refused('invalid_ciphertext');
	if (key && signature) return { ok: true, body };
	if (key) {
		const isCheck = body.type === 'url_verification' && outer.encrypt !== undefined;
		if (!isCheck) return refused('missing_signature');
		return !token || same(token, tokenIn(body)) ? { ok: true, body } : refused('bad_token');
	}
	if (token && same(token, tokenIn(body))) return { ok: true, body };
	return token && signature && isOldCardCall(request, token, now)
		? { ok: true, body }
		: refused('bad_token');
}

interface Signed {
	timestamp: string;
	nonce: string;
	signature: string;
}

function signedOf({ headers }: InboundRequest): Signed | undefined {
	const timestamp = headers['x-lark-request-timestamp']?.trim();
	const nonce = headers['x-lark-request-nonce']?.trim();
	const signature = headers['x-lark-signature']?.trim().toLowerCase();
	return timestamp && nonce && signature ? { timestamp, nonce, signature } : undefined;
}

function signatureFault(request: InboundRequest, key: string, now: Date): string | undefined {
	const signed = signedOf(request);
	if (!signed) return 'missing_signature';
	const { timestamp, nonce, signature } = signed;
	if (!same(feishuSignature(timestamp, nonce, key, request.rawBody), signature))
		return 'bad_signature';
	return timeFault(timestamp, now);
}

function timeFault(timestamp: string, now: Date): string | undefined {
	if (!/^\d{1,10}$/.test(timestamp)) return 'malformed_timestamp';
	return Math.abs(now.getTime() / 1000 - Number(timestamp)) > WINDOW_S
		? 'stale_timestamp'
		: undefined;
}

function isOldCardCall(request: InboundRequest, token: string, now: Date): boolean {
	const signed = signedOf(request);
	if (!signed || timeFault(signed.timestamp, now)) return false;
	const { timestamp, nonce, signature } = signed;
	return same(feishuCardSignature(timestamp, nonce, token, request.rawBody), signature);
}

/** The body, decrypted where it is encrypted; undefined where it cannot be. */
function opened(outer: Json, key: string | undefined): Json | undefined {
	const { encrypt } = outer;
	if (encrypt === undefined) return outer;
	if (!key || typeof encrypt !== 'string') return undefined;
	try {
		return parseObject(feishuDecrypt(key, encrypt));
	} catch {
		return undefined;
	}
}

/** Version 2.0 carries the token in its header, older calls at the top. */
function tokenIn(body: Json): string | undefined {
	const inner = isObject(body.header) ? body.header.token : undefined;
	const value = inner ?? body.token;
	return typeof value === 'string' ? value : undefined;
}
