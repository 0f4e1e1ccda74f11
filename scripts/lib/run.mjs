import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const PROGRESS_EVERY_MS = 15_000;

/** A step that failed, with what the reader can do about it. */
export class StepError extends Error {
	constructor(message, hint) {
		super(message);
		this.hint = hint;
	}
}

// Progress goes to stderr, so that a command's own output stays clean.
export const say = (text) => process.stderr.write(`[itsm-notify] ${text}\n`);

/** The environment without what an outer `npm run` adds, and with our Node first on the PATH. */
export function childEnv(node) {
	const env = { ...process.env };
	for (const key of Object.keys(env)) {
		if (/^npm_(lifecycle|package|command|execpath|node_execpath|config_local_prefix)/i.test(key)) {
			delete env[key];
		}
	}
	const pathKey = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
	env[pathKey] = [dirname(node.bin), env[pathKey]].filter(Boolean).join(delimiter);
	return env;
}

/** npm's own script, so that any Node can run it. */
export function npmCli() {
	const candidates = [
		process.env.npm_execpath,
		join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js'),
		join(dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js'),
		...(process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, 'npm')),
	];
	for (const path of candidates) {
		if (!path || !existsSync(path)) continue;
		const real = realpathSync(path);
		if (real.endsWith('npm-cli.js')) return real;
	}
	throw new StepError('npm was not found', 'Install npm 10 or newer, then run the command again.');
}

/** npm names the cause first and a compiler last, so both ends are shown. */
function excerpt(text) {
	const lines = text.trimEnd().split('\n');
	return lines.length <= 30
		? lines.join('\n')
		: [...lines.slice(0, 12), '…', ...lines.slice(-12)].join('\n');
}

/** Runs one long step: output into a log file, a sign of life every few seconds. */
export async function step(title, bin, args, { cwd, env, log, hint }) {
	say(`${title} …`);
	const started = Date.now();
	const seconds = () => Math.round((Date.now() - started) / 1000);
	const ticker = setInterval(() => say(`${title} … ${seconds()} s`), PROGRESS_EVERY_MS);
	const out = openSync(log, 'w');
	try {
		const child = spawn(bin, args, { cwd, env, stdio: ['ignore', out, out] });
		const stop = (signal) => child.kill(signal);
		process.on('SIGINT', stop).on('SIGTERM', stop);
		const [code, signal] = await new Promise((done) => {
			child.on('error', (error) => done([error.message, null]));
			child.on('exit', (...result) => done(result));
		});
		process.off('SIGINT', stop).off('SIGTERM', stop);
		if (signal) throw new StepError(`${title}: stopped by ${signal}`, `Log: ${log}`);
		if (code !== 0) {
			const text = excerpt(readFileSync(log, 'utf8'));
			throw new StepError(`${title}: exit ${code}\n${text}`, `${hint}\nWhole log: ${log}`);
		}
	} finally {
		clearInterval(ticker);
		closeSync(out);
	}
	say(`${title}: done in ${seconds()} s`);
}

/** Runs the command itself in this terminal: signals go on to it, its exit code becomes ours. */
export function takeOver(bin, args, env) {
	const child = spawn(bin, args, { cwd: ROOT, env, stdio: 'inherit' });
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.on(signal, () => {
			// Ctrl-C in a terminal reaches the child by itself; a second one would read as "now!".
			if (signal === 'SIGINT' && process.stdin.isTTY) return;
			child.kill(signal);
		});
	}
	return new Promise((done, fail) => {
		child.on('error', fail);
		child.on('exit', (code, signal) => {
			process.exitCode = code ?? 128 + (constants.signals[signal] ?? 1);
			done();
		});
	});
}
