import { accessToken } from '../access-token';
import type { Json } from '../text';
import type { ChannelIo, Credential } from '../types';
import { outcome } from './outcome';
import { tokenKey, tokenRequest } from './request';

/** The account's access token by stable_token. Throws OutcomeError where WeChat refuses. */
export const prepare = (io: ChannelIo, credential: Credential): Promise<Json> =>
	accessToken(io, {
		name: 'WeChat',
		key: tokenKey(credential),
		request: () => tokenRequest(credential),
		outcome,
		fields: { token: ['access_token'], life: ['expires_in'] },
	});
