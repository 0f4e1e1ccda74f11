import { createHash, createHmac, randomBytes } from 'node:crypto';

import type { Answer, Call } from '../http.ts';
import { isNumber } from './config.ts';
import type { Json, SmsConfig } from './config.ts';
import type { Accepted } from './twilio.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const rfc3986 = (text: string): string =>
	encodeURIComponent(text).replace(
		/[!'()*]/g,
		(c) => '%' + c.charCodeAt(0).toString(16).toUpperCase(),
	);

const nonces = new Set<string>();

/** Signature, clock and nonce of an ACS3 call, checked on its own; the code of what is wrong. */
function acs3Fault(secret: string, keyId: string, call: Call, now: number): string | undefined {
	const header = String(call.headers.authorization ?? '');
	const parts =
		/^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
			header,
		);
	if (!parts) return 'IncompleteSignature';
	if (parts[1] !== keyId) return 'InvalidAccessKeyId.NotFound';
	const names = parts[2].split(';');
	const needed = [
		'host',
		'x-acs-action',
		'x-acs-content-sha256',
		'x-acs-date',
		'x-acs-signature-nonce',
		'x-acs-version',
	];
	if (!needed.every((name) => names.includes(name))) return 'SignatureDoesNotMatch';
	const query = [...call.query.entries()]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, value]) => `${rfc3986(name)}=${rfc3986(value)}`)
		.join('&');
	const headers = names
		.map((name) => `${name}:${String(call.headers[name] ?? '').trim()}\n`)
		.join('');
	if (call.headers['x-acs-content-sha256'] !== sha256(call.text)) return 'SignatureDoesNotMatch';
	const canonical = `${call.method}\n/\n${query}\n${headers}\n${parts[2]}\n${sha256(call.text)}`;
	const expected = createHmac('sha256', secret)
		.update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
		.digest('hex');
	if (expected !== parts[3]) return 'SignatureDoesNotMatch';
	if (Math.abs(Date.parse(String(call.headers['x-acs-date'])) - now) > 15 * 60_000)
		return 'InvalidTimeStamp.Expired';
	const nonce = String(call.headers['x-acs-signature-nonce']);
	if (nonces.has(nonce)) return 'SignatureNonceUsed';
	nonces.add(nonce);
	return undefined;
}

export function aliyun(
	config: SmsConfig,
	call: Call,
	accept: (message: Accepted) => void,
	isPaced: (to: string) => boolean,
	now: number,
): Answer {
	const requestId = randomBytes(16).toString('hex').toUpperCase();
	const refuse = (Code: string, status = 200): Answer => ({
		status,
		body: { Code, Message: Code, RequestId: requestId },
	});
	const own = config.aliyun;
	if (!own) return refuse('InvalidAccessKeyId.NotFound', 404);
	const fault = acs3Fault(own.accessKeySecret, own.accessKeyId, call, now);
	if (fault) return refuse(fault, 400);
	if (call.headers['x-acs-action'] !== 'SendSms' || call.headers['x-acs-version'] !== '2017-05-25')
		return refuse('InvalidAction.NotFound', 404);
	const given = call.query.get('PhoneNumbers') ?? '';
	const to = /^1\d{10}$/.test(given) ? `+86${given}` : `+${given}`;
	if (!isNumber(to) || !config.numbers.includes(to)) return refuse('isv.MOBILE_NUMBER_ILLEGAL');
	if (call.query.get('SignName') !== own.signName) return refuse('isv.SMS_SIGNATURE_ILLEGAL');
	const names = own.templates[call.query.get('TemplateCode') ?? ''];
	if (!names) return refuse('isv.SMS_TEMPLATE_ILLEGAL');
	let parameters: Json;
	try {
		parameters = JSON.parse(call.query.get('TemplateParam') ?? '{}') as Json;
	} catch {
		return refuse('isv.INVALID_JSON_PARAM');
	}
	if (!names.every((name) => typeof parameters[name] === 'string' && parameters[name] !== ''))
		return refuse('isv.TEMPLATE_MISSING_PARAMETERS');
	if (names.some((name) => String(parameters[name]).length > 35))
		return refuse('isv.PARAM_LENGTH_LIMIT');
	if (isPaced(to)) return refuse('isv.BUSINESS_LIMIT_CONTROL');
	const id = `${Date.now()}^0`.padStart(20, '9') + randomBytes(3).toString('hex');
	accept({
		id,
		to,
		text: `【${own.signName}】${names.map((name) => String(parameters[name])).join(' ')}`,
	});
	return { status: 200, body: { Code: 'OK', Message: 'OK', BizId: id, RequestId: requestId } };
}

