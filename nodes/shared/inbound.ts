import { createHash, timingSafeEqual } from 'node:crypto';

import { verifySource, type SourceId } from '../../core/events';

export type Authentication = 'none' | 'headerToken' | 'basicAuth' | 'signature';

export interface InboundRequest {
	body: unknown;
	rawBody?: Buffer;
	headers: Record<string, string | undefined>;
	query?: Record<string, string>;
}

/** Equal texts, compared in constant time whatever their lengths. */
export function sameSecret(given: string, expected: string): boolean {
	const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(given), digest(expected));
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Is this request who it says it is? Fails closed: no credential, a blank secret or a source without signatures
 * is a refusal. `code` says why, for the log; the sender learns no more than 401.
 */
export function authenticate(
	mode: Authentication,
	credential: Record<string, unknown> | undefined,
	source: SourceId | 'auto',
	request: InboundRequest,
	now: Date,
): { ok: true } | { ok: false; code: string } {
	if (mode === 'none') return { ok: true };
	if (!credential) return { ok: false, code: 'no_credential' };
	if (mode === 'headerToken') return byHeader(credential, request);
	if (mode === 'basicAuth') return byBasicAuth(credential, request);
	const secret = text(credential.signingSecret).trim();
	if (secret === '') return { ok: false, code: 'no_secret' };
	if (source === 'auto') return { ok: false, code: 'signature_needs_source' };
	return verifySource(source, secret, request, now);
}

function byHeader(
	credential: Record<string, unknown>,
	request: InboundRequest,
): { ok: true } | { ok: false; code: string } {
	const token = text(credential.token);
	const name = text(credential.headerName).trim().toLowerCase() || 'x-itsm-token';
	if (token === '') return { ok: false, code: 'no_secret' };
	const given = request.headers[name];
	if (!given) return { ok: false, code: 'header_missing' };
	const bare = name === 'authorization' ? given.replace(/^(bearer|token)\s+/i, '') : given;
	return sameSecret(given, token) || sameSecret(bare, token)
		? { ok: true }
		: { ok: false, code: 'header_wrong' };
}

function byBasicAuth(
	credential: Record<string, unknown>,
	request: InboundRequest,
): { ok: true } | { ok: false; code: string } {
	const user = text(credential.user);
	const password = text(credential.password);
	if (user === '' || password === '') return { ok: false, code: 'no_secret' };
	const match = /^basic\s+([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '');
	if (!match) return { ok: false, code: 'header_missing' };
	const given = Buffer.from(match[1], 'base64').toString('utf8');
	return sameSecret(given, `${user}:${password}`)
		? { ok: true }
		: { ok: false, code: 'basic_auth_wrong' };
}
