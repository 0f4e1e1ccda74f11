import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { createSockets, createTickets, createWaiting, refuseUpgrade } from '../sockets.ts';
import type { Peer } from '../sockets.ts';
import { list, obj, randomId, refuseNew, str } from './state.ts';
import type { DingTalkConfig, Json } from './state.ts';

export const ROBOT_TOPIC = '/v1.0/im/bot/messages/get';
export const CARD_TOPIC = '/v1.0/card/instances/callback';
const TICKET_MS = 90_000;
const LEAVE_MS = 10_000;
const PATIENCE_MS = 5_000;
const REPEATS = 3;

interface Client {
	topics: string[];
}

/** What a client answered to a frame. */
export interface Ack {
	code: number;
	data: string;
}

export interface PushedFrame {
	frame: string;
	/** Each try's answer; undefined where none came. */
	acks: Array<Ack | undefined>;
}

export interface DingTalkStream {
	open(body: Json, url: string): Json;
	upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	/** True where a client listens to the topic. */
	hears(topic: string): boolean;
	push(topic: string, data: Json): Promise<PushedFrame>;
	/** DingTalk's own ping; true where it came back as it went. */
	ping(): Promise<boolean>;
	/** Asks clients to go; those that stay are cut off after ten seconds. */
	disconnect(): void;
	drop(): void;
	connections(): number;
	/** Answers that are not as the protocol wants them. */
	faults: string[];
}

/** DingTalk Stream, as its protocol page tells it. */
export function createStream(config: DingTalkConfig, now: () => number): DingTalkStream {
	const sockets = createSockets<Client>();
	const tickets = createTickets<Client>(now, TICKET_MS, () => randomId(24));
	const waiting = createWaiting<Ack>();
	const faults: string[] = [];

	function onFrame(_peer: Peer<Client>, raw: Buffer, isBinary: boolean): void {
		let message: Json = {};
		try {
			message = obj(JSON.parse(raw.toString('utf8')));
		} catch {
			faults.push('a frame that is no JSON');
		}
		const headers = obj(message['headers']);
		const [id, data] = [str(headers['messageId']), str(message['data'])];
		if (isBinary) faults.push('a binary frame');
		if (headers['contentType'] !== 'application/json') faults.push('no contentType');
		if (typeof message['code'] !== 'number' || typeof message['message'] !== 'string')
			faults.push('no code or message');
		try {
			JSON.parse(data);
		} catch {
			faults.push('data is no JSON in a text');
		}
		if (!waiting.answer(id, { code: Number(message['code']), data }))
			faults.push(`an answer to nothing: ${id}`);
	}

	function send({ socket }: Peer<Client>, type: string, headers: Json, data: Json): string {
		const frame = JSON.stringify({
			specVersion: '1.0',
			type,
			headers: { contentType: 'application/json', time: String(now()), ...headers },
			data: JSON.stringify(data),
		});
		socket.send(frame);
		return frame;
	}

	const listener = (topic: string): Peer<Client> | undefined => {
		const found = sockets.peers.filter(({ info }) => info.topics.includes(topic));
		return found[Math.floor(Math.random() * found.length)];
	};

	return {
		faults,
		open(body, url) {
			if (body['clientId'] !== config.appKey || body['clientSecret'] !== config.appSecret)
				refuseNew(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret');
			const wanted = list(body['subscriptions']);
			if (wanted.length === 0)
				refuseNew(400, 'Missing.subscriptions', 'subscriptions is mandatory');
			for (const { type, topic } of wanted)
				if (!(type === 'CALLBACK' || (type === 'EVENT' && topic === '*')) || !str(topic))
					refuseNew(400, 'Invalid.subscriptions', `no such subscription: ${String(topic)}`);
			const ticket = tickets.issue({ topics: wanted.map(({ topic }) => str(topic)) });
			return { endpoint: `${url.replace(/^http/, 'ws')}/connect`, ticket };
		},
		upgrade(request, socket, head) {
			const url = new URL(request.url ?? '/', 'http://simulator');
			const client =
				url.pathname === '/connect' ? tickets.redeem(url.searchParams.get('ticket')) : undefined;
			if (!client) return refuseUpgrade(socket, 401);
			sockets.accept(request, socket, head, client, onFrame);
		},
		hears: (topic) => listener(topic) !== undefined,
		async push(topic, data) {
			const messageId = `${randomId(6)}_${now()}`;
			const acks: Array<Ack | undefined> = [];
			let frame = '';
			while (acks.length <= REPEATS) {
				const peer = listener(topic);
				if (peer) frame = send(peer, 'CALLBACK', { topic, messageId }, data);
				acks.push(await waiting.once(messageId, config.stream?.redeliverMs ?? PATIENCE_MS));
				if (acks.at(-1) || config.stream?.redeliverMs === undefined) break;
			}
			return { frame, acks };
		},
		async ping() {
			const [peer] = sockets.peers;
			const messageId = randomId(8);
			const data = { opaque: randomId(6) };
			if (peer) send(peer, 'SYSTEM', { topic: 'ping', messageId }, data);
			const ack = await waiting.once(messageId, PATIENCE_MS);
			return ack?.code === 200 && ack.data === JSON.stringify(data);
		},
		disconnect() {
			for (const peer of [...sockets.peers]) {
				send(peer, 'SYSTEM', { topic: 'disconnect' }, { reason: 'connection is expired' });
				// It gets nothing more.
				peer.info.topics = [];
				setTimeout(() => peer.socket.close(), LEAVE_MS).unref();
			}
		},
		drop: () => sockets.drop(),
		connections: () => sockets.peers.length,
	};
}
