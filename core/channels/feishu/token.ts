import { accessToken } from '../access-token';
import type { Json } from '../text';
import type { ChannelIo, Credential } from '../types';
import { outcome } from './outcome';
import { isRobot, tokenKey, tokenRequest } from './request';

/** The tenant access token; a custom bot needs none. Throws OutcomeError where Feishu refuses. */
export async function prepare(io: ChannelIo, credential: Credential): Promise<Json> {
	if (isRobot(credential)) return {};
	return accessToken(io, {
		name: 'Feishu',
		key: tokenKey(credential),
		request: () => tokenRequest(credential),
		outcome,
		fields: { token: ['tenant_access_token'], life: ['expire'] },
	});
}
