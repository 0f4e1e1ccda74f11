import { httpFailure } from '../http-outcome';
import { isObject, textIn, wordsOf, type Json } from '../text';
import type { ChannelRequest, Failure, FailureClass, HttpResponse, Outcome } from '../types';

/** facts/channels.md §4; what is not here is a matter of set-up. */
const CLASSES: Record<FailureClass, number[]> = {
	retry: [-1],
	rate: [45009, 45011, 45047],
	auth: [40001, 40014, 42001, 41001],
	config: [40013, 40125, 40164, 48001, 50001, 50002, 40037, 41030, 40002],
	recipient: [40003, 43004, 43101, 45015],
	payload: [47001, 47003, 41028, 44002, 45002],
};
const CLASS_OF = new Map(
	Object.entries(CLASSES).flatMap(([name, codes]) =>
		codes.map((code) => [code, name as FailureClass] as const),
	),
);

/** The same client_msg_id once more: the first one was taken. */
const REPEATED = 45065;
const TOKEN_INVALID = new Set([40001, 40014, 42001, 41001]);
/** WeChat names no wait; 45009 is the quota of a day, which a longer breath suits. */
const RATE_WAIT_MS: Record<number, number> = { 45009: 1_800_000 };
const MINUTE_MS = 60_000;
/** Of one template: other templates of the account go on. */
const ONE_TEMPLATE = new Set([40037, 41030]);

/** JSON numbers of nineteen digits lose their end, so ids are compared in the form that is left. */
export const msgIdOf = (value: unknown): string | undefined => {
	const text = textIn({ value }, 'value');
	return text !== undefined && /^\d{1,20}$/.test(text) ? String(Number(text)) : text;
};

/** WeChat adds its own request ids to each message. */
const words = (errmsg: unknown): string =>
	wordsOf(errmsg)
		.split(/,? ?(?:hint:|rid:)/)[0]
		.slice(0, 200);

function refusal(errcode: number, body: Json, isToken: boolean): Failure {
	const kind = CLASS_OF.get(errcode) ?? 'config';
	return {
		ok: false,
		// The secret itself was refused: no fresh token can help, somebody must correct it.
		class: isToken && kind === 'auth' ? 'config' : kind,
		code: wordsOf(errcode) || 'unknown',
		message: `WeChat refused: ${errcode} ${words(body.errmsg)}`,
		...(kind === 'rate' ? { retryAfterMs: RATE_WAIT_MS[errcode] ?? MINUTE_MS } : {}),
		...(!isToken && TOKEN_INVALID.has(errcode) ? { tokenInvalid: true } : {}),
		...(!CLASS_OF.has(errcode) || ONE_TEMPLATE.has(errcode) ? { onlyHere: true } : {}),
	};
}

/** Answers of stable_token, template/send and custom/send: all HTTP 200 with an `errcode`, but for a token. */
export function outcome(response: HttpResponse, request: ChannelRequest): Outcome {
	const { body, status } = response;
	const isToken = request.kind === 'http' && request.url.endsWith('/stable_token');
	if (!isObject(body) || status >= 500) return foreign(response);
	if (isToken && textIn(body, 'access_token')) return { ok: true, status: 'sent' };
	if (body.errcode === undefined) return foreign(response);
	const errcode = Number(body.errcode);
	if (errcode !== 0 && errcode !== REPEATED) return refusal(errcode, body, isToken);
	if (isToken) return foreign(response);
	const msgid = msgIdOf(body.msgid);
	return {
		ok: true,
		status: 'sent',
		...(msgid ? { providerMessageId: msgid, ref: { msgid } } : {}),
	};
}

function foreign(response: HttpResponse): Outcome {
	if (response.status < 200 || response.status >= 300) return httpFailure(response, 'WeChat');
	return {
		ok: false,
		class: 'config',
		code: 'unexpected_answer',
		message: "The answer is not WeChat's: check the base URL of the credential.",
	};
}
