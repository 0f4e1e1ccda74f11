import type { RawData } from 'ws';

import { HandshakeError, type OpenSocket, type Socket } from '../stream/types';
import { transportError } from './errors';

/** A provider's frame is a few KB. */
const MAX_FRAME = 4 * 1024 * 1024;
/** A server that does not answer the close frame is left without one. */
const CLOSE_MS = 1_000;

/**
 * A WebSocket by `ws`, loaded on first use. Goes through the global agents, which n8n replaces where the instance has a
 * proxy. Throws TransportError or HandshakeError.
 */
export const openSocket: OpenSocket = async (url, { timeoutMs, signal }, events) => {
	const [{ WebSocket }, http, https] = await Promise.all([
		import('ws'),
		import('node:http'),
		import('node:https'),
	]);
	signal.throwIfAborted();
	const socket = new WebSocket(url, {
		agent: url.startsWith('wss:') ? https.default.globalAgent : http.default.globalAgent,
		handshakeTimeout: timeoutMs,
		maxPayload: MAX_FRAME,
		perMessageDeflate: false,
		followRedirects: false,
	});
	const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
	let fault: string | undefined;
	let isOpen = false;
	return new Promise<Socket>((resolve, reject) => {
		const stop = (): void => socket.terminate();
		signal.addEventListener('abort', stop, { once: true });
		socket.on('error', (error) => {
			fault = error.message;
			if (!isOpen) reject(transportError(error));
		});
		socket.on('unexpected-response', (_request, response) => {
			reject(
				new HandshakeError(
					response.statusCode ?? 0,
					response.headers as Record<string, string | undefined>,
				),
			);
			response.resume();
			socket.terminate();
		});
		socket.on('message', (data) => events.frame(bytesOf(data)));
		socket.on('ping', () => events.alive());
		socket.on('pong', () => events.alive());
		socket.once('close', (code, reason) => {
			signal.removeEventListener('abort', stop);
			if (!isOpen) return reject(transportError(new Error('The connection ended at its begin')));
			events.ended(fault ?? `closed with ${code} ${reason.toString('utf8')}`.trimEnd());
		});
		socket.once('open', () => {
			isOpen = true;
			// From here on the owner closes it, in order.
			signal.removeEventListener('abort', stop);
			resolve({
				send(data) {
					if (socket.readyState === WebSocket.OPEN) socket.send(data);
				},
				ping() {
					if (socket.readyState === WebSocket.OPEN) socket.ping();
				},
				async close() {
					const timer = setTimeout(() => socket.terminate(), CLOSE_MS);
					socket.close(1000);
					await gone;
					clearTimeout(timer);
				},
			});
		});
	});
};

function bytesOf(data: RawData): Uint8Array {
	if (Array.isArray(data)) return Buffer.concat(data);
	return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
