import { createHash } from 'node:crypto';

import { baseUrl, required } from '../credential';
import { httpFailure } from '../http-outcome';
import { isObject, textIn } from '../text';
import type { FailureClass, HttpRequest, HttpResponse, Outcome } from '../types';
import { acs3, canonicalQuery } from './acs3';
import { fromChina, numberOf } from './number';
import { parametersOf } from './parameters';
import type { SmsProvider } from './provider';

const NAME = 'SMS';
const STANDARD = 'https://dysmsapi.aliyuncs.com';
const MINUTE = 60_000;

/** facts/channels.md §10.2. */
const CLASSES: Array<[FailureClass, string]> = [
	[
		'rate',
		'isv.BUSINESS_LIMIT_CONTROL Throttling Throttling.User isv.HOUR_LIMIT_CONTROL isv.DAY_LIMIT_CONTROL isv.MONTH_LIMIT_CONTROL',
	],
	['retry', 'isp.SYSTEM_ERROR ServiceUnavailable InternalError SignatureNonceUsed'],
	['auth', 'SignatureDoesNotMatch InvalidAccessKeyId.NotFound InvalidTimeStamp.Expired'],
	[
		'config',
		'isp.RAM_PERMISSION_DENY isv.AMOUNT_NOT_ENOUGH isv.OUT_OF_SERVICE isv.PRODUCT_UN_SUBSCRIPT isv.SMS_SIGNATURE_ILLEGAL isv.SMS_TEMPLATE_ILLEGAL isv.DENY_IP_RANGE',
	],
	[
		'recipient',
		'isv.MOBILE_NUMBER_ILLEGAL isv.BLACK_KEY_CONTROL_LIMIT isv.DOMESTIC_NUMBER_NOT_SUPPORTED',
	],
	[
		'payload',
		'isv.TEMPLATE_MISSING_PARAMETERS isv.INVALID_JSON_PARAM isv.PARAM_LENGTH_LIMIT isv.SMS_CONTENT_ILLEGAL isv.MOBILE_COUNT_OVER_LIMIT',
	],
];
const CLASS_OF = new Map(
	CLASSES.flatMap(([kind, codes]) => codes.split(' ').map((code) => [code, kind] as const)),
);
const WAITS: Record<string, number> = {
	'isv.BUSINESS_LIMIT_CONTROL': MINUTE,
	'isv.HOUR_LIMIT_CONTROL': 60 * MINUTE,
	'isv.DAY_LIMIT_CONTROL': 24 * 60 * MINUTE,
	'isv.MONTH_LIMIT_CONTROL': 24 * 60 * MINUTE,
};
/** Limits of one number, not of the account. */
const ONLY_HERE = new Set(['isv.DOMESTIC_NUMBER_NOT_SUPPORTED', 'isv.BUSINESS_LIMIT_CONTROL']);

/** At home without the country's code, abroad with it and no plus. */
const aliyunNumber = (number: string): string =>
	number.startsWith('+86') ? number.slice(3) : number.slice(1);

/** `PhoneNumbers` back as E.164. */
const toOf = (request: HttpRequest): string | undefined =>
	fromChina(new URL(request.url).searchParams.get('PhoneNumbers'));

function outcome(response: HttpResponse, request: HttpRequest): Outcome {
	const { body } = response;
	const code = isObject(body) ? textIn(body, 'Code') : undefined;
	if (!isObject(body) || code === undefined) {
		if (response.status >= 300) return httpFailure(response, 'Aliyun');
		return {
			ok: false,
			class: 'config',
			code: 'unexpected_answer',
			message: "The answer is not Aliyun's: check the base URL of the credential.",
		};
	}
	if (code === 'OK') {
		const id = textIn(body, 'BizId');
		return {
			ok: true,
			status: 'sent',
			...(id ? { providerMessageId: id, ref: { biz_id: id } } : {}),
		};
	}
	const kind = CLASS_OF.get(code) ?? 'config';
	const number = toOf(request);
	return {
		ok: false,
		class: kind,
		code,
		message: `Aliyun refused: ${code} ${textIn(body, 'Message') ?? ''}`.trim().slice(0, 400),
		...(kind === 'rate' ? { retryAfterMs: WAITS[code] ?? 2000 } : {}),
		...(code === 'isv.MOBILE_NUMBER_ILLEGAL' && number ? { deadAddresses: [number] } : {}),
		...(!CLASS_OF.has(code) || ONLY_HERE.has(code) ? { onlyHere: true } : {}),
	};
}

export const aliyun: SmsProvider = {
	name: 'Aliyun',
	rate: {},
	request(payload, context) {
		const { credential, delivery, now } = context;
		const base = baseUrl(credential, STANDARD, NAME);
		const parameters = parametersOf(payload, context);
		const query = canonicalQuery({
			PhoneNumbers: aliyunNumber(numberOf(delivery.address)),
			SignName: required(credential, 'signName', 'Signature', NAME),
			TemplateCode: required(credential, 'templateId', 'Template', NAME),
			...(parameters.length > 0
				? { TemplateParam: JSON.stringify(Object.fromEntries(parameters)) }
				: {}),
			OutId: delivery.delivery_id,
		});
		const payloadHash = createHash('sha256').update('').digest('hex');
		const headers = {
			'x-acs-action': 'SendSms',
			'x-acs-version': '2017-05-25',
			'x-acs-date': now.toISOString().replace(/\.\d+Z$/, 'Z'),
			// Different for every try: a used one is refused.
			'x-acs-signature-nonce': createHash('sha256')
				.update(`${delivery.delivery_id}|${now.getTime()}`)
				.digest('hex')
				.slice(0, 32),
			'x-acs-content-sha256': payloadHash,
		};
		const { signature, signedHeaders } = acs3(
			required(credential, 'accessKeySecret', 'Access Key Secret', NAME),
			{
				method: 'POST',
				path: '/',
				query,
				headers: { ...headers, host: new URL(base).host },
				payloadHash,
			},
		);
		const id = required(credential, 'accessKeyId', 'Access Key ID', NAME);
		return {
			kind: 'http',
			method: 'POST',
			url: `${base}/?${query}`,
			headers: {
				...headers,
				authorization: `ACS3-HMAC-SHA256 Credential=${id},SignedHeaders=${signedHeaders},Signature=${signature}`,
			},
		};
	},
	outcome,
};
