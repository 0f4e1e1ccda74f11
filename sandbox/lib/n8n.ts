// Runs the pinned n8n: one folder, one port, our package installed from its tarball.
import { spawn, type ChildProcess } from 'node:child_process';
import {
	closeSync,
	existsSync,
	mkdirSync,
	openSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { N8nApi } from './n8n-api.ts';
import { installPackage, packPackage } from './package.ts';
import { freePort } from './ports.ts';
import { run, tail, waitFor, type Env } from './run.ts';

export interface N8nOptions {
	/** n8n's user folder; its data stands in <folder>/.n8n. */
	folder: string;
	/** The wanted port; the next free one is taken. */
	port?: number;
	/** More settings, for example EXECUTIONS_MODE. */
	env?: Env;
	/** Queue mode: the wanted port of the webhook process, which answers all production calls. */
	webhookPort?: number;
	/** Path of a packed tarball; without it the package is packed from dist/. */
	tarball?: string;
}

/** One running process of n8n: `start`, `worker` or `webhook`. */
export interface N8nProcess {
	child: ChildProcess;
	log: string;
	stop(signal?: NodeJS.Signals): Promise<void>;
}

const FOLLOW = new URL('./follow-parent.mjs', import.meta.url).href;
const STOP_MS = 30_000;
const FOREIGN = /^(N8N_|DB_|EXECUTIONS_|QUEUE_|WEBHOOK_|GENERIC_|npm_)/i;

function required(name: 'ITSM_NOTIFY_NODE' | 'ITSM_NOTIFY_N8N'): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set; start through npm (scripts/bootstrap.mjs)`);
	return value;
}

export class N8n {
	readonly folder: string;
	readonly port: number;
	/** The editor and its API. */
	readonly url: string;
	/** Where production webhooks are answered: by the server itself, in queue mode by the webhook process. */
	readonly webhooks: string;
	readonly env: Env;
	readonly api: N8nApi;
	/** The running processes; a crash test kills them from here. */
	processes: N8nProcess[] = [];
	private spawned = 0;

	private constructor(
		folder: string,
		ports: { own: number; broker: number; webhooks?: number },
		extra: Env,
	) {
		this.folder = folder;
		this.port = ports.own;
		this.url = `http://127.0.0.1:${ports.own}`;
		this.webhooks = `http://127.0.0.1:${ports.webhooks ?? ports.own}`;
		// The settings of whoever runs this must not leak into the n8n of the tests.
		const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
		this.env = {
			...Object.fromEntries(own),
			NODE_ENV: 'production',
			N8N_USER_FOLDER: folder,
			N8N_PORT: String(this.port),
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_RUNNERS_BROKER_PORT: String(ports.broker),
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
			N8N_PERSONALIZATION_ENABLED: 'false',
			N8N_TEMPLATES_ENABLED: 'false',
			N8N_SECURE_COOKIE: 'false',
			N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
			N8N_WEBHOOK_URL: `${this.webhooks}/`,
			GENERIC_TIMEZONE: 'UTC',
			...extra,
		};
		this.api = new N8nApi(this.url);
	}

	/** Prepares the folder and installs our package; nothing runs yet. */
	static async create(options: N8nOptions): Promise<N8n> {
		const { folder, port, webhookPort, env = {}, tarball } = options;
		const own = await freePort(port);
		const webhooks = webhookPort === undefined ? undefined : await freePort(webhookPort);
		const n8n = new N8n(folder, { own, broker: await freePort(), webhooks }, env);
		mkdirSync(n8n.path('logs'), { recursive: true });
		await installPackage(tarball ?? (await packPackage(n8n.path('logs'))), n8n.path());
		return n8n;
	}

	/** A path below n8n's data folder. */
	path(...parts: string[]): string {
		return join(this.folder, '.n8n', ...parts);
	}

	/** Runs one command of n8n's command line to its end and gives its output. */
	async cli(...args: string[]): Promise<string> {
		const log = this.path('logs', `cli-${args[0].replaceAll(':', '-')}.log`);
		// A server may be running: its task broker keeps the other port.
		const env = { ...this.env, N8N_RUNNERS_BROKER_PORT: String(await freePort()) };
		return await run(required('ITSM_NOTIFY_NODE'), [this.bin(), ...args], {
			cwd: this.folder,
			env,
			log,
		});
	}

	/** `[{id, name, type, data}]`, data in plain text; n8n encrypts it. */
	async importCredentials(credentials: unknown[]): Promise<void> {
		const file = this.path('logs', 'credentials.json');
		writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
		try {
			await this.cli('import:credentials', `--input=${file}`);
		} finally {
			writeFileSync(file, '');
		}
	}

	/** Imports every workflow file of a folder, unpublished. */
	async importWorkflows(folder: string): Promise<void> {
		await this.cli('import:workflow', '--separate', `--input=${folder}`);
	}

	/** Publishes by the command line; a running n8n takes it over within some seconds. */
	async publish(...ids: string[]): Promise<void> {
		for (const id of ids) await this.cli('publish:workflow', `--id=${id}`);
	}

	/** Starts the server and waits until it answers. */
	async start(timeoutMs = 120_000): Promise<N8nProcess> {
		return await this.ready(this.spawn('start'), this.url, timeoutMs);
	}

	/** Queue mode: adds the webhook process or a worker, and waits until it is at work. */
	async join(command: 'webhook' | 'worker', timeoutMs = 240_000): Promise<N8nProcess> {
		const port = command === 'webhook' ? new URL(this.webhooks).port : String(await freePort());
		const process = this.spawn(command, {
			...this.ownFolder(`${command}-${port}`),
			// Each process has a task broker of its own.
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
			...(command === 'webhook'
				? { N8N_PORT: port }
				: {
						QUEUE_HEALTH_CHECK_ACTIVE: 'true',
						QUEUE_HEALTH_CHECK_PORT: port,
						N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
					}),
		});
		return await this.ready(process, `http://127.0.0.1:${port}`, timeoutMs);
	}

	/** As on a host of its own: the package, the key, and a folder; in a shared one n8n takes main's journal for a crash, and waits. */
	private ownFolder(name: string): Env {
		const folder = join(this.folder, 'processes', name);
		rmSync(folder, { recursive: true, force: true });
		mkdirSync(join(folder, '.n8n'), { recursive: true });
		symlinkSync(this.path('nodes'), join(folder, '.n8n', 'nodes'));
		const { encryptionKey } = JSON.parse(readFileSync(this.path('config'), 'utf8')) as {
			encryptionKey: string;
		};
		return { N8N_USER_FOLDER: folder, N8N_ENCRYPTION_KEY: encryptionKey };
	}

	private async ready(started: N8nProcess, url: string, timeoutMs: number): Promise<N8nProcess> {
		await waitFor(
			'n8n to start',
			async () => {
				if (started.child.exitCode !== null || started.child.signalCode !== null) {
					throw new Error('n8n ended while starting');
				}
				const answer = await fetch(`${url}/healthz/readiness`).catch(() => undefined);
				return answer?.ok;
			},
			timeoutMs,
		).catch(async (error: Error) => {
			await started.stop();
			throw new Error(`${error.message}\n${tail(started.log)}`);
		});
		return started;
	}

	/** Starts a process without waiting, e.g. a `worker` of queue mode. */
	spawn(command: 'start' | 'worker' | 'webhook', env: Env = {}): N8nProcess {
		const name = `${command}-${++this.spawned}`;
		const log = this.path('logs', `${name}.log`);
		const out = openSync(log, 'a');
		const child = spawn(required('ITSM_NOTIFY_NODE'), ['--import', FOLLOW, this.bin(), command], {
			cwd: this.folder,
			env: { ...this.env, ...env },
			stdio: ['ignore', out, out],
		});
		closeSync(out);
		child.once('exit', () => {
			this.processes = this.processes.filter((entry) => entry !== started);
		});
		const stopped = new Promise<void>((done) => {
			child.once('exit', () => done());
			child.once('error', () => done());
		});
		const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
			child.kill(signal);
			const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
			await stopped;
			clearTimeout(timer);
		};
		const started: N8nProcess = { child, log, stop };
		this.processes.push(started);
		return started;
	}

	/** Stops everything that was started here. */
	async stop(): Promise<void> {
		await Promise.all(this.processes.map((entry) => entry.stop()));
	}

	/** The ends of the logs, for a failing test. */
	logTail(lines = 60): string {
		const logs = this.processes.map(({ log }) => log);
		return (logs.length > 0 ? logs : [this.path('logs', 'start-1.log')])
			.map((log) => `${basename(log)}:\n${tail(log, lines)}`)
			.join('\n');
	}

	webhookUrl(path: string): string {
		return `${this.webhooks}/webhook/${path}`;
	}

	/** Publishing returns before the webhook answers; waits without calling it. */
	async waitForWebhook(
		path: string,
		{ method = 'POST', timeoutMs = 60_000 }: { method?: string; timeoutMs?: number } = {},
	): Promise<void> {
		await waitFor(
			`the webhook ${path}`,
			async () => {
				// Without an Origin the answer is the same for every path.
				const answer = await fetch(this.webhookUrl(path), {
					method: 'OPTIONS',
					headers: { origin: this.webhooks },
				});
				const methods = answer.headers.get('access-control-allow-methods') ?? '';
				// A node may register several methods of one path, one after the other.
				return methods.split(/[,\s]+/).includes(method);
			},
			timeoutMs,
		).catch((error: Error) => {
			throw new Error(`${error.message}\n${this.logTail()}`);
		});
	}

	private bin(): string {
		const bin = join(required('ITSM_NOTIFY_N8N'), 'bin', 'n8n');
		if (!existsSync(bin)) throw new Error(`No n8n at ${bin}`);
		return bin;
	}
}
