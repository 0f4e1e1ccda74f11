// Where a provider's calls arrive: what the Interaction Trigger does with them before anything is kept.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { channels } from '../../../core/channels';
import type { InboundCall, InboundContext, InboundResult } from '../../../core/channels/inbound';
import type { Channel, Credential } from '../../../core/channels/types';
import type { ChannelId } from '../../../core/events/delivery';
import { createIo } from '../channels/http';

export interface Hook {
	/** Address of a channel. */
	url(channel: ChannelId): string;
	/** What was made of each call, oldest first. */
	results: InboundResult[];
	calls(): InboundCall[];
	close(): void;
}

/** `credential` gives that of a channel. */
export async function openHook(credential: (channel: ChannelId) => Credential): Promise<Hook> {
	const results: InboundResult[] = [];
	const io = createIo();
	let base = '';
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', async () => {
			const url = new URL(request.url ?? '/', base);
			const id = url.pathname.slice(1) as ChannelId;
			const channel = channels[id] as Channel;
			const result = await channel.inbound!.receive(
				{
					method: request.method as 'GET' | 'POST',
					headers: request.headers as Record<string, string>,
					query: Object.fromEntries(url.searchParams),
					rawBody: Buffer.concat(chunks),
					url: url.href,
				},
				{
					credential: credential(id),
					now: new Date(),
					random: (count) => new Uint8Array(count),
					io,
				} as InboundContext,
			);
			results.push(result);
			const answer =
				result.kind === 'refused' ? { status: result.status, body: '' } : result.answer;
			response.writeHead(answer.status, 'headers' in answer ? answer.headers : {});
			response.end(answer.body);
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		results,
		url: (channel) => `${base}/${channel}`,
		calls: () => results.flatMap((result) => (result.kind === 'calls' ? result.calls : [])),
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}
