import { createHash, randomUUID } from 'node:crypto';
import {
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { say } from './run.mjs';

const STALE_MS = 60_000;

/** Outside the clone, so that a fresh clone does not download everything again. */
export const CACHE =
	process.env.ITSM_NOTIFY_CACHE ||
	(process.env.XDG_CACHE_HOME
		? join(process.env.XDG_CACHE_HOME, 'itsm-notify')
		: join(homedir(), '.cache', 'itsm-notify'));

export function cachePath(...parts) {
	mkdirSync(join(CACHE, 'logs'), { recursive: true });
	return join(CACHE, ...parts);
}

export function hashOf(files, ...more) {
	const hash = createHash('sha256');
	for (const file of files) hash.update(readFileSync(file));
	for (const text of more) hash.update(text);
	return hash.digest('hex').slice(0, 16);
}

const readOwner = (dir) => {
	try {
		return JSON.parse(readFileSync(join(dir, 'owner.json'), 'utf8'));
	} catch {
		return undefined;
	}
};

function isStale(dir) {
	let age;
	try {
		age = Date.now() - statSync(dir).mtimeMs;
	} catch {
		return false; // gone by itself
	}
	if (age > STALE_MS) return true;
	const owner = readOwner(dir);
	if (!owner || owner.host !== hostname()) return false;
	try {
		process.kill(owner.pid, 0);
		return false;
	} catch (error) {
		return error.code === 'ESRCH';
	}
}

function tryLock(dir) {
	try {
		mkdirSync(dir);
	} catch (error) {
		if (error.code !== 'EEXIST') throw error;
		return false;
	}
	writeFileSync(join(dir, 'owner.json'), JSON.stringify({ pid: process.pid, host: hostname() }));
	return true;
}

/** Only one process at a time runs `work`; a lock whose owner died is taken over. */
export async function withLock(name, work) {
	const dir = cachePath(`${name}.lock`);
	let told = false;
	while (!tryLock(dir)) {
		if (isStale(dir)) {
			// Renaming is atomic: of two that see a stale lock only one removes it.
			const grave = `${dir}.${randomUUID()}`;
			try {
				renameSync(dir, grave);
				rmSync(grave, { recursive: true, force: true });
			} catch (error) {
				if (error.code !== 'ENOENT') throw error;
			}
			continue;
		}
		if (!told) say(`Another run (pid ${readOwner(dir)?.pid ?? '?'}) does this step; waiting …`);
		told = true;
		await new Promise((done) => setTimeout(done, 1000));
	}
	const beat = setInterval(() => utimesSync(dir, new Date(), new Date()), 10_000);
	try {
		return await work();
	} finally {
		clearInterval(beat);
		rmSync(dir, { recursive: true, force: true });
	}
}
