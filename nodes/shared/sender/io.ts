import type { IExecuteFunctions, IHttpRequestMethods } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { messageOf } from '../../../core/errors';

import type { Store } from '../../../core/store';
import {
	createTokenCache,
	sendHttp2,
	sendSmtp,
	transportError,
	TransportError,
	type ChannelIo,
	type HttpRequest,
	type HttpResponse,
} from '../../../core/channels';

/** One cache per process: a token serves every run until shortly before it expires. */
const tokens = createTokenCache(Date.now);

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

/** Messages of our own inbox. A store that cannot be written now is tried again, as a provider is. */
const storeCall =
	(store: Store): NonNullable<ChannelIo['store']> =>
	async ({ operation, entry }) => {
		const at = new Date().toISOString();
		try {
			if (operation === 'update') {
				const isThere = await store.inbox.update(entry.delivery_id, entry, at);
				return { stored: isThere ? 'updated' : 'missing' };
			}
			const row = { ...entry, read_at: null, created_at: at, updated_at: at };
			const fresh = await store.inbox.put([row]);
			return { stored: fresh.length > 0 ? 'new' : 'known' };
		} catch (error) {
			throw transportError(new TransportError('store_unavailable', messageOf(error), false));
		}
	};

/** What every n8n context has that makes a call. */
interface HttpContext {
	helpers: Pick<IExecuteFunctions['helpers'], 'httpRequest'>;
	getExecutionCancelSignal?(): AbortSignal | undefined;
}

/** Calls by n8n's request helper, so that proxies, TLS settings and SSRF rules of the instance hold. */
export const httpIo = (context: HttpContext): Pick<ChannelIo, 'http' | 'now' | 'tokens'> => ({
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
				abortSignal: context.getExecutionCancelSignal?.(),
			})) as { statusCode: number; headers: Record<string, string | undefined>; body: unknown };
			return { status: answer.statusCode, headers: answer.headers, body: decode(answer.body) };
		} catch (error) {
			throw transportError(error);
		}
	},
	now: () => new Date(),
	tokens,
});

/** The outside world of a sender. */
export const nodeIo = (context: HttpContext, store?: Store): ChannelIo => ({
	...httpIo(context),
	smtp: (request, { timeoutMs }) => sendSmtp(request, { timeoutMs, now: Date.now() }),
	http2: sendHttp2,
	...(store ? { store: storeCall(store) } : {}),
	random: Math.random,
	sleep,
});
