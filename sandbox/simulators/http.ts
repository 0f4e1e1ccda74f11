import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

import { createFaults, parseFault } from './faults.ts';
import type { Fault, Faults } from './faults.ts';
import type { Recorder } from './record.ts';

export interface Call {
	method: string;
	path: string;
	query: URLSearchParams;
	headers: IncomingMessage['headers'];
	raw: Buffer;
	text: string;
}

export interface Answer {
	status: number;
	headers?: Record<string, string>;
	/** An object is sent as JSON. */
	body?: unknown;
}

/** What every simulator gives back. */
export interface Simulator {
	/** Base URL, no trailing slash. */
	url: string;
	port: number;
	faults: Faults;
	close(): Promise<void>;
}

export interface StartOptions<Config> {
	/** 0 or absent: a free port. */
	port?: number;
	host?: string;
	recorder: Recorder;
	config: Config;
}

export interface HttpOptions {
	port?: number;
	host?: string;
	/** Fixed delay before every answer, for benchmarks. */
	delayMs?: number;
	/** Shared with the people's side, whose callbacks they spoil too. */
	faults?: Faults;
	handle(call: Call): Answer | Promise<Answer>;
	/** Takes a request whole (an event stream) before its body is read; true where it did. */
	intercept?(request: IncomingMessage, response: ServerResponse): boolean;
	/** Takes a request that wants to go on as a WebSocket. */
	upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	/** A `429`, `5xx` or `reject_auth` fault in the provider's own words; undefined where it does not apply to the call. */
	spell?(fault: Fault, call: Call): Answer | undefined;
	/** Told of each request that a `timeout` or `reset` fault swallowed, so that it can be recorded. */
	lost?(fault: Fault, call: Call): void;
}

const MAX_BODY = 5 * 1024 * 1024;

export const sleep = (ms: number): Promise<void> =>
	new Promise((resolve) => setTimeout(resolve, ms));

export async function readBody(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > MAX_BODY) throw new Error('body too large');
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

export function send(response: ServerResponse, answer: Answer): void {
	const isText = typeof answer.body === 'string' || answer.body === undefined;
	const body = isText ? ((answer.body as string | undefined) ?? '') : JSON.stringify(answer.body);
	response.writeHead(answer.status, {
		'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
		...answer.headers,
		'content-length': String(Buffer.byteLength(body)),
	});
	response.end(body);
}

/** `GET|POST|DELETE /__faults`: list, add (an object or an array) and clear. */
export function faultsEndpoint(faults: Faults, method: string, text: string): Answer {
	if (method === 'DELETE') faults.clear();
	if (method === 'POST') {
		try {
			const input = JSON.parse(text || '[]') as unknown;
			faults.set(...(Array.isArray(input) ? input : [input]).map(parseFault));
		} catch (error) {
			return { status: 400, body: { error: (error as Error).message } };
		}
	}
	return { status: 200, body: { faults: faults.list() } };
}

export function listen(
	server: Server,
	port = 0,
	host = '127.0.0.1',
): Promise<{ url: string; port: number }> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			const bound = (server.address() as AddressInfo).port;
			resolve({ url: `http://${host}:${bound}`, port: bound });
		});
	});
}

export function closeServer(server: Server): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}

/** A simulator's HTTP face: body reading, faults, delay; `handle` is the provider. */
export async function startHttp(options: HttpOptions): Promise<Simulator> {
	const faults = options.faults ?? createFaults();

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (options.intercept?.(request, response)) return;
		const url = new URL(request.url ?? '/', 'http://simulator');
		const raw = await readBody(request);
		const method = request.method ?? 'GET';
		if (url.pathname === '/__faults') {
			return send(response, faultsEndpoint(faults, method, raw.toString('utf8')));
		}
		const call: Call = {
			method,
			path: url.pathname,
			query: url.searchParams,
			headers: request.headers,
			raw,
			text: raw.toString('utf8'),
		};
		const fault = faults.take(`${call.path}\n${call.text}`);
		if (options.delayMs) await sleep(options.delayMs);
		if (fault?.kind === 'slow') await sleep(fault.ms ?? 2000);
		if (fault?.kind === 'timeout' || fault?.kind === 'reset') {
			if (fault.accepted) await options.handle(call);
			else options.lost?.(fault, call);
			// A timeout is held open until the caller or `close` ends the connection.
			if (fault.kind === 'reset') request.socket.resetAndDestroy();
			return;
		}
		const spelled = fault === undefined ? undefined : options.spell?.(fault, call);
		send(response, spelled ?? (await options.handle(call)));
	}

	const server = createServer((request, response) => {
		serve(request, response).catch((error: unknown) => {
			if (!response.headersSent) send(response, { status: 500, body: String(error) });
		});
	});
	if (options.upgrade) server.on('upgrade', options.upgrade);
	server.keepAliveTimeout = 30_000;
	const bound = await listen(server, options.port, options.host);
	return { ...bound, faults, close: () => closeServer(server) };
}
