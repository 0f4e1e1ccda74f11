import { createHash } from 'node:crypto';

import { caught } from '../../errors';
import { bytes, cut } from '../cut';
import type {
	Inbound,
	InboundAnswer,
	InboundContext,
	InboundRequest,
	InboundResult,
} from '../inbound';
import { sameText } from '../same-text';
import { clean, isObject, textIn, type Json } from '../text';
import type { Credential } from '../types';
import { verifyWxSignature, wxDecrypt } from '../wx-crypto';
import { readXml } from '../xml';
import { callOf } from './calls';
import { WECHAT } from './limits';
import { customerText } from './request';

/** WeChat names no window; it repeats an unanswered call within seconds. */
const WINDOW_S = 600;

const refused = (code: string, status: 400 | 401 = 401): InboundResult => ({
	kind: 'refused',
	status,
	code,
});
const plain = (body: string): InboundAnswer => ({
	status: 200,
	headers: { 'content-type': 'text/plain; charset=utf-8' },
	body,
});

/** Hex SHA-1 of the sorted token, timestamp and nonce. */
export const plainSignature = (token: string, timestamp: string, nonce: string): string =>
	createHash('sha1').update([token, timestamp, nonce].sort().join('')).digest('hex');

/** Why the query proves nothing; undefined where it does. */
function unproven(
	{ query }: InboundRequest,
	{ credential, now }: InboundContext,
): string | undefined {
	const token = textIn(credential, 'callbackToken');
	if (!token) return 'no_secret';
	const { signature, timestamp, nonce } = query;
	if (!signature || !timestamp || !nonce) return 'signature_missing';
	if (!sameText(signature.toLowerCase(), plainSignature(token, timestamp, nonce)))
		return 'signature_wrong';
	const isFresh =
		/^\d{9,11}$/.test(timestamp) && Math.abs(now.getTime() / 1000 - Number(timestamp)) <= WINDOW_S;
	return isFresh ? undefined : 'signature_stale';
}

const xmlIn = (text: string): Json | undefined => {
	const read = caught(() => readXml(text));
	return read.ok && isObject(read.value.xml) ? read.value.xml : undefined;
};

/** The message of a safe mode call, or the code of its refusal. */
function decrypted(
	{ query }: InboundRequest,
	body: Json,
	credential: Credential,
	key: string,
): string | { code: string } {
	const encrypted = textIn(body, 'Encrypt');
	const { msg_signature: signature, timestamp, nonce } = query;
	const token = textIn(credential, 'callbackToken') ?? '';
	if (!encrypted || !signature) return { code: 'signature_missing' };
	if (!verifyWxSignature({ signature, timestamp, nonce, encrypted }, token))
		return { code: 'signature_wrong' };
	const appId = textIn(credential, 'appId');
	const read = caught(() => wxDecrypt(key, encrypted, appId ?? ''));
	return read.ok ? read.value.message : { code: read.error.code };
}

/** The check of the address (GET), or a message or event (POST): plain, or encrypted where the credential has a key. */
function receive(request: InboundRequest, context: InboundContext): InboundResult {
	const why = unproven(request, context);
	if (why) return refused(why);
	if (request.method === 'GET')
		return { kind: 'answered', answer: plain(request.query.echostr ?? '') };
	const { credential } = context;
	const key = textIn(credential, 'encodingAesKeySecret');
	let message = xmlIn(Buffer.from(request.rawBody).toString('utf8'));
	if (!message) return refused('unreadable_body', 400);
	if (key) {
		// With a key nothing plain is taken: the plain signature does not cover the body.
		const text = decrypted(request, message, credential, key);
		if (typeof text !== 'string') return refused(text.code);
		message = xmlIn(text);
		if (!message) return refused('unreadable_body', 400);
	}
	const call = callOf(message);
	return call
		? { kind: 'calls', calls: [call], answer: plain('success') }
		: { kind: 'answered', answer: plain('success') };
}

const respond: Inbound['respond'] = (text, reply, { credential, prepared, now }) => {
	const openid = textIn(reply, 'openid');
	const at = Number(reply.at ?? 0);
	if (!openid || now.getTime() - at > WECHAT.answerMs) return undefined;
	return customerText(
		credential,
		openid,
		cut(clean(text).trim(), WECHAT.text, bytes) || '–',
		prepared,
	);
};

export const inbound: Inbound = { receive, respond };
