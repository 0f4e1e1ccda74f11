import { createPublicKey, createVerify } from 'node:crypto';

export type Json = Record<string, unknown>;

const read = (part: string): Json =>
	JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json;

/** Header and claims of a token whose signature holds; undefined where it does not. */
export function verified(
	jwt: string,
	publicKey: string,
	alg: 'ES256' | 'RS256',
): { head: Json; claims: Json } | undefined {
	const [head, claims, signature] = jwt.split('.');
	if (!head || !claims || !signature) return undefined;
	const verify = createVerify('sha256').update(`${head}.${claims}`);
	const key = createPublicKey(publicKey);
	// Apple takes r and s as they are, no DER.
	const isGood = verify.verify(
		{ key, ...(alg === 'ES256' ? { dsaEncoding: 'ieee-p1363' as const } : {}) },
		signature,
		'base64url',
	);
	const parsed = { head: read(head), claims: read(claims) };
	return isGood && parsed.head['alg'] === alg ? parsed : undefined;
}
