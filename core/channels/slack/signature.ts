import { createHmac, timingSafeEqual } from 'node:crypto';

export type SlackSignature =
	| { ok: true }
	| {
			ok: false;
			code:
				| 'no_secret'
				| 'missing_signature'
				| 'missing_timestamp'
				| 'malformed_timestamp'
				| 'bad_signature'
				| 'stale_timestamp';
	  };

const WINDOW_S = 300;

/** `v0=` + hex HMAC-SHA256 of `v0:<timestamp>:<raw body>` under the signing secret. */
export function slackSignature(
	secret: string,
	timestamp: string,
	rawBody: Uint8Array | string,
): string {
	return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(rawBody).digest('hex')}`;
}

/**
 * Checks the headers of a callback against its raw bytes; older or newer than five minutes is stale.
 * A blank secret or header is never enough.
 */
export function verifySlackSignature(
	secret: string,
	given: { timestamp?: string; signature?: string; rawBody: Uint8Array | string },
	now: Date,
): SlackSignature {
	const { timestamp, signature, rawBody } = given;
	if (!secret.trim()) return { ok: false, code: 'no_secret' };
	if (!signature) return { ok: false, code: 'missing_signature' };
	if (!timestamp) return { ok: false, code: 'missing_timestamp' };
	if (!/^\d{1,15}$/.test(timestamp)) return { ok: false, code: 'malformed_timestamp' };
	const expected = Buffer.from(slackSignature(secret, timestamp, rawBody));
	const actual = Buffer.from(signature);
	if (expected.length !== actual.length || !timingSafeEqual(expected, actual))
		return { ok: false, code: 'bad_signature' };
	if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > WINDOW_S)
		return { ok: false, code: 'stale_timestamp' };
	return { ok: true };
}
