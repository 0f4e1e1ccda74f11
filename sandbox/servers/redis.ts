// A Redis for queue mode: the one that is named, the local one, or one of our own.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '../lib/ports.ts';
import { waitFor } from '../lib/run.ts';
import { RedisClient, type RedisConfig } from './resp.ts';

export interface RedisServer {
	config: RedisConfig;
	/** Stops it, if it was started for us. */
	stop(): Promise<void>;
}

/** Where a URL `redis://user:password@host:port/db` may stand. */
export const REDIS_VARIABLE = 'ITSM_NOTIFY_REDIS';

const LOCAL: RedisConfig = { host: '127.0.0.1', port: 6379, db: 0, tls: false };
const FOLDERS = ['/usr/bin', '/usr/local/bin'];

function fromUrl(text: string): RedisConfig {
	const url = new URL(text);
	return {
		host: url.hostname,
		port: Number(url.port || 6379),
		...(url.username && { username: decodeURIComponent(url.username) }),
		...(url.password && { password: decodeURIComponent(url.password) }),
		db: Number(url.pathname.slice(1) || 0),
		tls: url.protocol === 'rediss:',
	};
}

async function check(config: RedisConfig): Promise<void> {
	(await RedisClient.open(config)).close();
}

/** The server that is named, else the local one, else one of our own; undefined where Redis is not installed. */
export async function findRedis(): Promise<RedisServer | undefined> {
	const stop = async (): Promise<void> => undefined;
	const named = process.env[REDIS_VARIABLE];
	if (named) {
		const config = fromUrl(named);
		await check(config).catch((error: Error) => {
			throw new Error(`${REDIS_VARIABLE} names a Redis that lets nobody in: ${error.message}`);
		});
		return { config, stop };
	}
	try {
		await check(LOCAL);
		return { config: LOCAL, stop };
	} catch {
		return await startOwnRedis();
	}
}

/** A server that keeps nothing on disk; undefined where `redis-server` is not installed. */
export async function startOwnRedis(): Promise<RedisServer | undefined> {
	const bin = [...FOLDERS, ...(process.env.PATH ?? '').split(delimiter)]
		.map((folder) => join(folder, 'redis-server'))
		.find((file) => existsSync(file));
	if (!bin) return undefined;
	const config = { ...LOCAL, port: await freePort() };
	const settings = ['--port', String(config.port), '--bind', LOCAL.host, '--save', ''];
	// Ctrl-C goes to the whole group of a terminal: n8n must be able to end before its Redis does.
	const child = spawn(bin, [...settings, '--appendonly', 'no', '--dir', tmpdir()], {
		stdio: 'ignore',
		detached: true,
	});
	const ended = new Promise<void>((done) => {
		child.once('exit', () => done());
		child.once('error', () => done());
	});
	const stop = async (): Promise<void> => {
		child.kill();
		await ended;
	};
	const answers = (): Promise<boolean> =>
		check(config).then(
			() => true,
			() => false,
		);
	await waitFor('Redis to start', answers, 10_000).catch(async (error: Error) => {
		await stop();
		throw error;
	});
	return { config, stop };
}

/** Removes every key that begins with `prefix`; gives their number. */
export async function removeKeys(config: RedisConfig, prefix: string): Promise<number> {
	const client = await RedisClient.open(config);
	try {
		let cursor = '0';
		let removed = 0;
		do {
			const page = await client.call('SCAN', cursor, 'MATCH', `${prefix}*`, 'COUNT', '1000');
			const [next, keys] = page as [string, string[]];
			if (keys.length > 0) removed += Number(await client.call('DEL', ...keys));
			cursor = next;
		} while (cursor !== '0');
		return removed;
	} finally {
		client.close();
	}
}
