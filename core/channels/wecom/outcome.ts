import { httpFailure } from '../http-outcome';
import { isObject, textIn, wordsOf, type Json } from '../text';
import type { ChannelRequest, Failure, FailureClass, HttpResponse, Outcome } from '../types';

/** facts/channels.md §3.2; what is not here is a matter of set-up. */
const CLASSES: Record<FailureClass, number[]> = {
	retry: [-1],
	rate: [45009, 45033, 45011],
	auth: [40014, 42001, 40001, 41001],
	config: [40013, 40056, 60020, 50001, 50002, 50003, 48002, 48004, 301002, 60011, 93000],
	recipient: [81013, 40003, 46004, 60111, 82001, 40031],
	payload: [
		40008, 40033, 40058, 44004, 45002, 45003, 45004, 45005, 45008, 82002, 82003, 47001, 40007,
		41010, 41016, 41033, 40066,
	],
};
const CLASS_OF = new Map(
	Object.entries(CLASSES).flatMap(([name, codes]) =>
		codes.map((code) => [code, name as FailureClass] as const),
	),
);

/** A fresh token may help; a token was not sent at all on 41001. */
const TOKEN_INVALID = new Set([40014, 42001, 40001, 41001]);

/** WeCom names no wait: its quotas are per minute. */
const RATE_WAIT_MS = 60_000;

/** WeCom adds a hint with internal ids to each message; only the words before it are of use. */
const words = (errmsg: unknown): string =>
	wordsOf(errmsg)
		.split(/, hint:|, from ip:|, more info/)[0]
		.slice(0, 200);

function refusal(errcode: number, body: Json, isToken: boolean): Failure {
	const kind = CLASS_OF.get(errcode) ?? 'config';
	return {
		ok: false,
		// The secret itself was refused: no fresh token can help, somebody must correct it.
		class: isToken && errcode === 40001 ? 'config' : kind,
		code: wordsOf(errcode) || 'unknown',
		message: `WeCom refused: ${errcode} ${words(body.errmsg)}`,
		...(kind === 'rate' ? { retryAfterMs: RATE_WAIT_MS } : {}),
		...(!isToken && TOKEN_INVALID.has(errcode) ? { tokenInvalid: true } : {}),
		// Of an unknown code nobody knows whom it concerns: it must not stop the rest.
		...(CLASS_OF.has(errcode) ? {} : { onlyHere: true }),
	};
}

const list = (value: unknown): string[] =>
	typeof value === 'string' ? value.split('|').filter(Boolean) : [];

/** Answers of gettoken, message/send, update_template_card and the robot: all HTTP 200 with an `errcode`. */
export function outcome(response: HttpResponse, request: ChannelRequest): Outcome {
	const { body } = response;
	if (!isObject(body) || body.errcode === undefined || response.status >= 500) {
		if (response.status >= 200 && response.status < 300) {
			return {
				ok: false,
				class: 'config',
				code: 'unexpected_answer',
				message: "The answer is not WeCom's: check the base URL of the credential.",
			};
		}
		return httpFailure(response, 'WeCom');
	}
	const errcode = Number(body.errcode);
	const isToken = request.kind === 'http' && request.url.includes('/gettoken?');
	if (errcode === 0) return isToken ? { ok: true, status: 'sent' } : accepted(body, request);
	if (errcode === 44004 && isRobotProbe(request)) return { ok: true, status: 'sent' };
	return refusal(errcode, body, isToken);
}

/** errcode 0 may still name people who do not get it. */
function accepted(body: Json, request: ChannelRequest): Outcome {
	const unreached = [...list(body.invaliduser), ...list(body.unlicenseduser)];
	const wanted = request.kind === 'http' && isObject(request.body) ? list(request.body.touser) : [];
	const lost = wanted.filter((user) =>
		unreached.some((one) => one.toLowerCase() === user.toLowerCase()),
	);
	if (wanted.length > 0 && lost.length === wanted.length) {
		const code = list(body.invaliduser).length > 0 ? 'invaliduser' : 'unlicenseduser';
		return {
			ok: false,
			class: 'recipient',
			code,
			message: `WeCom does not reach ${lost.join(', ')} (${code}).`,
		};
	}
	const msgid = textIn(body, 'msgid');
	const code = textIn(body, 'response_code');
	const ref = {
		...(code ? { response_code: code } : {}),
		...(msgid ? { msgid } : {}),
		...(unreached.length > 0 ? { unreached } : {}),
	};
	return {
		ok: true,
		status: 'sent',
		...(msgid ? { providerMessageId: msgid } : {}),
		...(Object.keys(ref).length > 0 ? { ref } : {}),
	};
}

const isRobotProbe = (request: ChannelRequest): boolean =>
	request.kind === 'http' &&
	isObject(request.body) &&
	isObject(request.body.text) &&
	request.body.text.content === '';
