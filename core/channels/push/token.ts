import { ItsmNotifyError } from '../../errors';
import { fingerprint, httpUrl, required } from '../credential';
import { httpFailure } from '../http-outcome';
import { isObject, textIn, type Json } from '../text';
import { OutcomeError, type ChannelIo, type Credential, type Failure } from '../types';
import { hasApns } from './apns';
import { hasFcm, serviceAccount } from './fcm';

const OAUTH = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const TIMEOUT_MS = 10_000;
/** Apple refuses tokens over 60 minutes, and new ones more often than every 20. */
const APNS_LIFE_MS = 50 * 60_000;

/** The names hold "token", so that redaction knows the values for secrets. */
export const apnsTokenKey = (credential: Credential): string =>
	`apns-token:${fingerprint(credential.apnsTeamId, credential.apnsKeyId, credential.apnsPrivateKey)}`;
export const fcmTokenKey = (credential: Credential): string =>
	`fcm-token:${fingerprint(credential.fcmServiceAccountSecret, credential.fcmOauthUrl)}`;

/** A PEM that went through a field of one line, as it was. Throws `invalid_credential`. */
function pem(text: string, field: string): string {
	const [, body] =
		/-----BEGIN PRIVATE KEY-----([\s\S]+?)-----END PRIVATE KEY-----/.exec(
			text.replace(/\\n/g, '\n'),
		) ?? [];
	const packed = body?.replace(/\s+/g, '');
	if (!packed || !/^[A-Za-z0-9+/]+=*$/.test(packed)) return invalid(field);
	return `-----BEGIN PRIVATE KEY-----\n${packed.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

function invalid(field: string): never {
	throw new ItsmNotifyError(
		'invalid_credential',
		'A private key of the Push credential is no PEM that begins with BEGIN PRIVATE KEY.',
		{ field },
	);
}

async function sign(
	alg: 'ES256' | 'RS256',
	key: string,
	field: string,
	head: { kid?: string; typ?: string },
	claims: Json,
): Promise<string> {
	const { importPKCS8, SignJWT } = await import('jose');
	const privateKey = await importPKCS8(pem(key, field), alg).catch(() => invalid(field));
	return new SignJWT(claims).setProtectedHeader({ alg, ...head }).sign(privateKey);
}

const apnsToken = (io: ChannelIo, credential: Credential): Promise<string> =>
	io.tokens.get(apnsTokenKey(credential), async () => ({
		token: await sign(
			'ES256',
			required(credential, 'apnsPrivateKey', 'APNs Private Key', 'Push'),
			'apnsPrivateKey',
			{ kid: required(credential, 'apnsKeyId', 'APNs Key ID', 'Push') },
			{
				iss: required(credential, 'apnsTeamId', 'APNs Team ID', 'Push'),
				iat: Math.floor(io.now().getTime() / 1000),
			},
		),
		expiresInMs: APNS_LIFE_MS,
	}));

const fcmToken = (io: ChannelIo, credential: Credential): Promise<string> =>
	io.tokens.get(fcmTokenKey(credential), async () => {
		const { clientEmail, privateKey, privateKeyId } = serviceAccount(credential);
		const iat = Math.floor(io.now().getTime() / 1000);
		const assertion = await sign(
			'RS256',
			privateKey,
			'fcmServiceAccountSecret',
			{ typ: 'JWT', ...(privateKeyId ? { kid: privateKeyId } : {}) },
			{ iss: clientEmail, scope: SCOPE, aud: OAUTH, iat, exp: iat + 3600 },
		);
		const url = textIn(credential, 'fcmOauthUrl') ?? OAUTH;
		const response = await io.http(
			{
				kind: 'http',
				method: 'POST',
				url: httpUrl(url, 'fcmOauthUrl', 'Firebase OAuth URL', 'Push'),
				headers: { 'content-type': 'application/x-www-form-urlencoded' },
				body: new URLSearchParams({
					grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
					assertion,
				}).toString(),
			},
			{ timeoutMs: TIMEOUT_MS },
		);
		const body = isObject(response.body) ? response.body : {};
		const token = textIn(body, 'access_token');
		if (response.status === 200 && token)
			return { token, expiresInMs: Number(body.expires_in ?? 3599) * 1000 };
		const code = textIn(body, 'error');
		const failure: Failure = code
			? {
					ok: false,
					class: 'config',
					code,
					message: `Google refused the service account: ${code} ${textIn(body, 'error_description') ?? ''}`,
				}
			: httpFailure(response, 'Google');
		throw new OutcomeError(failure);
	});

/**
 * What both services are told who we are by, each under its token key. A fault of one does not stop the other: it
 * stands under `apnsFault` or `fcmFault`, for the devices that need it.
 */
export async function prepare(io: ChannelIo, credential: Credential): Promise<Json> {
	const prepared: Json = {};
	const both = hasApns(credential) && hasFcm(credential);
	const attempt = async (key: string, fault: string, get: () => Promise<string>): Promise<void> => {
		await get().then(
			(token) => (prepared[key] = token),
			(error: unknown) => (prepared[fault] = kept(error, both)),
		);
	};
	if (hasApns(credential))
		await attempt(apnsTokenKey(credential), 'apnsFault', () => apnsToken(io, credential));
	if (hasFcm(credential))
		await attempt(fcmTokenKey(credential), 'fcmFault', () => fcmToken(io, credential));
	if (!hasApns(credential) && !hasFcm(credential)) {
		throw new ItsmNotifyError(
			'invalid_credential',
			'The Push credential has neither an APNs key nor a Firebase service account.',
			{ field: 'apnsPrivateKey' },
		);
	}
	return prepared;
}

function kept(error: unknown, isOptional: boolean): unknown {
	if (isOptional) return error;
	throw error;
}
