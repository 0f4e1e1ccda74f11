// An n8n of its own with the compared workflows, and what all benchmarks on it need.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { credentialId, demoCredentials } from '../../sandbox/demo/credentials.ts';
import { withStore } from '../../sandbox/demo/workflows.ts';
import { N8n } from '../../sandbox/lib/n8n.ts';
import { ROOT } from '../../sandbox/lib/package.ts';
import { joinQueue, storeData } from '../../sandbox/lib/queue.ts';
import type { Queue } from '../../sandbox/lib/queue.ts';
import type { Env } from '../../sandbox/lib/run.ts';
import { everybody, preferenceOf } from './events.ts';
import { say } from './report.ts';
import { startProviders } from './targets.ts';
import type { Providers } from './targets.ts';
import { pathOf, workflowOf } from './workflows.ts';
import type { Pipeline } from './workflows.ts';

const credential = (type: string) => ({ id: credentialId(type), name: `Demo ${type}` });

export interface StandOptions {
	title: string;
	env: Env;
	/** Main, a webhook process and two workers in place of one process. */
	queue?: Queue;
}

/** Runs `work` on a prepared n8n that is not started yet; afterwards nothing of it is left. */
export async function withN8n<T>(
	{ title, env, queue }: StandOptions,
	work: (n8n: N8n, providers: Providers) => Promise<T>,
): Promise<T> {
	const home = join(ROOT, '.sandbox');
	mkdirSync(home, { recursive: true });
	const folder = mkdtempSync(join(home, 'bench-'));
	const providers = await startProviders();
	let n8n: N8n | undefined;
	try {
		say();
		say(`== ${title} ==`);
		n8n = await N8n.create({
			folder,
			env: { ...queue?.env, ...env },
			...(queue && { webhookPort: 0 }),
		});
		return await work(n8n, providers);
	} finally {
		await n8n?.stop();
		await providers.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Starts n8n, publishes the workflows and saves the people; returns the workflows' ids. */
export async function setUp(
	n8n: N8n,
	providers: Providers,
	pipelines: readonly Pipeline[],
	queue?: Queue,
): Promise<Record<string, string>> {
	await n8n.importCredentials(
		demoCredentials(
			{
				slack: providers.slackUrl,
				wecom: providers.wecomUrl,
				email: { host: '127.0.0.1', port: 9 },
			},
			{ store: queue && storeData(queue.database) },
		),
	);
	await n8n.start();
	if (queue) await joinQueue(n8n);
	await n8n.api.login();
	const people = readFileSync(join(ROOT, 'sandbox', 'workflows', 'sandbox.json'), 'utf8');
	const documents: Array<[string, Record<string, unknown>]> = [
		['people', JSON.parse(people) as Record<string, unknown>],
		...pipelines.map((pipeline): [string, Record<string, unknown>] => [
			pipeline,
			workflowOf(pipeline, providers, credential),
		]),
	];
	const ids: Record<string, string> = {};
	for (const [name, document] of documents) {
		ids[name] = await n8n.api.createWorkflow(
			queue ? withStore(document as { nodes: unknown }) : document,
		);
		await n8n.api.publishWorkflow(ids[name]);
	}
	for (const path of ['sandbox-people', ...pipelines.map(pathOf)]) await n8n.waitForWebhook(path);
	const saved = await fetch(n8n.webhookUrl('sandbox-people'), {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ documents: everybody().map((id) => preferenceOf(id)) }),
	});
	if (!saved.ok)
		throw new Error(`The people were not saved: ${saved.status} ${await saved.text()}`);
	return ids;
}

/** The processes of n8n itself, without those that they started. */
export const pidsOf = ({ processes }: N8n): number[] =>
	processes.map(({ child }) => child.pid as number);

/** False, and said so, where the figures of a run would mean nothing. */
export function valid(faults: readonly string[]): boolean {
	if (faults.length === 0) return true;
	say('INVALID: these figures would mean nothing.');
	for (const why of new Set(faults)) say(`  ${why}`);
	return false;
}
