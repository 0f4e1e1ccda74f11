import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { InboundContext, InboundRequest } from '../../core/channels/inbound';
import type { Credential } from '../../core/channels/types';
import { createIo } from '../integration/channels/http';

export interface Hook {
	url: string;
	/** What came in, oldest first, as a trigger would hand it to a channel. */
	heard: InboundRequest[];
	close(): void;
}

/** A callback address that keeps every call and answers 200. */
export async function startHook(path = '/'): Promise<Hook> {
	const heard: InboundRequest[] = [];
	let origin = '';
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const url = origin + request.url!;
			heard.push({
				method: request.method as 'GET' | 'POST',
				headers: request.headers as Record<string, string>,
				query: Object.fromEntries(new URL(url).searchParams),
				rawBody: Buffer.concat(chunks),
				url,
			});
			response.writeHead(200).end();
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		url: origin + path,
		heard,
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

export const aRequest = (patch: Partial<InboundRequest>): InboundRequest => ({
	method: 'POST',
	headers: {},
	query: {},
	rawBody: new Uint8Array(),
	url: 'https://n8n.test/hook',
	...patch,
});

/** What `receive` needs around a call. */
export const around = (credential: Credential, now: Date = new Date()): InboundContext => ({
	credential,
	now,
	random: (count) => new Uint8Array(count),
	io: createIo(),
});
