import type { IExecuteFunctions, IHttpRequestMethods } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import {
	createTokenCache,
	sendSmtp,
	TransportError,
	type ChannelIo,
	type HttpRequest,
	type HttpResponse,
} from '../../../core/channels';
import { messageOf } from '../../../core/errors';

/** One cache per process: a token serves every run until shortly before it expires. */
const tokens = createTokenCache(Date.now);

/** Failures before the request could have been written. */
const NOT_SENT = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EPROTO',
	'ERR_INVALID_URL',
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const TIMED_OUT = new Set(['ECONNABORTED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT']);

/** Anything that was thrown instead of an answer, as TransportError. */
export function asTransportError(error: unknown): TransportError {
	const parts = [
		error,
		(error as { cause?: unknown }).cause,
		(error as { errors?: unknown[] }).errors?.[0],
	];
	const code = parts
		.map((part) => (part as { code?: unknown } | undefined)?.code)
		.find((c) => typeof c === 'string') as string | undefined;
	if (code && TIMED_OUT.has(code))
		return new TransportError('timeout', 'The provider did not answer in time', true);
	return new TransportError(
		(code ?? 'network').toLowerCase(),
		messageOf(error),
		!(code && NOT_SENT.has(code)),
	);
}

export const isText = (body: unknown): body is string => typeof body === 'string';

export function encode(request: HttpRequest): {
	body?: string | Buffer;
	headers: Record<string, string>;
} {
	const { body, headers = {} } = request;
	if (body === undefined) return { headers };
	if (isText(body)) return { body, headers };
	if (body instanceof Uint8Array) return { body: Buffer.from(body), headers };
	return {
		body: JSON.stringify(body),
		headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
	};
}

/** JSON where the text is JSON, whatever its Content-Type says. */
export function decode(body: unknown): unknown {
	if (!isText(body)) return body;
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}

/** The outside world by n8n's request helper, so that proxies, TLS settings and SSRF rules of the instance hold. */
export function nodeIo(context: IExecuteFunctions): ChannelIo {
	return {
		async http(request, { timeoutMs }): Promise<HttpResponse> {
			const { body, headers } = encode(request);
			try {
				const answer = (await context.helpers.httpRequest({
					method: request.method as IHttpRequestMethods,
					url: request.url,
					headers,
					body,
					timeout: timeoutMs,
					returnFullResponse: true,
					ignoreHttpStatusErrors: true,
					disableFollowRedirect: true,
					abortSignal: context.getExecutionCancelSignal(),
				})) as { statusCode: number; headers: Record<string, string | undefined>; body: unknown };
				return { status: answer.statusCode, headers: answer.headers, body: decode(answer.body) };
			} catch (error) {
				throw asTransportError(error);
			}
		},
		smtp: (request, { timeoutMs }) => sendSmtp(request, { timeoutMs, now: Date.now() }),
		now: () => new Date(),
		random: Math.random,
		sleep,
		tokens,
	};
}
