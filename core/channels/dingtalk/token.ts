import { isObject, textIn, type Json } from '../text';
import { OutcomeError, type ChannelIo, type Credential } from '../types';
import { modeOf } from './credential';
import { outcome } from './outcome';
import { tokenKey, tokenRequest } from './token-request';

const TIMEOUT_MS = 10_000;
const STANDARD_LIFE_S = 7200;

/** The app's access token, from the cache or fresh; a robot needs none. Throws OutcomeError where DingTalk refuses. */
export async function prepare(io: ChannelIo, credential: Credential): Promise<Json> {
	if (modeOf(credential) === 'robot') return {};
	const token = await io.tokens.get(tokenKey(credential), async () => {
		const request = tokenRequest(credential);
		const response = await io.http(request, { timeoutMs: TIMEOUT_MS });
		const result = outcome(response, request);
		if (!result.ok) throw new OutcomeError(result);
		const body = isObject(response.body) ? response.body : {};
		const fresh = textIn(body, 'accessToken', 'access_token');
		if (!fresh) {
			throw new OutcomeError({
				ok: false,
				class: 'config',
				code: 'unexpected_answer',
				message: 'DingTalk gave no access token: check the base URLs of the credential.',
			});
		}
		return {
			token: fresh,
			expiresInMs: Number(body.expireIn ?? body.expires_in ?? STANDARD_LIFE_S) * 1000,
		};
	});
	return { token };
}
