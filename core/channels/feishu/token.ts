import { isObject, textIn, type Json } from '../text';
import { OutcomeError, type ChannelIo, type Credential } from '../types';
import { outcome } from './outcome';
import { isRobot, tokenKey, tokenRequest } from './request';

const TIMEOUT_MS = 10_000;
const STANDARD_LIFE_S = 7200;

/** The tenant access token, from the cache or fetched; a custom bot needs none. Throws OutcomeError where Feishu refuses. */
export async function prepare(io: ChannelIo, credential: Credential): Promise<Json> {
	if (isRobot(credential)) return {};
	const token = await io.tokens.get(tokenKey(credential), async () => {
		const request = tokenRequest(credential);
		const response = await io.http(request, { timeoutMs: TIMEOUT_MS });
		const result = outcome(response, request);
		if (!result.ok) throw new OutcomeError(result);
		const body = isObject(response.body) ? response.body : {};
		const fresh = textIn(body, 'tenant_access_token');
		if (!fresh) {
			throw new OutcomeError({
				ok: false,
				class: 'config',
				code: 'unexpected_answer',
				message: 'Feishu gave no access token: check the base URL of the credential.',
			});
		}
		return { token: fresh, expiresInMs: Number(body.expire ?? STANDARD_LIFE_S) * 1000 };
	});
	return { token };
}
