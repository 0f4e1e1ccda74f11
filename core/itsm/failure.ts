import { header, retryAfter } from '../channels/http-outcome';
import { redact } from '../channels/redact';
import { TransportError, type HttpRequest, type HttpResponse } from '../channels/types';
import type { ItsmHttp } from './types';

/** What a refusal means: try again, mend the credential, give up, no such ticket, it has changed meanwhile. */
export type ItsmFailureClass = 'retry' | 'auth' | 'permanent' | 'not_found' | 'conflict';

/** Why a call of an ITSM came to nothing. */
export class ItsmFailure extends Error {
	readonly retryAfterMs?: number;
	/** The write may have been taken all the same. */
	readonly ambiguous: boolean;

	constructor(
		readonly kind: ItsmFailureClass,
		/** `timeout`, `http_503`, `not_found`, … Stable. */
		readonly code: string,
		message: string,
		extra: { retryAfterMs?: number; ambiguous?: boolean } = {},
	) {
		super(message);
		this.name = 'ItsmFailure';
		this.retryAfterMs = extra.retryAfterMs;
		this.ambiguous = extra.ambiguous ?? false;
	}
}

const CLASS_OF_STATUS: Record<number, [ItsmFailureClass, string?]> = {
	401: ['auth', 'auth'],
	403: ['permanent', 'forbidden'],
	404: ['not_found', 'not_found'],
	408: ['retry'],
	412: ['conflict', 'ticket_changed'],
	425: ['retry'],
	429: ['retry'],
};

export interface Caller {
	/** As people read it. */
	name: string;
	http: ItsmHttp;
	headers: Record<string, string>;
	secrets: readonly string[];
	/** The system's own words for what went wrong. */
	words(body: unknown): string | undefined;
}

const MAX_WORDS = 500;

/** One call with its answer, or an ItsmFailure without secrets. An answer that is no JSON is none: a login page, a proxy. */
export async function call(
	caller: Caller,
	request: Omit<HttpRequest, 'kind' | 'headers'> & { headers?: Record<string, string> },
): Promise<HttpResponse> {
	const { name, secrets } = caller;
	const isWrite = request.method !== 'GET';
	const answer = await caller
		.http({
			kind: 'http',
			...request,
			headers: { Accept: 'application/json', ...caller.headers, ...request.headers },
		})
		.catch((error: unknown) => unreachable(error, caller, isWrite));
	const { status, body } = answer;
	if (status >= 200 && status < 300) {
		if (typeof body === 'object' && body !== null) return answer;
		throw new ItsmFailure('retry', 'bad_answer', `${name} answered with something else than JSON`, {
			ambiguous: isWrite,
		});
	}
	const [kind, code] = CLASS_OF_STATUS[status] ?? [status >= 500 ? 'retry' : 'permanent'];
	const where = header(answer, 'location');
	const said = caller.words(body) ?? (where ? `it points to ${where}` : undefined);
	const words = `${name} answered with HTTP ${status}${said ? `: ${said.slice(0, MAX_WORDS)}` : ''}`;
	const wait = retryAfter(answer);
	throw new ItsmFailure(kind, code ?? `http_${status}`, redact(words, secrets), {
		...(wait === undefined ? {} : { retryAfterMs: wait }),
		// A gateway or a server that broke down does not say what it did before.
		ambiguous: isWrite && status >= 500,
	});
}

function unreachable(error: unknown, { name, secrets }: Caller, isWrite: boolean): never {
	if (!(error instanceof TransportError)) throw error;
	const message = redact(`${name} cannot be reached: ${error.message}`, secrets);
	throw new ItsmFailure('retry', error.code, message, { ambiguous: isWrite && error.sent });
}

export type Tried<T> = { ok: true; value: T } | { ok: false; failure: ItsmFailure };

/** Runs `work` and gives back an ItsmFailure instead of throwing it; anything else is a fault and goes on up. */
export const tried = async <T>(work: () => Promise<T>): Promise<Tried<T>> =>
	work().then((value) => ({ ok: true as const, value }), asFailure);

function asFailure(error: unknown): { ok: false; failure: ItsmFailure } {
	if (error instanceof ItsmFailure) return { ok: false, failure: error };
	throw error;
}

/** As `tried`; what the account may not read, or is not there, is undefined. */
export async function optional<T>(work: () => Promise<T>): Promise<T | undefined> {
	const done = await tried(work);
	if (done.ok) return done.value;
	if (done.failure.kind !== 'retry') return undefined;
	throw done.failure;
}
