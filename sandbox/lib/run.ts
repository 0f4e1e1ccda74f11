import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';

export type Env = Record<string, string | undefined>;

/** The last lines of a log, for an error message. */
export function tail(file: string, lines = 40): string {
	if (!existsSync(file)) return '(no log)';
	return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

/**
 * Runs a program to its end and gives what it wrote. Its output goes into a file: n8n's command
 * line spins for ever on a closed pipe.
 */
export async function run(
	bin: string,
	args: string[],
	{ cwd, env, log }: { cwd?: string; env?: Env; log: string },
): Promise<string> {
	const out = openSync(log, 'w');
	try {
		const child = spawn(bin, args, { cwd, env, stdio: ['ignore', out, out] });
		const code = await new Promise<number | null>((done, fail) => {
			child.once('error', fail);
			child.once('exit', done);
		});
		if (code !== 0) throw new Error(`${bin} ${args.join(' ')}: exit ${code}\n${tail(log)}`);
		return readFileSync(log, 'utf8');
	} finally {
		closeSync(out);
	}
}

export async function waitFor<T>(
	what: string,
	check: () => Promise<T | undefined | false>,
	timeoutMs = 60_000,
	everyMs = 200,
): Promise<T> {
	const end = Date.now() + timeoutMs;
	for (;;) {
		const result = await check();
		if (result) return result;
		if (Date.now() > end) throw new Error(`Waited ${timeoutMs / 1000} s for ${what} in vain`);
		await new Promise((done) => setTimeout(done, everyMs));
	}
}
