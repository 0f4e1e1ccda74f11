import { accessToken } from '../access-token';
import type { Json } from '../text';
import type { ChannelIo, Credential } from '../types';
import { outcome } from './outcome';
import { isRobot, tokenKey, tokenRequest } from './request';

/** The app's access token by gettoken; a robot needs none. Throws OutcomeError where WeCom refuses. */
export async function prepare(io: ChannelIo, credential: Credential): Promise<Json> {
	if (isRobot(credential)) return {};
	return accessToken(io, {
		name: 'WeCom',
		key: tokenKey(credential),
		request: () => tokenRequest(credential),
		outcome,
		fields: { token: ['access_token'], life: ['expires_in'] },
	});
}
