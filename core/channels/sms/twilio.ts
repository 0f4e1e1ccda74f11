import { ItsmNotifyError } from '../../errors';
import { baseUrl, required } from '../credential';
import { cut } from '../cut';
import { httpFailure, retryAfter } from '../http-outcome';
import { isObject, textIn, wordsOf, type Json } from '../text';
import type { Credential, FailureClass, HttpRequest, HttpResponse, Outcome } from '../types';
import { SMS, TWILIO_RATE } from './limits';
import { numberOf } from './number';
import type { SmsProvider } from './provider';

const NAME = 'SMS';
const STANDARD = 'https://api.twilio.com';

/** facts/channels.md §10.1; what is not here goes by the HTTP status. */
const CLASSES: Record<FailureClass, number[]> = {
	rate: [20429, 14107, 30001],
	retry: [20500, 30008, 30003],
	auth: [20003],
	config: [20404, 21212, 21606, 21659, 21660, 21408, 21608, 30002, 30034],
	recipient: [21211, 21614, 21610, 30004, 30005, 30006],
	payload: [21602, 21617, 30007],
};
const CLASS_OF = new Map(
	Object.entries(CLASSES).flatMap(([kind, codes]) =>
		codes.map((code) => [code, kind as FailureClass] as const),
	),
);
/** Invalid, no mobile, opted out, unknown, landline: the number will not work later either. */
export const DEAD = new Set([21211, 21614, 21610, 30005, 30006]);
/** The country is off, or the trial knows other numbers only. */
const ONLY_HERE = new Set([21408, 21608]);
const RATE_WAIT_MS = 2000;

const account = (credential: Credential, path: string): string =>
	`${baseUrl(credential, STANDARD, NAME)}/2010-04-01/Accounts/${encodeURIComponent(required(credential, 'accountSid', 'Account SID', NAME))}${path}`;

function authorization(credential: Credential): string {
	const key = textIn(credential, 'apiKeySid');
	const user = key ?? required(credential, 'accountSid', 'Account SID', NAME);
	const secret = key
		? required(credential, 'apiKeySecret', 'API Key Secret', NAME)
		: required(credential, 'authToken', 'Auth Token', NAME);
	return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
}

function message(credential: Credential, form: Record<string, string>, from?: string): HttpRequest {
	const service = textIn(credential, 'messagingServiceSid');
	const sender: Record<string, string> =
		service && !from
			? { MessagingServiceSid: service }
			: { From: from ?? required(credential, 'from', 'From number or Messaging Service', NAME) };
	return {
		kind: 'http',
		method: 'POST',
		url: account(credential, '/Messages.json'),
		headers: {
			authorization: authorization(credential),
			'content-type': 'application/x-www-form-urlencoded',
		},
		body: new URLSearchParams({ ...form, ...sender }).toString(),
	};
}

/** The number of a request, for the addresses that are dead. */
const toOf = (request: HttpRequest): string | undefined =>
	typeof request.body === 'string'
		? (new URLSearchParams(request.body).get('To') ?? undefined)
		: undefined;

function failure(code: number, why: string, response: HttpResponse, to?: string): Outcome {
	const byStatus = httpFailure(response, 'Twilio');
	const kind = CLASS_OF.get(code) ?? (response.status < 400 ? 'config' : byStatus.class);
	const wait = retryAfter(response) ?? (kind === 'rate' ? RATE_WAIT_MS : undefined);
	return {
		ok: false,
		class: kind,
		code: wordsOf(code) || 'unknown',
		message: `Twilio refused: ${code} ${why.slice(0, 300)}`,
		...(wait === undefined ? {} : { retryAfterMs: wait }),
		...(DEAD.has(code) && to ? { deadAddresses: [to] } : {}),
		...(!CLASS_OF.has(code) || ONLY_HERE.has(code) ? { onlyHere: true } : {}),
	};
}

function outcome(response: HttpResponse, request: HttpRequest): Outcome {
	const { body, status } = response;
	if (!isObject(body)) {
		if (status >= 200 && status < 300)
			return {
				ok: false,
				class: 'config',
				code: 'unexpected_answer',
				message: "The answer is not Twilio's: check the base URL of the credential.",
			};
		return httpFailure(response, 'Twilio');
	}
	const why = textIn(body, 'message', 'error_message') ?? '';
	if (status >= 400) {
		const code = Number(body.code);
		return Number.isInteger(code) && code > 0
			? failure(code, why, response, toOf(request))
			: httpFailure(response, 'Twilio');
	}
	const sid = textIn(body, 'sid');
	if (!sid)
		return {
			ok: false,
			class: 'config',
			code: 'unexpected_answer',
			message: 'Twilio named no message.',
		};
	if (request.method === 'GET') return { ok: true, status: 'sent' };
	const error = Number(body.error_code ?? 0);
	if (error > 0) return failure(error, why, response, toOf(request));
	return {
		ok: true,
		status: 'sent',
		providerMessageId: sid,
		ref: { sid, ...(body.num_segments ? { segments: Number(body.num_segments) } : {}) },
	};
}

export const twilio: SmsProvider = {
	name: 'Twilio',
	rate: TWILIO_RATE,
	request(payload, { delivery, credential, publicUrl }) {
		const text = textIn(payload, 'text');
		if (!text)
			throw new ItsmNotifyError('invalid_payload', 'Twilio needs a text.', { field: 'text' });
		const callback = publicUrl && /^https?:/.test(publicUrl) ? publicUrl.replace(/\/+$/, '') : '';
		return message(credential, {
			To: numberOf(delivery.address),
			Body: text,
			...(callback ? { StatusCallback: `${callback}/sms` } : {}),
		});
	},
	outcome,
	probe: (credential) => ({
		kind: 'http',
		method: 'GET',
		url: account(credential, '.json'),
		headers: { authorization: authorization(credential) },
	}),
	reply: (text, to, reply: Json, credential) =>
		message(credential, { To: to, Body: cut(text, SMS.twilioBody) }, textIn(reply, 'from')),
};
