// A PostgreSQL of our own where none lets us in: Debian's programs, a temporary folder, no password.
import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../lib/ports.ts';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';

export interface OwnCluster {
	port: number;
	stop(): Promise<void>;
}

/** The folder with initdb and pg_ctl: Debian keeps them out of the PATH. */
function binaries(): string | undefined {
	const versions = existsSync(DEBIAN)
		? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
		: [];
	const folders = [
		...versions.map((version) => join(DEBIAN, version, 'bin')),
		...(process.env.PATH ?? '').split(delimiter),
	];
	return folders.find((dir) => existsSync(join(dir, 'initdb')) && existsSync(join(dir, 'pg_ctl')));
}

/** initdb refuses to run as root; Debian's package brings a user for it. */
function unprivileged(): { uid: number; gid: number } | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
	return { uid: id('-u'), gid: id('-g') };
}

/** A cluster in a temporary folder; undefined where PostgreSQL is not installed. */
export async function startOwnCluster(): Promise<OwnCluster | undefined> {
	const bin = binaries();
	if (!bin) return undefined;
	const user = unprivileged();
	const dir = mkdtempSync(join(tmpdir(), 'itsm-notify-pg-'));
	if (user) chownSync(dir, user.uid, user.gid);
	const data = join(dir, 'data');
	const port = await freePort();
	const options = { ...user, cwd: dir };
	await run(
		join(bin, 'initdb'),
		['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'],
		options,
	);
	const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='${dir}' -c fsync=off`;
	const control = (...args: string[]) =>
		run(join(bin, 'pg_ctl'), ['-D', data, '-w', ...args], options);
	await control('-o', settings, '-l', join(dir, 'log'), 'start');
	return {
		port,
		async stop() {
			await control('-m', 'immediate', 'stop');
			rmSync(dir, { recursive: true, force: true });
		},
	};
}
