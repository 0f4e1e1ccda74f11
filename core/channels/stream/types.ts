import type { InboundCall } from '../inbound';
import type { Credential, Failure, HttpRequest, HttpResponse } from '../types';

export type StreamData = string | Uint8Array;

/** What a frame asks for. */
export type StreamEvent =
	/** The protocol's own business, or a call that concerns nobody: answered at once. */
	| { kind: 'answer'; data: StreamData }
	/** The provider is about to close the connection. */
	| { kind: 'leave' }
	/** `done` goes back when the calls are kept. `failed` says that they are not, so that the provider sends them again. */
	| { kind: 'calls'; calls: InboundCall[]; done: StreamData; failed?: StreamData };

/** How long to wait before connecting again, where the provider says so. */
export interface ReconnectRule {
	/** After an ordinary end: a random part of it, so that not all come back at once. */
	spreadMs: number;
	/** Between tries that fail; absent: growing waits of our own. */
	pauseMs?: number;
}

/** One connection's side of the protocol. Pure: the socket is somebody else's. */
export interface StreamSession {
	/** Undefined where nothing is asked for. Never throws for what a server can send. */
	read(frame: Uint8Array, now: number): StreamEvent | undefined;
	/** How often we ask whether the other side lives, and with what; without `data` by the WebSocket's own ping. */
	ping(): { everyMs: number; data?: StreamData };
	reconnect(): ReconnectRule;
}

export type Opened = { ok: true; url: string; session: StreamSession } | Failure;

/**
 * The provider's calls over a connection that we open: for those whom nobody can call. The credential proves us to the
 * provider and the connection proves the provider to us, so nothing in it is signed or encrypted once more.
 */
export interface Stream {
	/** Asks where to connect. Throws ItsmNotifyError `invalid_credential`. */
	open(credential: Credential): HttpRequest;
	/** The address, which holds a ticket for one connection; or why there is none. */
	opened(response: HttpResponse, request: HttpRequest, credential: Credential): Opened;
	/** What a refused handshake means; absent: try again. */
	refused?(handshake: { status: number; headers: Record<string, string | undefined> }): Failure;
}

/** A WebSocket as far as it is used. Writing to one that has ended does nothing. */
export interface Socket {
	send(data: StreamData): void;
	ping(): void;
	/** Ends it; resolves when it is gone. */
	close(): Promise<void>;
}

export interface SocketEvents {
	frame(data: Uint8Array): void;
	/** A sign of life that is no frame. */
	alive(): void;
	/** Once, however it ended. */
	ended(why: string): void;
}

/** Throws TransportError, or HandshakeError where the server refused the upgrade. */
export type OpenSocket = (
	url: string,
	options: { timeoutMs: number; signal: AbortSignal },
	events: SocketEvents,
) => Promise<Socket>;

/** The server answered the upgrade with something else. */
export class HandshakeError extends Error {
	constructor(
		readonly status: number,
		readonly headers: Record<string, string | undefined>,
	) {
		super(`The connection was refused with HTTP ${status}`);
		this.name = 'HandshakeError';
	}
}
