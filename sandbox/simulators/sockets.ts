import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { WebSocket, WebSocketServer } from 'ws';

/** One connection of a client, with what its provider knows of it. */
export interface Peer<Info> {
	info: Info;
	socket: WebSocket;
}

export interface Sockets<Info> {
	/** Those that stand, oldest first. */
	peers: Peer<Info>[];
	/** Takes an upgrade. */
	accept(
		request: IncomingMessage,
		socket: Duplex,
		head: Buffer,
		info: Info,
		onFrame: (peer: Peer<Info>, data: Buffer, isBinary: boolean) => void,
	): void;
	/** Ends all at once, without a word. */
	drop(): void;
}

/** The server's side of WebSockets. */
export function createSockets<Info>(): Sockets<Info> {
	const server = new WebSocketServer({ noServer: true });
	const peers: Peer<Info>[] = [];
	return {
		peers,
		accept(request, socket, head, info, onFrame) {
			server.handleUpgrade(request, socket, head, (opened) => {
				const peer = { info, socket: opened };
				peers.push(peer);
				opened.on('message', (data, isBinary) => onFrame(peer, data as Buffer, isBinary));
				opened.on('error', () => opened.terminate());
				opened.on('close', () => peers.splice(peers.indexOf(peer), 1));
			});
		},
		drop() {
			for (const { socket } of [...peers]) socket.terminate();
		},
	};
}

/** Answers an upgrade with something else. */
export function refuseUpgrade(
	socket: Duplex,
	status: number,
	headers: Record<string, string> = {},
): void {
	const lines = Object.entries({ ...headers, connection: 'close', 'content-length': '0' });
	socket.end(
		`HTTP/1.1 ${status} Refused\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
	);
}

/** A ticket serves one connection, and not for long. */
export function createTickets<Info>(now: () => number, lifeMs: number, make: () => string) {
	const open = new Map<string, { info: Info; until: number }>();
	return {
		issue(info: Info): string {
			const ticket = make();
			open.set(ticket, { info, until: now() + lifeMs });
			return ticket;
		},
		redeem(ticket: string | null): Info | undefined {
			const found = ticket === null ? undefined : open.get(ticket);
			open.delete(ticket ?? '');
			return found && found.until > now() ? found.info : undefined;
		},
	};
}

/** What was sent over a connection and waits for its answer. */
export interface Waiting<Answer> {
	/** The answer, or undefined where none came in time. */
	once(id: string, timeoutMs: number): Promise<Answer | undefined>;
	/** False where nothing was ever sent under this id; an answer that comes late is none the worse for it. */
	answer(id: string, answer: Answer): boolean;
}

export function createWaiting<Answer>(): Waiting<Answer> {
	const open = new Map<string, (answer: Answer) => void>();
	const sent = new Set<string>();
	return {
		once: (id, timeoutMs) =>
			new Promise((resolve) => {
				sent.add(id);
				const timer = setTimeout(() => {
					open.delete(id);
					resolve(undefined);
				}, timeoutMs);
				open.set(id, (answer) => {
					clearTimeout(timer);
					open.delete(id);
					resolve(answer);
				});
			}),
		answer(id, answer) {
			open.get(id)?.(answer);
			return sent.has(id);
		},
	};
}
