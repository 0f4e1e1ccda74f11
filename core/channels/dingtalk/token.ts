import { accessToken } from '../access-token';
import type { Json } from '../text';
import type { ChannelIo, Credential } from '../types';
import { modeOf } from './credential';
import { outcome } from './outcome';
import { tokenKey, tokenRequest } from './token-request';

/** The app's access token; a robot needs none. Throws OutcomeError where DingTalk refuses. */
export async function prepare(io: ChannelIo, credential: Credential): Promise<Json> {
	if (modeOf(credential) === 'robot') return {};
	return accessToken(io, {
		name: 'DingTalk',
		key: tokenKey(credential),
		request: () => tokenRequest(credential),
		outcome,
		fields: { token: ['accessToken', 'access_token'], life: ['expireIn', 'expires_in'] },
	});
}
