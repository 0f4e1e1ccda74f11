import { isObject, textIn, type Json } from '../text';
import { OutcomeError, type ChannelIo, type Credential } from '../types';
import { outcome } from './outcome';
import { tokenKey, tokenRequest } from './request';

const TIMEOUT_MS = 10_000;
const STANDARD_LIFE_S = 7200;

/** The account's access token, from the cache or from stable_token. Throws OutcomeError where WeChat refuses. */
export async function prepare(io: ChannelIo, credential: Credential): Promise<Json> {
	const token = await io.tokens.get(tokenKey(credential), async () => {
		const request = tokenRequest(credential);
		const response = await io.http(request, { timeoutMs: TIMEOUT_MS });
		const result = outcome(response, request);
		if (!result.ok) throw new OutcomeError(result);
		const body = isObject(response.body) ? response.body : {};
		return {
			token: textIn(body, 'access_token') ?? '',
			expiresInMs: Number(body.expires_in ?? STANDARD_LIFE_S) * 1000,
		};
	});
	return { token };
}
