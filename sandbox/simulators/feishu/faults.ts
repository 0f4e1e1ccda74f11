import { randomBytes } from 'node:crypto';

import type { Fault } from '../faults.ts';
import type { Answer, Call } from '../http.ts';

export const wrong = (code: number, msg: string, status: number, headers = {}): Answer => ({
	status,
	headers: { ...headers, 'x-tt-logid': randomBytes(8).toString('hex') },
	body: { code, msg },
});

/** What a fault looks like in Feishu's words. */
export function spell(fault: Fault, call: Call): Answer | undefined {
	const isRobot = call.path.includes('/bot/v2/hook/');
	const isToken = call.path.includes('/tenant_access_token/');
	if (fault.kind === '429') {
		if (isRobot) return wrong(11232, 'frequency limited', 200);
		const wait = String(fault.wait ?? 1);
		return wrong(99991400, 'request trigger frequency limit', 429, {
			'x-ogw-ratelimit-reset': wait,
		});
	}
	if (fault.kind === '5xx')
		return { status: fault.status ?? 502, body: '<html>502 Bad Gateway</html>' };
	if (fault.kind !== 'reject_auth') return undefined;
	if (isRobot)
		return wrong(
			19021,
			'sign match fail or timestamp is not within one hour from current time',
			200,
		);
	if (isToken) return wrong(10014, 'app secret invalid', 200);
	return wrong(
		99991663,
		'Invalid access token for authorization. Please make a request with token attached.',
		400,
	);
}
