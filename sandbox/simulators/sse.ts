import type { IncomingMessage, ServerResponse } from 'node:http';

export interface EventStream {
	/** Answers the request with a stream that stays open. */
	open(
		request: IncomingMessage,
		response: ServerResponse,
		first?: { event: string; data: unknown },
	): void;
	send(event: string, data: unknown): void;
	close(): void;
}

const HEARTBEAT_MS = 15_000;

/** Server-sent events to every page that is open. */
export function createEventStream(): EventStream {
	const clients = new Set<ServerResponse>();
	const frame = (event: string, data: unknown): string =>
		`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
	const heartbeat = setInterval(() => {
		for (const client of clients) client.write(': here\n\n');
	}, HEARTBEAT_MS);
	heartbeat.unref();
	return {
		open(_request, response, first) {
			response.writeHead(200, {
				'content-type': 'text/event-stream; charset=utf-8',
				'cache-control': 'no-store',
				connection: 'keep-alive',
			});
			response.write('retry: 1000\n\n');
			if (first) response.write(frame(first.event, first.data));
			clients.add(response);
			response.once('close', () => clients.delete(response));
		},
		send(event, data) {
			for (const client of clients) client.write(frame(event, data));
		},
		close() {
			clearInterval(heartbeat);
			for (const client of clients) client.end();
			clients.clear();
		},
	};
}
