import { decodeProtectedHeader, importJWK, jwtVerify, type JWK } from 'jose';

import { fingerprint } from '../credential';
import type { InboundContext } from '../inbound';
import { isObject, textIn, type Json } from '../text';
import type { Credential } from '../types';

const METADATA = 'https://login.botframework.com/v1/.well-known/openidconfiguration';
const ISSUER = 'https://api.botframework.com';
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];
const HOUR_MS = 3600_000;
const SKEW_S = 300;
const TIMEOUT_MS = 5000;

type Key = JWK & { endorsements?: unknown };
type Verified = { ok: true; claims: Json; endorsements?: string[] } | { ok: false; code: string };

interface Keys {
	/** Epoch ms at which they were fetched. */
	at: number;
	keys: Key[];
}

const no = (code: string): Verified => ({ ok: false, code });

/** Verifies a token of the Bot Framework: signature by a published key, issuer, audience, times. Never throws. */
export async function verifyToken(
	authorization: string | undefined,
	{ credential, now, io }: InboundContext,
): Promise<Verified> {
	const appId = textIn(credential, 'appId');
	if (!appId) return no('no_secret');
	const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization?.trim() ?? '')?.[1];
	if (!token) return no('missing_signature');
	try {
		const { alg, kid } = decodeProtectedHeader(token);
		if (!alg || !ALGORITHMS.includes(alg) || !kid) return no('bad_signature');
		const key = await keyOf(kid, credential, now, io);
		if (!key) return no('unknown_key');
		const { payload } = await jwtVerify(token, await importJWK(key, alg), {
			algorithms: ALGORITHMS,
			issuer: textIn(credential, 'issuer') ?? ISSUER,
			audience: appId,
			clockTolerance: SKEW_S,
			currentDate: now,
			requiredClaims: ['exp', 'iss', 'aud'],
		});
		const { endorsements } = key;
		return {
			ok: true,
			claims: payload,
			...(Array.isArray(endorsements) ? { endorsements: endorsements.map(String) } : {}),
		};
	} catch (error) {
		const { code } = error as { code?: unknown };
		if (code === 'ERR_JWT_EXPIRED') return no('stale_timestamp');
		return no(code === 'ERR_JWT_CLAIM_VALIDATION_FAILED' ? 'bad_token' : 'bad_signature');
	}
}

/** The published key; all are fetched again for an unknown one, at most once an hour. */
async function keyOf(
	kid: string,
	credential: Credential,
	now: Date,
	io: InboundContext['io'],
): Promise<Key | undefined> {
	const url = textIn(credential, 'openIdMetadataUrl') ?? METADATA;
	const cacheKey = `teams-keys:${fingerprint(url)}`;
	const get = async (): Promise<{ text: string; known: Keys }> => {
		const text = await io.tokens.get(cacheKey, async () => ({
			token: JSON.stringify({ at: now.getTime(), keys: await fetchKeys(url, io) }),
			expiresInMs: 24 * HOUR_MS,
		}));
		return { text, known: JSON.parse(text) as Keys };
	};
	const find = ({ keys }: Keys): Key | undefined => keys.find((one) => one.kid === kid);
	const { text, known } = await get();
	const found = find(known);
	if (found || now.getTime() - known.at < HOUR_MS) return found;
	io.tokens.drop(cacheKey, text);
	return find((await get()).known);
}

async function fetchKeys(url: string, io: InboundContext['io']): Promise<Key[]> {
	const read = async (address: string): Promise<Json> => {
		const { status, body } = await io.http(
			{ kind: 'http', method: 'GET', url: address },
			{ timeoutMs: TIMEOUT_MS },
		);
		if (status !== 200 || !isObject(body)) throw new Error(`no keys: HTTP ${status}`);
		return body;
	};
	const { jwks_uri: address } = await read(url);
	const { keys } = await read(String(address));
	return Array.isArray(keys) ? keys.filter((one): one is Key => isObject(one)) : [];
}
