// A sandbox for tests: what fires webhooks, and what is asked of n8n and of the simulators afterwards.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECRETS } from '../../../sandbox/data/index.ts';
import {
	withCredentials,
	withStore,
	type WorkflowDocument,
} from '../../../sandbox/demo/workflows.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/demo/sandbox.ts';
import type { NewTicket, Ticket } from '../../../sandbox/itsm/index.ts';
import type { Patch } from '../../../sandbox/itsm/tickets.ts';
import { webhookBody } from '../../../sandbox/itsm/webhook.ts';
import { ROOT } from '../../../sandbox/lib/package.ts';
import type { MessageRecord } from '../../../sandbox/simulators/index.ts';
import { outputOf, waitFor, type Execution } from './n8n.ts';

export const ROUTING = 'itsmnotify01rout';
export const RELEASE = 'itsmnotify02rele';
export const ERROR_ALERT = 'itsmnotify03erro';
/** Generous: other work may share the machine. */
export const PATIENCE = 90_000;

const SYSTEM = { name: 'IT Service Desk', support_email: 'support@example.test' };
const TOKEN = { [SECRETS.itsm.token.name]: SECRETS.itsm.token.value };

export type Json = Record<string, unknown>;
export interface Answer {
	status: number;
	json: Json;
}

export const shipped = (file: string): WorkflowDocument & Json =>
	JSON.parse(readFileSync(join(ROOT, 'workflows', file), 'utf8')) as WorkflowDocument & Json;

export const withDemoCredentials = (document: WorkflowDocument): WorkflowDocument & Json =>
	withCredentials(document, SYSTEM) as WorkflowDocument & Json;

/** A webhook that hands its body to one node of the Notification Store. */
export const storeWorkflow = (path: string, parameters: Json): Json => ({
	name: `Store ${path}`,
	nodes: [
		{
			id: randomUUID(),
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			position: [0, 0],
			webhookId: randomUUID(),
			parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
		},
		{
			id: randomUUID(),
			name: 'Store',
			type: 'n8n-nodes-itsm-notify.itsmNotificationStore',
			typeVersion: 1,
			position: [280, 0],
			parameters,
		},
	],
	connections: { Webhook: { main: [[{ node: 'Store', type: 'main', index: 0 }]] } },
	settings: { executionOrder: 'v1' },
});

export class Desk {
	readonly sandbox: Sandbox;
	private readonly folder: string;

	private readonly isQueue: boolean;

	private constructor(sandbox: Sandbox, folder: string, isQueue: boolean) {
		this.sandbox = sandbox;
		this.folder = folder;
		this.isQueue = isQueue;
	}

	static async open(options: Pick<SandboxOptions, 'queue' | 'env'> = {}): Promise<Desk> {
		const folder = mkdtempSync(join(tmpdir(), 'itsm-notify-e2e-'));
		const sandbox = await startSandbox({ ...options, folder, say: () => undefined });
		return new Desk(sandbox, folder, options.queue !== undefined);
	}

	/** KEEP=1 in the environment keeps the folder. */
	async close(): Promise<void> {
		await this.sandbox.stop();
		if (!process.env.KEEP) rmSync(this.folder, { recursive: true, force: true });
	}

	/** A new ticket and the body that its ITSM would send; nothing is sent. */
	ticket(input: NewTicket): { ticket: Ticket; body: Json } {
		const { store, url } = this.sandbox.itsm;
		const { ticket, change } = store.create(input, 'admin');
		return { ticket, body: webhookBody(store, ticket, change, url) };
	}

	/** Saves a change and gives the body that its ITSM would send; nothing is sent. */
	change({ sys_id }: Ticket, patch: Patch, by = 'admin'): Json {
		const { store, url } = this.sandbox.itsm;
		const { ticket, change } = store.patch(sys_id, patch, by);
		if (!change) throw new Error('The patch changes nothing');
		return webhookBody(store, ticket, change, url);
	}

