import { httpFailure } from '../http-outcome';
import { isObject, textIn, wordsOf, type Json } from '../text';
import type { ChannelRequest, Failure, HttpResponse, Outcome } from '../types';
import { accepted } from './accepted';
import { meaningOf, newMeaningOf, securityMeaning, type Meaning } from './codes';

/** An address that called too much is blocked for five minutes, whatever it sends. */
const BLOCK_MS = 300_000;

const failed = (code: string, message: string, meaning: Meaning): Failure => ({
	ok: false,
	class: meaning.class,
	code,
	message,
	...(meaning.waitMs === undefined ? {} : { retryAfterMs: meaning.waitMs }),
	...(meaning.tokenInvalid ? { tokenInvalid: true } : {}),
	...(meaning.onlyHere ? { onlyHere: true } : {}),
});

/** DingTalk's gateway in front of everything: `{status: 1111, source: 'x5', punish: 'deny'}` or a page that says so. */
function isBlock({ body, status }: HttpResponse): boolean {
	if (isObject(body)) return body.source === 'x5' || Number(body.status) === 1111;
	return (
		typeof body === 'string' &&
		status < 500 &&
		/x5(?:sec|referer)|_____tmd_____|"punish"|\/punish\?/i.test(body)
	);
}

const words = (text: unknown): string => wordsOf(text).slice(0, 200);

/** Answers of every interface of DingTalk: failures stand in HTTP 200 too. */
export function outcome(response: HttpResponse, request: ChannelRequest): Outcome {
	const { body, status } = response;
	if (isBlock(response))
		return failed('x5_block', 'DingTalk blocks this address for calling too often.', {
			class: 'rate',
			waitMs: BLOCK_MS,
		});
	if (!isObject(body)) return foreign(response);
	const isToken =
		request.kind === 'http' && /\/gettoken\?|\/oauth2\/accessToken$/.test(request.url);
	if (body.errcode !== undefined) return old(body, request, isToken);
	const code = textIn(body, 'code');
	if (status >= 400 || (code && body.success === undefined && !body.accessToken))
		return code ? refused(code, body, response, isToken) : httpFailure(response, 'DingTalk');
	if (isToken) return body.accessToken ? { ok: true, status: 'sent' } : foreign(response);
	return accepted(body, request) ?? foreign(response);
}

function foreign(response: HttpResponse): Outcome {
	if (response.status < 200 || response.status >= 300) return httpFailure(response, 'DingTalk');
	return failed(
		'unexpected_answer',
		"The answer is not DingTalk's: check the base URLs of the credential.",
		{
			class: 'config',
		},
	);
}

/** `errcode`, at times a text; 88 hides the real one in `sub_code`. */
function old(body: Json, request: ChannelRequest, isToken: boolean): Outcome {
	const outer = Number(body.errcode);
	if (outer === 0)
		return isToken
			? { ok: true, status: 'sent' }
			: (accepted(body, request) ?? { ok: true, status: 'sent' });
	const inner = textIn(body, 'sub_code');
	const code = outer === 88 && inner ? inner : wordsOf(body.errcode) || 'unknown';
	const said = words(textIn(body, 'sub_msg') ?? body.errmsg);
	const number = Number(code);
	if (isRobotProbe(request) && (number === 40035 || number === 43004 || number === 400105))
		return { ok: true, status: 'sent' };
	const meaning =
		number === 310000
			? securityMeaning(said)
			: ((Number.isNaN(number) ? newMeaningOf(code) : undefined) ?? meaningOf(number));
	return failed(code, `DingTalk refused: ${code} ${said}`, ofToken(meaning, isToken));
}

function refused(code: string, body: Json, response: HttpResponse, isToken: boolean): Outcome {
	const known = newMeaningOf(code);
	const message = `DingTalk refused: ${code} ${words(body.message)}`;
	if (known) return failed(code, message, ofToken(known, isToken));
	if (response.status >= 500) return { ...httpFailure(response, 'DingTalk'), code, message };
	return failed(code, message, {
		class: response.status === 429 ? 'rate' : 'config',
		onlyHere: true,
	});
}

/** Where the secret itself was refused no fresh token can help: somebody must correct it. */
const ofToken = (meaning: Meaning, isToken: boolean): Meaning =>
	isToken && meaning.class === 'auth' ? { class: 'config' } : meaning;

const isRobotProbe = (request: ChannelRequest): boolean =>
	request.kind === 'http' &&
	isObject(request.body) &&
	Object.keys(request.body).length === 0 &&
	request.url.includes('/robot/send');
