import { messageOf } from '../../errors';
import { TransportError } from '../types';

/** Nothing left this machine, or nobody took it. */
const NOT_SENT: Record<string, string> = {
	ECONNREFUSED: 'connection_refused',
	ENOTFOUND: 'dns',
	EAI_AGAIN: 'dns',
	EAI_FAIL: 'dns',
	EDNS: 'dns',
	EHOSTUNREACH: 'unreachable',
	ENETUNREACH: 'unreachable',
	EHOSTDOWN: 'unreachable',
	ENETDOWN: 'unreachable',
	ERR_INVALID_URL: 'invalid_url',
	EPROTO: 'tls',
	ETLS: 'tls',
	EMFILE: 'local_limit',
};

/** The connection stood; the provider may have taken what was written. */
const MAYBE_SENT: Record<string, string> = {
	ETIMEDOUT: 'timeout',
	ESOCKETTIMEDOUT: 'timeout',
	ECONNABORTED: 'timeout',
	ERR_CANCELED: 'timeout',
	ABORT_ERR: 'timeout',
	UND_ERR_HEADERS_TIMEOUT: 'timeout',
	UND_ERR_BODY_TIMEOUT: 'timeout',
	ECONNRESET: 'connection_reset',
	EPIPE: 'connection_reset',
	UND_ERR_SOCKET: 'connection_reset',
	ERR_STREAM_PREMATURE_CLOSE: 'connection_reset',
	HPE_INVALID_CONSTANT: 'bad_answer',
	ERR_NETWORK: 'network',
};

interface Thrown {
	code?: unknown;
	name?: unknown;
	message?: unknown;
	syscall?: unknown;
	cause?: unknown;
	errors?: unknown[];
}

/** The error and what it wraps: n8n and fetch hide the socket's error as a cause. */
function* chain(error: unknown, depth = 0): Generator<Thrown> {
	if (typeof error !== 'object' || error === null || depth > 5) return;
	const thrown = error as Thrown;
	yield thrown;
	yield* chain(thrown.cause, depth + 1);
	if (Array.isArray(thrown.errors)) yield* chain(thrown.errors[0], depth + 1);
}

const isCertificate = (code: string): boolean =>
	/CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|ERR_TLS/.test(code);

/**
 * A thrown axios, fetch or socket error as TransportError. `sent` is false only where it is certain that nothing
 * arrived: a refused connection, no address, a failed handshake, a time-out while connecting.
 */
export function transportError(error: unknown): TransportError {
	if (error instanceof TransportError) return error;
	const message = messageOf(error);
	for (const { code, name, syscall, message: words } of chain(error)) {
		const known = typeof code === 'string' ? code : '';
		const isConnecting = syscall === 'connect' || known === 'UND_ERR_CONNECT_TIMEOUT';
		if (isCertificate(known)) return new TransportError('tls', message, false);
		if (known === 'UND_ERR_CONNECT_TIMEOUT') return new TransportError('timeout', message, false);
		if (Object.hasOwn(NOT_SENT, known)) return new TransportError(NOT_SENT[known], message, false);
		if (Object.hasOwn(MAYBE_SENT, known))
			return new TransportError(MAYBE_SENT[known], message, !isConnecting);
		if (name === 'TimeoutError' || name === 'AbortError')
			return new TransportError('timeout', message, true);
		if (/socket hang up|timeout of \d+ ?ms exceeded/i.test(String(words))) {
			return new TransportError(
				/hang up/i.test(String(words)) ? 'connection_reset' : 'timeout',
				message,
				true,
			);
		}
	}
	return new TransportError('network', message, true);
}
