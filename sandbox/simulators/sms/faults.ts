import type { Answer } from '../http.ts';
import type { SmsProviderId } from './config.ts';

/** The provider's own code of a refusal; undefined for a success. */
export function codeOf(answer: Answer): string | undefined {
	const body = (answer.body ?? {}) as Record<string, unknown>;
	const response = body['Response'] as
		| { Error?: { Code: string }; SendStatusSet?: Array<{ Code: string }> }
		| undefined;
	const inside =
		response?.Error?.Code ?? response?.SendStatusSet?.find((one) => one.Code !== 'Ok')?.Code;
	if (inside) return inside;
	if (typeof body['Code'] === 'string') return body['Code'] === 'OK' ? undefined : body['Code'];
	const result = body['result'] as { code?: number } | undefined;
	if (result?.code) return String(result.code);
	return answer.status >= 400 ? String(body['code'] ?? `http_${answer.status}`) : undefined;
}

/** A fault in the provider's own words. */
export function spell(
	kind: string,
	status: number | undefined,
	provider: SmsProviderId,
): Answer | undefined {
	if (kind === '5xx') return { status: status ?? 503, body: 'Service Unavailable' };
	if (kind !== '429' && kind !== 'reject_auth') return undefined;
	const isRate = kind === '429';
	if (provider === 'aliyun')
		return {
			status: isRate ? 200 : 400,
			body: {
				Code: isRate ? 'isv.BUSINESS_LIMIT_CONTROL' : 'SignatureDoesNotMatch',
				Message: 'by a fault switch',
			},
		};
	if (provider === 'tencent')
		return {
			status: 200,
			body: {
				Response: {
					Error: {
						Code: isRate ? 'RequestLimitExceeded' : 'AuthFailure.SignatureFailure',
						Message: 'by a fault switch',
					},
				},
			},
		};
	if (provider === 'twilio')
		return {
			status: isRate ? 429 : 401,
			body: {
				code: isRate ? 20429 : 20003,
				message: 'by a fault switch',
				status: isRate ? 429 : 401,
			},
		};
	return { status: isRate ? 429 : 401, body: { error: 'by a fault switch' } };
}
