import { createHmac, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { Json } from './directory.ts';

const b64 = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export interface Keys {
	/** What the JWKS address answers. */
	jwks(): Json;
	/** `forged`: by a key that nobody publishes, under the name of one that is. */
	sign(claims: Json, forged?: boolean): string;
	/** A new key takes over; the old one is no longer published. */
	rotate(): void;
}

/** The keys with which calls to a bot are signed, with their endorsements. */
export function createKeys(): Keys {
	let kid = '';
	let privateKey: KeyObject;
	let jwk: Json = {};
	const rotate = (): void => {
		const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
		kid = randomBytes(8).toString('hex');
		privateKey = pair.privateKey;
		jwk = {
			...pair.publicKey.export({ format: 'jwk' }),
			use: 'sig',
			kid,
			x5t: kid,
			endorsements: ['msteams'],
		};
	};
	rotate();
	const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
	return {
		rotate,
		jwks: () => ({ keys: [jwk] }),
		sign(claims, forged = false) {
			const input = `${b64({ typ: 'JWT', alg: 'RS256', kid, x5t: kid })}.${b64(claims)}`;
			return `${input}.${createSign('RSA-SHA256')
				.update(input)
				.sign(forged ? stranger : privateKey, 'base64url')}`;
		},
	};
}

export const hmacHeader = (token: string, body: string): string =>
	`HMAC ${createHmac('sha256', Buffer.from(token, 'base64')).update(body).digest('base64')}`;
