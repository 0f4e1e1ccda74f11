import { caught } from '../../errors';
import type { InboundContext, InboundRequest, InboundResult } from '../inbound';
import { textIn, type Json } from '../text';
import type { Credential } from '../types';
import { verifyWxSignature, wxDecrypt, wxEncrypt, wxSignature } from '../wx-crypto';
import { answer, isFresh, readBody, refused } from './inbound-parts';

const WINDOW_MS = 3_600_000;

/** The encrypted `success` without which DingTalk sends the event again. `random`: 16 bytes. */
export function eventAnswer(
	secrets: { token: string; aesKey: string; receiveId: string },
	timestamp: string,
	nonce: string,
	random: Uint8Array,
): Json {
	const encrypt = wxEncrypt(secrets.aesKey, 'success', secrets.receiveId, random);
	return {
		msg_signature: wxSignature(secrets.token, timestamp, nonce, encrypt),
		timeStamp: timestamp,
		nonce,
		encrypt,
	};
}

/** An event subscription: verified, decrypted, answered. No event of DingTalk says anything about a ticket. */
export function receiveEvent(
	{ query, rawBody }: InboundRequest,
	{ credential, now, random }: InboundContext,
): InboundResult {
	const token = textIn(credential, 'eventToken');
	const aesKey = textIn(credential, 'eventAesKeySecret');
	if (!token || !aesKey) return refused('no_secret');
	const { timestamp, nonce } = query;
	const signature = query.msg_signature ?? query.signature;
	const encrypted = textIn(readBody(rawBody) ?? {}, 'encrypt');
	if (!verifyWxSignature({ signature, timestamp, nonce, encrypted }, token))
		return refused(signature ? 'signature_wrong' : 'signature_missing');
	if (!timestamp || !isFresh(timestamp, now, WINDOW_MS)) return refused('signature_stale');
	const receiveId = decryptedFor(credential, aesKey, encrypted ?? '');
	if (receiveId === undefined) return refused('invalid_ciphertext');
	const made = eventAnswer(
		{ token, aesKey, receiveId },
		String(now.getTime()),
		Buffer.from(random(8)).toString('hex'),
		random(16),
	);
	return { kind: 'answered', answer: answer(made) };
}

/** For whom the event is: the app, or its organisation; undefined where it cannot be read or is for somebody else. */
function decryptedFor(
	credential: Credential,
	aesKey: string,
	encrypted: string,
): string | undefined {
	const read = caught(() => wxDecrypt(aesKey, encrypted));
	const ours = [textIn(credential, 'appKey'), textIn(credential, 'corpId')];
	return read.ok && ours.includes(read.value.receiveId) ? read.value.receiveId : undefined;
}