export function tencent(
	config: SmsConfig,
	call: Call,
	accept: (message: Accepted) => void,
	isPaced: (to: string) => boolean,
	now: number,
): Answer {
	const RequestId = randomBytes(16).toString('hex');
	const refuse = (Code: string): Answer => ({
		status: 200,
		body: { Response: { Error: { Code, Message: Code }, RequestId } },
	});
	const own = config.tencent;
	if (!own) return refuse('AuthFailure.SecretIdNotFound');
	const header = String(call.headers.authorization ?? '');
	const parts =
		/^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/sms\/tc3_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
			header,
		);
	if (!parts) return refuse('AuthFailure.InvalidAuthorization');
	const [, id, date, signed, signature] = parts;
	if (id !== own.secretId) return refuse('AuthFailure.SecretIdNotFound');
	const seconds = Number(call.headers['x-tc-timestamp']);
	if (!(Math.abs(seconds * 1000 - now) <= 5 * 60_000)) return refuse('AuthFailure.SignatureExpire');
	const values = signed
		.split(';')
		.map((name) => `${name}:${String(call.headers[name] ?? '').toLowerCase()}\n`);
	// The content type is signed as it is sent.
	values[0] = `content-type:${String(call.headers['content-type'])}\n`;
	const canonical = `POST\n/\n\n${values.join('')}\n${signed}\n${sha256(call.text)}`;
	const text = `TC3-HMAC-SHA256\n${seconds}\n${date}/sms/tc3_request\n${sha256(canonical)}`;
	const step = (key: string | Buffer, part: string): Buffer =>
		createHmac('sha256', key).update(part).digest();
	const key = step(step(step(`TC3${own.secretKey}`, date), 'sms'), 'tc3_request');
	if (createHmac('sha256', key).update(text).digest('hex') !== signature)
		return refuse('AuthFailure.SignatureFailure');
	if (call.headers['x-tc-version'] !== '2021-01-11' || !call.headers['x-tc-region'])
		return refuse('MissingParameter');
	const body = JSON.parse(call.text) as Json;
	const numbers = body['PhoneNumberSet'];
	if (!Array.isArray(numbers) || numbers.length === 0 || numbers.length > 200)
		return refuse('MissingParameter.EmptyPhoneNumberSet');
	if (Buffer.byteLength(String(body['SessionContext'] ?? '')) >= 512)
		return refuse('InvalidParameterValue.SessionContextTooLong');
	const results = numbers.map((number: unknown) => {
		const to = String(number);
		const fault = tencentFault(config, body, to, isPaced);
		const serial = fault ? '' : `2028:f825e6d${randomBytes(6).toString('hex')}`;
		if (!fault)
			accept({
				id: serial,
				to,
				text: `【${own.signName}】${((body['TemplateParamSet'] as string[]) ?? []).join(' ')}`,
			});
		return {
			SerialNo: serial,
			PhoneNumber: to,
			Fee: fault ? 0 : 1,
			SessionContext: body['SessionContext'] ?? '',
			Code: fault ?? 'Ok',
			Message: fault ?? 'send success',
			IsoCode: 'CN',
		};
	});
	return { status: 200, body: { Response: { SendStatusSet: results, RequestId } } };
}

function tencentFault(
	config: SmsConfig,
	body: Json,
	to: string,
	isPaced: (to: string) => boolean,
): string | undefined {
	const own = config.tencent!;
	if (!isNumber(to) || !config.numbers.includes(to))
		return 'InvalidParameterValue.IncorrectPhoneNumber';
	if (body['SmsSdkAppId'] !== own.sdkAppId) return 'UnauthorizedOperation.SmsSdkAppIdVerifyFail';
	if (body['SignName'] !== own.signName) return 'FailedOperation.SignatureIncorrectOrUnapproved';
	const count = own.templates[String(body['TemplateId'])];
	if (count === undefined) return 'FailedOperation.TemplateIncorrectOrUnapproved';
	const parameters = (body['TemplateParamSet'] as unknown[] | undefined) ?? [];
	if (
		parameters.length !== count ||
		!parameters.every((one) => typeof one === 'string' && one !== '')
	)
		return 'InvalidParameterValue.TemplateParameterFormatError';
	return isPaced(to) ? 'LimitExceeded.PhoneNumberThirtySecondLimit' : undefined;
}
