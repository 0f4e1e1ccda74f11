import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

const FLAGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const GRACE_MS = 15_000;

/** Runs jest in this terminal and gives its exit code; past `limit` ms it is stopped. */
export function runJest(args, env = process.env, limit = 0) {
	const cli = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
	const child = spawn(process.execPath, [...FLAGS, cli, ...args], {
		cwd: ROOT,
		env,
		// --json would repeat the whole report on stdout; people read what jest writes to stderr.
		stdio: ['ignore', args.includes('--json') ? 'ignore' : 'inherit', 'inherit'],
	});
	const stop = (signal) => child.kill(signal);
	process.on('SIGINT', stop).on('SIGTERM', stop);
	const timers = [];
	if (limit > 0) {
		timers.push(setTimeout(() => child.kill('SIGTERM'), limit));
		timers.push(setTimeout(() => child.kill('SIGKILL'), limit + GRACE_MS));
	}
	return new Promise((done, fail) => {
		child.on('error', fail);
		child.on('exit', (code, signal) => {
			timers.forEach(clearTimeout);
			process.off('SIGINT', stop).off('SIGTERM', stop);
			done(signal ? 1 : (code ?? 1));
		});
	});
}
