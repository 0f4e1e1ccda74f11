import type { Failure, FailureClass, HttpResponse } from './types';

/** A header, whatever its case. */
export function header(response: HttpResponse, name: string): string | undefined {
	const wanted = name.toLowerCase();
	const found = Object.entries(response.headers).find(([key]) => key.toLowerCase() === wanted);
	return found?.[1];
}

/** `Retry-After` in ms: seconds, or a date measured against the answer's own `Date`. Undefined where it is unreadable. */
export function retryAfter(response: HttpResponse): number | undefined {
	const value = header(response, 'retry-after')?.trim();
	if (!value) return undefined;
	if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
	const at = Date.parse(value);
	const from = Date.parse(header(response, 'date') ?? '');
	return Number.isNaN(at) || Number.isNaN(from) ? undefined : Math.max(at - from, 0);
}

const classOf = (status: number): FailureClass => {
	if (status === 429) return 'rate';
	if (status === 408 || status === 425 || status >= 500) return 'retry';
	if (status === 401 || status === 403) return 'auth';
	if (status === 400 || status === 413 || status === 415 || status === 422) return 'payload';
	return 'config';
};

/** What an HTTP status alone says, for answers that are not in the provider's own form. */
export function httpFailure(response: HttpResponse, provider: string): Failure {
	const { status } = response;
	const wait = retryAfter(response);
	return {
		ok: false,
		class: classOf(status),
		code: `http_${status}`,
		message: `${provider} answered with HTTP ${status}${hint(response.body)}`,
		...(wait === undefined ? {} : { retryAfterMs: wait }),
		// A gateway that gave up waiting does not know what the provider did.
		...(status === 504 ? { ambiguous: true } : {}),
	};
}

const hint = (body: unknown): string => {
	const text =
		typeof body === 'string'
			? body
					.replace(/<[^>]*>/g, ' ')
					.replace(/\s+/g, ' ')
					.trim()
			: '';
	return text ? `: ${text.slice(0, 200)}` : '';
};
