import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a button or link allows: one action on one ticket, offered to one person by one message. */
export interface TokenClaims {
	/** `<source>:<ticket_id>` */
	ticket_key: string;
	action: string;
	user_id: string;
	channel: string;
	delivery_id: string;
	/** The ticket's status as the message showed it: what the person decided upon. */
	status: string | null;
	/** Epoch seconds after which it is worth nothing. */
	expires: number;
}

export type TokenVerdict =
	| { ok: true; claims: TokenClaims }
	| { ok: false; code: 'token_wrong' | 'token_expired' };

const VERSION = 1;
const MAC_BYTES = 16;
const MAX_LENGTH = 1500;

const mac = (key: Uint8Array, body: string): Buffer =>
	createHmac('sha256', key)
		.update(`itsm-notify token v${VERSION}\n${body}`)
		.digest()
		.subarray(0, MAC_BYTES);

/** `<base64url claims>.<base64url mac>`; about 200 to 300 characters, so that it fits every channel's button. */
export function signToken(claims: TokenClaims, key: Uint8Array): string {
	const { ticket_key, action, user_id, channel, delivery_id, status, expires } = claims;
	const body = Buffer.from(
		JSON.stringify([VERSION, ticket_key, action, user_id, channel, delivery_id, status, expires]),
	).toString('base64url');
	return `${body}.${mac(key, body).toString('base64url')}`;
}

/** Checks the signature in constant time before anything is read. Never throws. */
export function readToken(token: string, key: Uint8Array, now: Date): TokenVerdict {
	const wrong = { ok: false, code: 'token_wrong' } as const;
	const match = token.length > MAX_LENGTH ? null : /^([\w-]+)\.([\w-]{22})$/.exec(token);
	if (!match) return wrong;
	const given = Buffer.from(match[2], 'base64url');
	const expected = mac(key, match[1]);
	if (given.length !== expected.length || !timingSafeEqual(given, expected)) return wrong;
	const claims = claimsOf(match[1]);
	if (!claims) return wrong;
	return claims.expires * 1000 > now.getTime()
		? { ok: true, claims }
		: { ok: false, code: 'token_expired' };
}

/** Only what we have signed comes here; another version of the package may have written it. */
function claimsOf(body: string): TokenClaims | undefined {
	let parts: unknown;
	try {
		parts = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
	} catch {
		return undefined;
	}
	if (!Array.isArray(parts) || parts[0] !== VERSION || parts.length !== 8) return undefined;
	const [, ticket_key, action, user_id, channel, delivery_id, status, expires] = parts as unknown[];
	const texts = [ticket_key, action, user_id, channel, delivery_id];
	if (!texts.every((part) => typeof part === 'string') || typeof expires !== 'number')
		return undefined;
	return {
		ticket_key,
		action,
		user_id,
		channel,
		delivery_id,
		status: typeof status === 'string' ? status : null,
		expires,
	} as TokenClaims;
}
