import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { createSockets, createTickets, createWaiting, refuseUpgrade } from '../sockets.ts';
import type { Peer } from '../sockets.ts';
import { isObject, refuse } from './directory.ts';
import type { FeishuConfig, Json } from './directory.ts';
import { decode, encode } from './frame.ts';
import type { Frame } from './frame.ts';

const TICKET_MS = 60_000;
const SERVICE = 33554678;
const PATIENCE_MS = 3_000;
const REPEATS = 3;
const MAX_CONNECTIONS = 50;
const CONTROL = 0;
const CALL = 1;

export interface PushedEvent {
	frames: number;
	/** Each try's answer, as its payload says; undefined where none came. */
	acks: Array<{ code: number; data?: string } | undefined>;
}

export interface FeishuStream {
	endpoint(body: Json, url: string): Json;
	upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	connections(): number;
	/** In one frame, or as many as `stream.parts` says. */
	push(event: Json): Promise<PushedEvent>;
	drop(): void;
	/** Pings that came in. */
	pings(): number;
	faults: string[];
}

const id = (count = 8): string => randomBytes(count).toString('hex');

/** Feishu's long connection, as its SDKs speak it. */
export function createStream(config: FeishuConfig, now: () => number): FeishuStream {
	const sockets = createSockets<null>();
	const tickets = createTickets<null>(now, TICKET_MS, () => id(16));
	const waiting = createWaiting<Frame>();
	const faults: string[] = [];
	let pings = 0;
	let seq = 0n;

	const clientConfig = (): Json => ({
		...{ ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 120 },
		...config.stream?.clientConfig,
	});

	function onFrame({ socket }: Peer<null>, raw: Buffer, isBinary: boolean): void {
		let frame: Frame;
		try {
			if (!isBinary) throw new Error('a text frame');
			frame = decode(raw);
			if (frame.service !== SERVICE) throw new Error(`wrong service ${frame.service}`);
		} catch (error) {
			faults.push((error as Error).message);
			return socket.close();
		}
		if (frame.method === CONTROL && frame.headers['type'] === 'ping') {
			pings += 1;
			const payload = Buffer.from(JSON.stringify(clientConfig()));
			socket.send(encode({ ...frame, headers: { type: 'pong' }, payload }));
		} else if (!waiting.answer(frame.headers['message_id'] ?? '', frame)) {
			faults.push('an answer to nothing');
		}
	}

	function answerOf(frame: Frame | undefined): { code: number; data?: string } | undefined {
		if (!frame) return undefined;
		const body: unknown = JSON.parse(frame.payload.toString('utf8'));
		if (!isObject(body) || typeof body['code'] !== 'number') {
			faults.push('an answer without a code');
			return undefined;
		}
		return body as { code: number; data?: string };
	}

	function send({ socket }: Peer<null>, messageId: string, event: Json): number {
		const bytes = Buffer.from(JSON.stringify(event));
		const sum = config.stream?.parts ?? 1;
		const size = Math.ceil(bytes.length / sum);
		for (let at = 0; at < sum; at += 1) {
			seq += 1n;
			socket.send(
				encode({
					SeqID: seq,
					// Larger than a double can hold, as real ones are.
					LogID: 18_000_000_000_000_000_001n,
					service: SERVICE,
					method: CALL,
					headers: {
						...{ type: 'event', message_id: messageId, sum: String(sum), seq: String(at) },
						trace_id: id(),
					},
					payload: bytes.subarray(at * size, (at + 1) * size),
				}),
			);
		}
		return sum;
	}

	return {
		faults,
		endpoint(body, url) {
			if (body['AppID'] !== config.appId) refuse(10003, 'invalid param: app_id', 200);
			if (body['AppSecret'] !== config.appSecret) refuse(10014, 'app secret invalid', 200);
			const query = new URLSearchParams({
				device_id: id(),
				service_id: String(SERVICE),
				access_key: id(),
				ticket: tickets.issue(null),
			});
			return {
				URL: `${url.replace(/^http/, 'ws')}/ws/v2?${query}`,
				ClientConfig: clientConfig(),
			};
		},
		upgrade(request, socket, head) {
			const url = new URL(request.url ?? '/', 'http://simulator');
			const refused = (why: string, more: Record<string, string> = {}): void =>
				refuseUpgrade(socket, 400, {
					'handshake-status': '514',
					'handshake-msg': why,
					...more,
				});
			if (url.pathname !== '/ws/v2' || tickets.redeem(url.searchParams.get('ticket')) === undefined)
				return refused('auth failed');
			if (sockets.peers.length >= (config.stream?.maxConnections ?? MAX_CONNECTIONS))
				return refused('exceed conn limit', { 'handshake-autherrcode': '1000040350' });
			sockets.accept(request, socket, head, null, onFrame);
		},
		connections: () => sockets.peers.length,
		async push(event) {
			const messageId = id(16);
			const acks: PushedEvent['acks'] = [];
			// A pressed card waits for its answer once; an event comes again.
			const isPress =
				isObject(event['header']) && event['header']['event_type'] === 'card.action.trigger';
			let frames = 0;
			while (acks.length <= (isPress ? 0 : REPEATS)) {
				const peer = sockets.peers[Math.floor(Math.random() * sockets.peers.length)];
				if (peer) frames += send(peer, messageId, event);
				acks.push(
					answerOf(await waiting.once(messageId, config.stream?.patienceMs ?? PATIENCE_MS)),
				);
				if (acks.at(-1)?.code === 200) break;
				await new Promise((done) => setTimeout(done, config.stream?.redeliverMs ?? 0));
			}
			return { frames, acks };
		},
		drop: () => sockets.drop(),
		pings: () => pings,
	};
}