	async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
		const answer = await fetch(this.sandbox.n8n.webhookUrl(path), {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: typeof body === 'string' ? body : JSON.stringify(body),
		});
		const text = await answer.text();
		return { status: answer.status, json: text ? (JSON.parse(text) as Json) : {} };
	}

	/** As the ITSM calls 01 Routing. */
	async fire(body: Json): Promise<Answer> {
		return await this.post('itsm', body, TOKEN);
	}

	/** Creates a workflow and publishes it, by the editor's own calls; gives its id. */
	async publish(document: Json, webhook: string): Promise<string> {
		const { api } = this.sandbox.n8n;
		const fitted = this.isQueue ? withStore(document as Json & { nodes: unknown }) : document;
		const id = await api.createWorkflow(fitted);
		await api.publishWorkflow(id);
		await this.sandbox.n8n.waitForWebhook(webhook);
		return id;
	}

	async savePolicy(policy: Json): Promise<void> {
		const parameters = {
			resource: 'policy',
			operation: 'update',
			policy: '={{ $json.body }}',
		};
		await this.publish(storeWorkflow('test-policy', parameters), 'test-policy');
		const { status, json } = await this.post('test-policy', policy);
		if (status !== 200 || !json.policy_id)
			throw new Error(`The policy was not saved: ${JSON.stringify(json)}`);
	}

	async savePeople(documents: unknown[]): Promise<void> {
		const { status, json } = await this.post('sandbox-people', { documents });
		if (status !== 200) throw new Error(`The people were not saved: ${JSON.stringify(json)}`);
	}

	/** Messages that name the ticket, in the order of their arrival. */
	about(number: string): MessageRecord[] {
		const { recorder } = this.sandbox;
		return recorder.messages().filter((m) => JSON.stringify(m.payload).includes(number));
	}

	async arrived(number: string, count: number): Promise<MessageRecord[]> {
		const names = (m: MessageRecord): boolean => JSON.stringify(m.payload).includes(number);
		await this.waitForCount(count, names);
		return this.about(number);
	}

	/** Waits for messages; where they do not come, the store and n8n say what became of them. */
	async waitForCount(count: number, wanted: (m: MessageRecord) => boolean): Promise<void> {
		try {
			await this.sandbox.recorder.waitForCount(count, wanted, PATIENCE);
		} catch (error) {
			throw new Error(`${(error as Error).message}\n${await this.story()}`);
		}
	}

	private async story(): Promise<string> {
		const { n8n } = this.sandbox;
		const rows = (await this.sandbox.deliveries()).slice(0, 10);
		const runs = (await n8n.api.executions()).slice(0, 10);
		const refusals = this.sandbox.recorder.refusals().slice(-5);
		return [
			...rows.map(
				(r) => `store: ${r.user_id} ${r.channel} ${r.event_type} ${r.status} ${r.reason}`,
			),
			...runs.map((r) => `run: ${r.id} ${r.workflowId} ${r.status}`),
			...refusals.map((r) => `refused: ${r.channel} ${r.code} ${r.why}`),
			n8n.logTail(20),
		].join('\n');
	}

	/** Fires a ticket of its own and waits until it has arrived: what came before it is through. */
	async settle(input: NewTicket, count: number): Promise<void> {
		const { ticket, body } = this.ticket(input);
		const { status, json } = await this.fire(body);
		if (status !== 200) throw new Error(`The webhook answered ${status} ${JSON.stringify(json)}`);
		await this.arrived(ticket.number, count);
	}

	/** The ids of all events that a workflow's ITSM Trigger has put out. */
	async eventsRun(workflowId = ROUTING): Promise<string[]> {
		const executions = await this.sandbox.n8n.api.executions(workflowId);
		return executions.flatMap((execution) =>
			outputOf(execution, 'ITSM Trigger').map((event) => String(event.event_id)),
		);
	}

	/** Waits for a finished execution that holds what `find` looks for, and gives that. */
	async inExecution<T>(
		what: string,
		workflowId: string,
		find: (execution: Execution) => T | undefined,
	): Promise<T> {
		const look = async (): Promise<T | undefined> => {
			for (const execution of await this.sandbox.n8n.api.executions(workflowId)) {
				const found = find(execution);
				if (found !== undefined) return found;
			}
			return undefined;
		};
		return await waitFor(what, look, PATIENCE, 500);
	}
}

/** Deliveries of an event (all of them without one) on an output of a node. */
export const deliveriesOf = (
	execution: Execution,
	node: string,
	output: number,
	eventId?: string,
): Json[] =>
	outputOf(execution, node, output).filter(
		({ event }) => eventId === undefined || (event as Json | undefined)?.event_id === eventId,
	);
