import type { Fault } from '../faults.ts';
import type { Answer, Call } from '../http.ts';
import { HiddenError } from './oapi.ts';
import { DingTalkError, randomId, str } from './state.ts';

/** The two hosts of DingTalk answer in two ways; here they share an address. */
export const isNew = (call: Call): boolean => call.path.startsWith('/v1.0/');

/** A refusal as its host words it. */
export function answerFor(error: unknown): { answer: Answer; code: string; why: string } {
	if (error instanceof HiddenError) {
		const { sub_code, sub_msg } = error.inner;
		return {
			code: str(sub_code),
			why: str(sub_msg),
			answer: {
				status: 200,
				body: {
					errcode: 88,
					sub_code,
					sub_msg,
					errmsg: `ding talk error[subcode=${str(sub_code)},submsg=${str(sub_msg)}]`,
					request_id: randomId(6),
				},
			},
		};
	}
	if (!(error instanceof DingTalkError)) throw error;
	const { code, message, status } = error;
	const body =
		typeof code === 'number'
			? { errcode: code, errmsg: message }
			: { code, message, requestid: randomId(8).toUpperCase() };
	return { code: String(code), why: message, answer: { status, body } };
}

/** A fault in DingTalk's own words. */
export function spell(fault: Fault, call: Call): Answer | undefined {
	if (fault.kind === '5xx')
		return { status: fault.status ?? 502, body: '<html>502 Bad Gateway</html>' };
	const spelled = (error: DingTalkError): Answer => answerFor(error).answer;
	if (fault.kind === '429') {
		if (isNew(call))
			return spelled(
				new DingTalkError('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', 'too fast', 403),
			);
		if (call.path === '/robot/send')
			return spelled(new DingTalkError(130101, 'send too fast, exceed 20 times per minute'));
		return spelled(new DingTalkError(90018, '您的服务器调用频率过高'));
	}
	if (fault.kind !== 'reject_auth') return undefined;
	if (call.path.endsWith('/accessToken'))
		return spelled(
			new DingTalkError('invalidClientIdOrSecret', '无效的clientId或者clientSecret', 400),
		);
	if (isNew(call))
		return spelled(new DingTalkError('InvalidAuthentication', '不合法的access_token', 401));
	if (call.path === '/gettoken')
		return spelled(new DingTalkError(40096, '不合法的appKey或appSecret'));
	return spelled(
		new DingTalkError(call.path === '/robot/send' ? 300005 : 40014, 'token is not exist'),
	);
}
