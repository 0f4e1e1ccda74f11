import { randomBytes } from 'node:crypto';

import { refuse } from './directory.ts';
import type { FeishuConfig, Json } from './directory.ts';

const HALF_HOUR_MS = 30 * 60_000;

/** The app's tenant access tokens; the same one as long as half an hour of it remains. */
export function createTokens(config: FeishuConfig, now: () => number) {
	const life = (config.tokenTtlSeconds ?? 7200) * 1000;
	const issued = new Map<string, number>();
	let current: string | undefined;
	return {
		issue(body: Json): Json {
			if (typeof body['app_id'] !== 'string' || typeof body['app_secret'] !== 'string')
				refuse(10003, 'invalid param', 200);
			if (body['app_id'] !== config.appId) refuse(10003, 'invalid param: app_id', 200);
			if (body['app_secret'] !== config.appSecret) refuse(10014, 'app secret invalid', 200);
			const until = current === undefined ? 0 : (issued.get(current) ?? 0);
			if (current === undefined || until - now() < Math.min(HALF_HOUR_MS, life / 2)) {
				current = `t-${randomBytes(20).toString('hex')}`;
				issued.set(current, now() + life);
			}
			const expire = Math.round((issued.get(current)! - now()) / 1000);
			return { code: 0, msg: 'ok', tenant_access_token: current, expire };
		},
		check(header: string | undefined): void {
			const token = /^Bearer (\S+)$/.exec(header ?? '')?.[1];
			if (token === undefined) refuse(99991661, 'Missing access token for authorization.');
			const until = issued.get(token);
			if (until === undefined || until <= now())
				refuse(
					99991663,
					'Invalid access token for authorization. Please make a request with token attached.',
				);
		},
		void(): void {
			issued.clear();
			current = undefined;
		},
	};
}
