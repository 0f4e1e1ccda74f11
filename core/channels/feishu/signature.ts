import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { ItsmNotifyError } from '../../errors';

/** A custom bot's `sign`: the text is the key and nothing is the message. `timestamp` in seconds. */
export const robotSign = (secret: string, timestamp: string): string =>
	createHmac('sha256', `${timestamp}\n${secret}`).digest('base64');

/** Hex SHA-256 that Feishu puts into `X-Lark-Signature`, over the raw (still encrypted) body. */
export const feishuSignature = (
	timestamp: string,
	nonce: string,
	encryptKey: string,
	rawBody: Uint8Array | string,
): string =>
	createHash('sha256')
		.update(timestamp + nonce + encryptKey)
		.update(rawBody)
		.digest('hex');

/** The older card callback signs with SHA-1 and the verification token. */
export const feishuCardSignature = (
	timestamp: string,
	nonce: string,
	verificationToken: string,
	rawBody: Uint8Array | string,
): string =>
	createHash('sha1')
		.update(timestamp + nonce + verificationToken)
		.update(rawBody)
		.digest('hex');

/** Equal in constant time; a blank one never is. */
export function same(expected: string, given: string | undefined): boolean {
	if (!expected || !given) return false;
	const [left, right] = [Buffer.from(expected), Buffer.from(given)];
	return left.length === right.length && timingSafeEqual(left, right);
}

/** The text behind `encrypt`: AES-256-CBC, the key is the SHA-256 of the Encrypt Key. Throws ItsmNotifyError `invalid_ciphertext` (401). */
export function feishuDecrypt(encryptKey: string, encrypted: string): string {
	const text = decrypted(encryptKey, Buffer.from(encrypted, 'base64'));
	if (text !== undefined) return text;
	throw new ItsmNotifyError(
		'invalid_ciphertext',
		'The callback cannot be decrypted: wrong key or damaged text.',
		{ status: 401 },
	);
}

function decrypted(encryptKey: string, bytes: Buffer): string | undefined {
	try {
		const key = createHash('sha256').update(encryptKey).digest();
		const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, 16));
		const plain = Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]);
		return plain.toString('utf8');
	} catch {
		return undefined;
	}
}
