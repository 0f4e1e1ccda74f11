import { createHmac, timingSafeEqual } from 'node:crypto';

/** `HMAC <base64>` of an outgoing webhook; the security token is base64 itself. */
export const outgoingSignature = (securityToken: string, rawBody: Uint8Array | string): string =>
	`HMAC ${createHmac('sha256', Buffer.from(securityToken, 'base64')).update(rawBody).digest('base64')}`;

/** True where the header is right; a blank token or header never is. Compared in constant time. */
export function verifyOutgoing(
	securityToken: string | undefined,
	authorization: string | undefined,
	rawBody: Uint8Array,
): boolean {
	if (!securityToken || !authorization) return false;
	const expected = Buffer.from(outgoingSignature(securityToken, rawBody));
	const given = Buffer.from(authorization.trim());
	return expected.length === given.length && timingSafeEqual(expected, given);
}
