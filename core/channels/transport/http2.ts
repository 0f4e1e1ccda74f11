import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';

import { messageOf } from '../../errors';
import { TransportError, type HttpRequest, type HttpResponse } from '../types';

/** Apple asks to keep connections; one that nobody uses is closed. */
const IDLE_MS = 5 * 60_000;
const sessions = new Map<string, Promise<ClientHttp2Session>>();

async function open(origin: string, timeoutMs: number): Promise<ClientHttp2Session> {
	const { connect } = await import('node:http2');
	return new Promise((resolve, reject) => {
		const session = connect(origin);
		const fail = (code: string, why: string): void => {
			clearTimeout(timer);
			session.destroy();
			reject(new TransportError(code, why, false));
		};
		const timer = setTimeout(() => fail('timeout', `${origin} did not answer`), timeoutMs);
		session.once('connect', () => {
			clearTimeout(timer);
			// An open connection must not keep the process alive.
			session.unref();
			resolve(session);
		});
		session.on('error', (error) => fail(codeOf(error), messageOf(error)));
		session.setTimeout(IDLE_MS, () => session.close());
	});
}

const codeOf = (error: unknown): string => {
	const code = String((error as { code?: unknown }).code ?? '');
	if (code === 'ECONNREFUSED') return 'connection_refused';
	if (/ENOTFOUND|EAI_/.test(code)) return 'dns';
	return /CERT|TLS|EPROTO|SELF_SIGNED/.test(code) ? 'tls' : 'connection_reset';
};

async function session(origin: string, timeoutMs: number): Promise<ClientHttp2Session> {
	const known = await sessions.get(origin)?.catch(() => undefined);
	if (known && !known.closed && !known.destroyed) return known;
	const opening = open(origin, timeoutMs);
	sessions.set(origin, opening);
	const forget = (): void => {
		if (sessions.get(origin) === opening) sessions.delete(origin);
	};
	opening.then((opened) => opened.once('close', forget).once('goaway', forget), forget);
	return opening;
}

/** `ChannelIo.http2` over node:http2, loaded on first use; one connection per origin is kept. Throws TransportError. */
export async function sendHttp2(
	request: HttpRequest,
	{ timeoutMs }: { timeoutMs: number },
): Promise<HttpResponse> {
	const url = new URL(request.url);
	const connection = await session(url.origin, timeoutMs);
	const { body } = request;
	const bytes =
		typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body ?? {});
	return new Promise((resolve, reject) => {
		const stream = connection.request({
			':method': request.method,
			':path': url.pathname + url.search,
			...request.headers,
		});
		const chunks: Buffer[] = [];
		let headers: IncomingHttpHeaders & { ':status'?: number } = {};
		const timer = setTimeout(() => {
			reject(new TransportError('timeout', `No answer in ${timeoutMs} ms`, true));
			stream.close();
			// A connection that stands still is of no use to the next one either.
			connection.close();
		}, timeoutMs);
		stream.on('response', (received) => (headers = received));
		stream.on('data', (chunk: Buffer) => chunks.push(chunk));
		stream.on('error', (error) => {
			clearTimeout(timer);
			// Refused streams were never looked at.
			const isRefused = /REFUSED_STREAM/.test(messageOf(error));
			reject(new TransportError('connection_reset', messageOf(error), !isRefused));
		});
		stream.on('close', () => {
			clearTimeout(timer);
			const status = headers[':status'];
			if (status === undefined)
				return reject(new TransportError('connection_reset', 'The connection ended', true));
			resolve({ status, headers: plain(headers), body: decoded(Buffer.concat(chunks)) });
		});
		stream.end(bytes);
	});
}

const plain = (headers: IncomingHttpHeaders): Record<string, string | undefined> =>
	Object.fromEntries(
		Object.entries(headers)
			.filter(([name]) => !name.startsWith(':'))
			.map(([name, value]) => [name, String(value)]),
	);

function decoded(raw: Buffer): unknown {
	const text = raw.toString('utf8');
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** Closes all connections, when the process ends or a test is done. */
export function closeHttp2(): void {
	for (const opening of sessions.values())
		opening.then(
			(opened) => opened.destroy(),
			() => undefined,
		);
	sessions.clear();
}
