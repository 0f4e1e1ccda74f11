// As much of Redis' protocol as the sandbox needs: send a command, read its answer.
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface RedisConfig {
	host: string;
	port: number;
	username?: string;
	password?: string;
	db: number;
	tls: boolean;
}

export type Reply = string | number | null | Reply[];

const TIMEOUT_MS = 3_000;

export class RedisClient {
	private text = Buffer.alloc(0);
	private readonly waiting: Array<{ done(reply: Reply): void; fail(error: Error): void }> = [];
	private readonly socket: Socket;

	private constructor(socket: Socket) {
		this.socket = socket;
		socket.on('data', (chunk: Buffer) => this.read(chunk));
		socket.on('error', (error) => this.broken(error));
		socket.on('close', () => this.broken(new Error('Redis closed the connection')));
		socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('Redis does not answer')));
	}

	/** Connects, signs in and selects the database; rejects where the server does not let us in. */
	static async open(config: RedisConfig): Promise<RedisClient> {
		const { host, port, username, password, db } = config;
		const socket = config.tls ? connectTls({ host, port }) : connectTcp({ host, port });
		const client = new RedisClient(socket);
		try {
			if (password) await client.call('AUTH', ...(username ? [username] : []), password);
			if (db !== 0) await client.call('SELECT', String(db));
			await client.call('PING');
			return client;
		} catch (error) {
			client.close();
			throw error;
		}
	}

	async call(...words: string[]): Promise<Reply> {
		const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
		const answer = new Promise<Reply>((done, fail) => this.waiting.push({ done, fail }));
		this.socket.write(`*${words.length}\r\n${parts.join('')}`);
		return await answer;
	}

	close(): void {
		this.socket.destroy();
	}

	private broken(error: Error): void {
		for (const { fail } of this.waiting.splice(0)) fail(error);
	}

	private read(chunk: Buffer): void {
		this.text = Buffer.concat([this.text, chunk]);
		for (;;) {
			const parsed = parse(this.text, 0);
			if (!parsed) return;
			this.text = this.text.subarray(parsed.end);
			const next = this.waiting.shift();
			if (parsed.value instanceof Error) next?.fail(parsed.value);
			else next?.done(parsed.value);
		}
	}
}

/** The reply that begins at `start`; undefined while a part of it has not come yet. */
export function parse(
	text: Buffer,
	start: number,
): { value: Reply | Error; end: number } | undefined {
	const stop = text.indexOf('\r\n', start);
	if (stop < 0) return undefined;
	const line = text.toString('utf8', start + 1, stop);
	const end = stop + 2;
	switch (String.fromCharCode(text[start])) {
		case '+':
			return { value: line, end };
		case '-':
			return { value: new Error(`Redis: ${line}`), end };
		case ':':
			return { value: Number(line), end };
		case '$': {
			const length = Number(line);
			if (length < 0) return { value: null, end };
			if (text.length < end + length + 2) return undefined;
			return { value: text.toString('utf8', end, end + length), end: end + length + 2 };
		}
		case '*': {
			const items: Reply[] = [];
			let at = end;
			for (let left = Number(line); left > 0; left--) {
				const item = parse(text, at);
				if (!item) return undefined;
				if (item.value instanceof Error) return item;
				items.push(item.value);
				at = item.end;
			}
			return { value: items, end: at };
		}
		default:
			return { value: new Error(`Redis: an answer that begins with ${line}`), end };
	}
}
