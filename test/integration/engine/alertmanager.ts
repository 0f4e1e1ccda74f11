// A real Alertmanager in a folder of its own, and a receiver that writes down what it notifies and when.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Debian's package `prometheus-alertmanager`. */
export const ALERTMANAGER = '/usr/bin/prometheus-alertmanager';
export const hasAlertmanager = existsSync(ALERTMANAGER);

export interface Notification {
	/** Epoch milliseconds of arrival. */
	at: number;
	team: string;
	alerts: Array<{ name: string; status: 'firing' | 'resolved' }>;
}

export interface Alert {
	team: string;
	name: string;
	startsAt: number;
	/** Absent: it fires on. */
	endsAt?: number;
}

export interface RunningAlertmanager {
	notifications: Notification[];
	post(alert: Alert): Promise<void>;
	stop(): Promise<void>;
}

/** Durations as both sides write them. */
export interface Times {
	group_wait: string;
	group_interval: string;
	repeat_interval: string;
}

export async function startAlertmanager(times: Times): Promise<RunningAlertmanager> {
	const folder = mkdtempSync(join(tmpdir(), 'itsm-alertmanager-'));
	const notifications: Notification[] = [];
	const receiver = await startReceiver(notifications);
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	writeFileSync(join(folder, 'config.yml'), configOf(portOf(receiver), times));
	let log = '';
	const child = spawn(
		ALERTMANAGER,
		[
			`--config.file=${join(folder, 'config.yml')}`,
			`--storage.path=${join(folder, 'data')}`,
			`--web.listen-address=127.0.0.1:${port}`,
			'--cluster.listen-address=', // alone: no gossip, no waiting for peers
		],
		{ stdio: ['ignore', 'ignore', 'pipe'] },
	);
	child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
	const stop = async (): Promise<void> => {
		await end(child);
		receiver.closeAllConnections();
		receiver.close();
		rmSync(folder, { recursive: true, force: true });
	};
	if (!(await isReady(`${url}/-/ready`, child))) {
		await stop();
		throw new Error(`Alertmanager did not start:\n${log}`);
	}
	return { notifications, post: (alert) => post(url, alert), stop };
}

const configOf = (port: number, times: Times): string => `
route:
  receiver: here
  group_by: [team]
  group_wait: ${times.group_wait}
  group_interval: ${times.group_interval}
  repeat_interval: ${times.repeat_interval}
receivers:
  - name: here
    webhook_configs:
      - url: http://127.0.0.1:${port}/
        send_resolved: true
`;

async function post(url: string, { team, name, startsAt, endsAt }: Alert): Promise<void> {
	const iso = (ms: number): string => new Date(ms).toISOString();
	const alert = {
		labels: { alertname: name, team },
		startsAt: iso(startsAt),
		...(endsAt === undefined ? {} : { endsAt: iso(endsAt) }),
	};
	const response = await fetch(`${url}/api/v2/alerts`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify([alert]),
	});
	if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

async function startReceiver(notifications: Notification[]): Promise<Server> {
	const server = createServer((request, response) => {
		const at = Date.now();
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const body = JSON.parse(Buffer.concat(chunks).toString()) as {
				groupLabels: { team: string };
				alerts: Array<{ status: 'firing' | 'resolved'; labels: { alertname: string } }>;
			};
			notifications.push({
				at,
				team: body.groupLabels.team,
				alerts: body.alerts.map(({ status, labels }) => ({ status, name: labels.alertname })),
			});
			response.end('{}');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function freePort(): Promise<number> {
	const server = createTcpServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

async function isReady(url: string, child: ChildProcess): Promise<boolean> {
	for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
		const answer = await fetch(url).catch(() => undefined);
		if (answer?.ok) return true;
		await sleep(100);
	}
	return false;
}

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = new Promise((resolve) => child.once('exit', resolve));
	child.kill('SIGTERM');
	const late = setTimeout(() => child.kill('SIGKILL'), 5000);
	await gone;
	clearTimeout(late);
}
