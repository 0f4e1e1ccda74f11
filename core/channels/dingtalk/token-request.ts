import { fingerprint } from '../credential';
import type { Credential, HttpRequest } from '../types';
import { api, appKey, appSecret, modeOf, oapi } from './credential';

/** Work notices take the token of the old API, everything else that of the new one. */
const isOld = (credential: Credential): boolean => modeOf(credential) === 'notice';

/** One token per API, base and app; the key shows none of them. */
export const tokenKey = (credential: Credential): string =>
	modeOf(credential) === 'robot'
		? 'dingtalk:robot'
		: `dingtalk:${fingerprint(isOld(credential), isOld(credential) ? oapi(credential) : api(credential), appKey(credential), appSecret(credential))}`;

export function tokenRequest(credential: Credential): HttpRequest {
	const [key, secret] = [appKey(credential), appSecret(credential)];
	if (isOld(credential)) {
		const query = new URLSearchParams({ appkey: key, appsecret: secret });
		return { kind: 'http', method: 'GET', url: `${oapi(credential)}/gettoken?${query}` };
	}
	return {
		kind: 'http',
		method: 'POST',
		url: `${api(credential)}/v1.0/oauth2/accessToken`,
		headers: { 'content-type': 'application/json; charset=utf-8' },
		body: { appKey: key, appSecret: secret },
	};
}
