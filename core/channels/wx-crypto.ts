import { createCipheriv, createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';

import { ItsmNotifyError } from '../errors';

/** WXBizMsgCrypt (facts/channels.md §3.3): WeCom's callbacks, WeChat's safe mode, DingTalk's events. */
const BLOCK = 32;
const HEAD = 20;

const refuse = (why: string): never => {
	throw new ItsmNotifyError('invalid_ciphertext', `The callback cannot be decrypted: ${why}.`, {
		status: 401,
	});
};

/** The 32-byte key behind the 43 characters of an EncodingAESKey. Throws `invalid_credential`. */
function keyOf(encodingAesKey: string): Buffer {
	const key = Buffer.from(`${encodingAesKey}=`, 'base64');
	if (/^[0-9A-Za-z+/]{43}$/.test(encodingAesKey) && key.length === BLOCK) return key;
	throw new ItsmNotifyError(
		'invalid_credential',
		'Encoding AES Key must be the 43 characters of the callback settings.',
		{ field: 'encodingAesKey' },
	);
}

/** Hex SHA-1 of the sorted, joined parts. */
export const wxSignature = (
	token: string,
	timestamp: string,
	nonce: string,
	encrypted: string,
): string =>
	createHash('sha1').update([token, timestamp, nonce, encrypted].sort().join('')).digest('hex');

/** True where `signature` is that of the parts; a blank token or signature never is. Compared in constant time. */
export function verifyWxSignature(
	given: { signature?: string; timestamp?: string; nonce?: string; encrypted?: string },
	token: string,
): boolean {
	const { signature, timestamp, nonce, encrypted } = given;
	if (!token || !signature || !timestamp || !nonce || !encrypted) return false;
	const expected = Buffer.from(wxSignature(token, timestamp, nonce, encrypted));
	const actual = Buffer.from(signature.toLowerCase());
	return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** The message and whom it is for (corp id, app id). Throws ItsmNotifyError `invalid_ciphertext` (401). */
export function wxDecrypt(
	encodingAesKey: string,
	encrypted: string,
	receiveId?: string,
): { message: string; receiveId: string } {
	const key = keyOf(encodingAesKey);
	const plain = unpad(decrypt(key, encrypted));
	if (plain.length < HEAD) refuse('it is too short');
	const end = HEAD + plain.readUInt32BE(16);
	if (end > plain.length) refuse('its length is wrong');
	const found = plain.subarray(end).toString('utf8');
	if (receiveId !== undefined && found !== receiveId) refuse('it is for somebody else');
	return { message: plain.subarray(HEAD, end).toString('utf8'), receiveId: found };
}

function decrypt(key: Buffer, encrypted: string): Buffer {
	try {
		const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(
			false,
		);
		return Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()]);
	} catch {
		return refuse('wrong key or damaged text');
	}
}

function unpad(padded: Buffer): Buffer {
	const count = padded.at(-1) ?? 0;
	if (count < 1 || count > BLOCK || count > padded.length) refuse('wrong key or damaged text');
	return padded.subarray(0, padded.length - count);
}

/** A message for the callback's answer. `random` are 16 bytes, fresh for each message. */
export function wxEncrypt(
	encodingAesKey: string,
	message: string,
	receiveId: string,
	random: Uint8Array,
): string {
	if (random.length !== 16) throw new RangeError('random must be 16 bytes');
	const key = keyOf(encodingAesKey);
	const body = Buffer.from(message, 'utf8');
	const length = Buffer.alloc(4);
	length.writeUInt32BE(body.length);
	const plain = Buffer.concat([random, length, body, Buffer.from(receiveId, 'utf8')]);
	const count = BLOCK - (plain.length % BLOCK);
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([
		cipher.update(plain),
		cipher.update(Buffer.alloc(count, count)),
		cipher.final(),
	]).toString('base64');
}
