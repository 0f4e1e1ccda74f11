// npm start: the first five minutes. npm start -- --once: the same, judged, then gone.
// npm run start:queue [-- --once]: the same on an n8n in queue mode.
import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { highTicket, moreTickets } from './data/index.ts';
import { BREAKS, isBreak } from './demo/breaks.ts';
import { once } from './demo/once.ts';
import { startSandbox } from './demo/sandbox.ts';
import type { Sandbox } from './demo/sandbox.ts';
import { OWNER } from './lib/n8n-api.ts';
import { ROOT } from './lib/package.ts';
import { openQueue, SetUpError } from './lib/queue.ts';
import type { Queue } from './lib/queue.ts';

const HOME = join(ROOT, '.sandbox');
const PORTS = { n8n: 5678, inbox: 5680, itsm: 5681, webhooks: 5682 };
/** Database, and prefix of what stands in Redis. */
const QUEUE_NAME = 'itsm_notify_sandbox';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { values } = parseArgs({
	options: {
		once: { type: 'boolean', default: false },
		reset: { type: 'boolean', default: false },
		queue: { type: 'boolean', default: false },
		break: { type: 'string' },
		/** Seconds that --once waits for the messages. */
		wait: { type: 'string' },
		/** Takes dist/ as it is. */
		'no-build': { type: 'boolean', default: false },
	},
});

function build(): void {
	say('building the package');
	const gulp = join(ROOT, 'node_modules', 'gulp', 'bin', 'gulp.js');
	const { status } = spawnSync(process.execPath, [gulp, '--silent', 'bundle'], {
		cwd: ROOT,
		stdio: 'inherit',
	});
	if (status !== 0) throw new Error('The package could not be built; see above.');
}

async function judge(broken: string | undefined): Promise<number> {
	if (broken !== undefined && !isBreak(broken))
		throw new Error(`--break takes one of: ${BREAKS.join(', ')}`);
	const seconds = Number(values.wait ?? 45);
	if (!(seconds > 0)) throw new Error('--wait takes a number of seconds');
	mkdirSync(HOME, { recursive: true });
	const folder = mkdtempSync(join(HOME, 'once-'));
	let sandbox: Sandbox | undefined;
	let queue: Queue | undefined;
	try {
		if (values.queue) queue = await openQueue(`itsm_notify_once_${randomBytes(4).toString('hex')}`);
		sandbox = await startSandbox({ folder, broken, queue, say });
		say('firing a ticket');
		const { ok, lines } = await once(sandbox, seconds * 1000);
		lines.forEach(say);
		return ok ? 0 : 1;
	} finally {
		await sandbox?.stop();
		await queue?.close({ remove: true });
		rmSync(folder, { recursive: true, force: true });
	}
}

async function stay(): Promise<void> {
	const folder = join(HOME, values.queue ? 'queue' : 'n8n');
	if (values.reset) rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const queue = values.queue ? await openQueue(QUEUE_NAME, { reset: values.reset }) : undefined;
	const sandbox = await startSandbox({ folder, ports: PORTS, queue, say }).catch(
		async (error: unknown) => {
			await queue?.close({ remove: false });
			throw error;
		},
	);
	await sandbox.itsm.create(highTicket());
	for (const ticket of moreTickets()) await sandbox.itsm.create(ticket);
	say('');
	say(`  Editor         ${sandbox.n8n.url}   (${OWNER.email} / ${OWNER.password})`);
	say(`  Message inbox  ${sandbox.inbox.url}`);
	say(`  Tickets        ${sandbox.itsm.url}`);
	if (queue) {
		const { host, port, database } = queue.database;
		say(`  Webhooks       ${sandbox.n8n.webhooks}   (a process of their own)`);
		say(`  PostgreSQL     ${host}:${port}/${database}   (--reset drops it)`);
	}
	say('');
	say('Ctrl-C stops everything.');
	let stopping = false;
	const end = (): void => {
		if (stopping) return;
		stopping = true;
		say('stopping');
		void sandbox
			.stop()
			.then(() => queue?.close({ remove: false }))
			.then(() => process.exit(0));
	};
	process.on('SIGINT', end).on('SIGTERM', end);
}

async function main(): Promise<void> {
	if (!values['no-build']) build();
	if (values.once || values.break) process.exitCode = await judge(values.break);
	else await stay();
}

await main().catch((error: unknown) => {
	if (!(error instanceof SetUpError)) throw error;
	say(`FAILED: ${error.message}`);
	process.exitCode = 1;
});
