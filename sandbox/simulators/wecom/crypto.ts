import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** WeCom's side of WXBizMsgCrypt, written apart from the package's own, so that each checks the other. */
const keyOf = (encodingAesKey: string): Buffer => Buffer.from(`${encodingAesKey}=`, 'base64');

export const sign = (token: string, timestamp: string, nonce: string, encrypted: string): string =>
	createHash('sha1').update([token, timestamp, nonce, encrypted].sort().join('')).digest('hex');

export function encrypt(encodingAesKey: string, text: string, corpId: string): string {
	const key = keyOf(encodingAesKey);
	const words = Buffer.from(text);
	const size = Buffer.alloc(4);
	size.writeUInt32BE(words.length);
	const plain = Buffer.concat([randomBytes(16), size, words, Buffer.from(corpId)]);
	const padding = 32 - (plain.length % 32);
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	const padded = Buffer.concat([plain, Buffer.alloc(padding, padding)]);
	return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
}

/** The text, or an Error where the receiver or the padding is wrong. */
export function decrypt(encodingAesKey: string, encrypted: string, corpId: string): string {
	const key = keyOf(encodingAesKey);
	const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	const padded = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()]);
	const plain = padded.subarray(0, padded.length - padded.at(-1)!);
	const end = 20 + plain.readUInt32BE(16);
	if (plain.subarray(end).toString() !== corpId) throw new Error('the reply is for somebody else');
	return plain.subarray(20, end).toString();
}
