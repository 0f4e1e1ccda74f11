import { createHmac, timingSafeEqual } from 'node:crypto';

export type Digest = 'sha1' | 'sha256';
const LENGTH: Record<Digest, number> = { sha1: 20, sha256: 32 };

export const hmac = (
	digest: Digest,
	secret: string,
	...parts: Array<string | Uint8Array>
): Buffer => parts.reduce((mac, part) => mac.update(part), createHmac(digest, secret)).digest();

/** The bytes of a hex or base64 digest of the right length, else undefined. */
export function decodeDigest(
	value: string,
	encoding: 'hex' | 'base64',
	digest: Digest,
): Buffer | undefined {
	const shape = encoding === 'hex' ? /^[0-9a-f]+$/i : /^[A-Za-z0-9+/]+={0,2}$/;
	if (value.length > 128 || !shape.test(value)) return undefined;
	const bytes = Buffer.from(value, encoding);
	return bytes.length === LENGTH[digest] ? bytes : undefined;
}

/** Equality in constant time; the length is looked at first, because `timingSafeEqual` throws on unequal ones. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
	a.length === b.length && timingSafeEqual(a, b);

/** Whether any pair is equal; every pair is looked at, so that the time tells nothing of which one was. */
export function anyMatch(given: readonly Uint8Array[], expected: readonly Uint8Array[]): boolean {
	let found = false;
	for (const one of given) for (const other of expected) found = sameBytes(one, other) || found;
	return found;
}

/**
 * The secrets of a setting: an array, or text with one per line or comma (old and new one during a rotation).
 * Blank ones never count. A text that holds a comma may also be one secret as a whole.
 */
export function secretsOf(secret: unknown): string[] {
	const entries: unknown[] = Array.isArray(secret) ? secret : [secret];
	const texts = entries.filter((entry) => typeof entry === 'string').map((entry) => entry.trim());
	const parts = texts
		.flatMap((entry) => [entry, ...entry.split(/[\n\r,]+/)])
		.map((entry) => entry.trim());
	// Separators alone are a blank setting, not a secret made of a comma.
	return [...new Set(parts.filter((part) => /[^\s,]/.test(part)))].slice(0, 50);
}
