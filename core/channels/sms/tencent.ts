import { baseUrl, required } from '../credential';
import { bytes, cut } from '../cut';
import { httpFailure } from '../http-outcome';
import { isObject, textIn, type Json } from '../text';
import type { FailureClass, HttpRequest, HttpResponse, Outcome } from '../types';
import { SMS, TENCENT_RATE } from './limits';
import { numberOf } from './number';
import { parametersOf } from './parameters';
import type { SmsProvider } from './provider';
import { tc3 } from './tc3';

const NAME = 'SMS';
const STANDARD = 'https://sms.tencentcloudapi.com';
const ACTION = 'SendSms';
const CONTENT_TYPE = 'application/json; charset=utf-8';

/** facts/channels.md §10.3: the first rule that fits. */
const RULES: Array<[RegExp, FailureClass]> = [
	[/^RequestLimitExceeded|^LimitExceeded\./, 'rate'],
	[/^InternalError/, 'retry'],
	[/^AuthFailure/, 'auth'],
	[
		/^UnauthorizedOperation|SignatureIncorrectOrUnapproved$|TemplateIncorrectOrUnapproved$|InsufficientBalanceInSmsPackage$/,
		'config',
	],
	[/IncorrectPhoneNumber$|PhoneNumberInBlacklist$/, 'recipient'],
	[
		/ContainSensitiveWord$|TemplateParameterFormatError$|TemplateParameterLengthLimit$|^MissingParameter/,
		'payload',
	],
];
const WAITS: Array<[RegExp, number]> = [
	[/ThirtySecondLimit$/, 30_000],
	[/OneHourLimit$/, 3_600_000],
	[/Daily/, 24 * 3_600_000],
];
/** A limit or a fault of one number, not of the account. */
const ONLY_HERE = /PhoneNumber|DeliveryFrequencyLimit/;

function failure(code: string, why: string, number?: string): Outcome {
	const kind = RULES.find(([pattern]) => pattern.test(code))?.[1];
	const wait = WAITS.find(([pattern]) => pattern.test(code))?.[1] ?? 2000;
	return {
		ok: false,
		class: kind ?? 'config',
		code,
		message: `Tencent Cloud refused: ${code} ${why}`.trim().slice(0, 400),
		...(kind === 'rate' ? { retryAfterMs: wait } : {}),
		// Its own time-out: the message may have gone out.
		...(/SendAndRecvFail$/.test(code) ? { ambiguous: true } : {}),
		...(/IncorrectPhoneNumber$/.test(code) && number ? { deadAddresses: [number] } : {}),
		...(kind === undefined || ONLY_HERE.test(code) ? { onlyHere: true } : {}),
	};
}

/** Both levels: the call may be refused, and inside a success each number. */
function outcome(response: HttpResponse): Outcome {
	const answer = isObject(response.body) ? response.body.Response : undefined;
	if (!isObject(answer)) {
		if (response.status >= 300) return httpFailure(response, 'Tencent Cloud');
		return {
			ok: false,
			class: 'config',
			code: 'unexpected_answer',
			message: "The answer is not Tencent Cloud's: check the base URL of the credential.",
		};
	}
	if (isObject(answer.Error))
		return failure(
			textIn(answer.Error, 'Code') ?? 'unknown',
			textIn(answer.Error, 'Message') ?? '',
		);
	const [sent] = (Array.isArray(answer.SendStatusSet) ? answer.SendStatusSet : []).filter(isObject);
	if (!sent) return failure('unexpected_answer', 'no number was reported');
	const code = textIn(sent, 'Code') ?? 'unknown';
	if (code !== 'Ok')
		return failure(code, textIn(sent, 'Message') ?? '', textIn(sent, 'PhoneNumber'));
	const id = textIn(sent, 'SerialNo');
	return {
		ok: true,
		status: 'sent',
		...(id ? { providerMessageId: id, ref: { serial_no: id, fee: Number(sent.Fee ?? 1) } } : {}),
	};
}

export const tencent: SmsProvider = {
	name: 'Tencent Cloud',
	rate: TENCENT_RATE,
	request(payload, context): HttpRequest {
		const { credential, delivery, now } = context;
		const base = baseUrl(credential, STANDARD, NAME);
		const values = parametersOf(payload, context).map(([, value]) => value);
		const fields: Json = {
			PhoneNumberSet: [numberOf(delivery.address)],
			SmsSdkAppId: required(credential, 'sdkAppId', 'SDK App ID', NAME),
			TemplateId: required(credential, 'templateId', 'Template', NAME),
			SignName: required(credential, 'signName', 'Signature', NAME),
			...(values.length > 0 ? { TemplateParamSet: values } : {}),
			SessionContext: cut(delivery.delivery_id, SMS.sessionContext, bytes),
		};
		const body = JSON.stringify(fields);
		const timestamp = Math.floor(now.getTime() / 1000);
		const { signature, signedHeaders, scope } = tc3(
			required(credential, 'secretKey', 'Secret Key', NAME),
			{
				service: 'sms',
				host: new URL(base).host,
				contentType: CONTENT_TYPE,
				action: ACTION,
				timestamp,
				body,
			},
		);
		const id = required(credential, 'secretId', 'Secret ID', NAME);
		return {
			kind: 'http',
			method: 'POST',
			url: `${base}/`,
			headers: {
				'content-type': CONTENT_TYPE,
				'x-tc-action': ACTION,
				'x-tc-version': '2021-01-11',
				'x-tc-timestamp': String(timestamp),
				'x-tc-region': textIn(credential, 'region') ?? 'ap-guangzhou',
				authorization: `TC3-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
			},
			body,
		};
	},
	outcome: (response) => outcome(response),
};
