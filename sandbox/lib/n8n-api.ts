// n8n over HTTP: as its editor does (owner, workflows), and its public API (executions).
import { waitFor } from './run.ts';

/** Public demo values: this n8n listens on the own machine only. */
export const OWNER = {
	email: 'owner@itsm-notify.test',
	firstName: 'Demo',
	lastName: 'Owner',
	password: 'ItsmNotify1',
};

type Json = Record<string, unknown>;

export interface Execution {
	id: string;
	workflowId: string;
	status: string;
	mode: string;
	data?: {
		resultData: {
			error?: { message: string };
			runData: Record<string, Array<{ data?: { main: Array<Array<{ json: Json }> | null> } }>>;
		};
	};
}

/** JSON of one output of a node's last run in an execution. */
export function outputOf(execution: Execution, node: string, output = 0): Json[] {
	const run = execution.data?.resultData.runData[node]?.at(-1);
	return (run?.data?.main[output] ?? []).map((item) => item.json);
}

export class N8nApi {
	private readonly url: string;
	private cookie = '';
	private key = '';

	constructor(url: string) {
		this.url = url;
	}

	/** A call of the editor's own interface. */
	async rest<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
		const answer = await fetch(`${this.url}/rest${path}`, {
			method,
			headers: {
				'content-type': 'application/json',
				// The session is bound to the browser that logged in.
				'browser-id': 'itsm-notify-sandbox',
				...(this.cookie && { cookie: this.cookie }),
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await answer.text();
		if (!answer.ok) throw new Error(`${method} /rest${path}: ${answer.status} ${text}`);
		const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('n8n-auth='));
		if (cookie) this.cookie = cookie.split(';')[0];
		return (text ? (JSON.parse(text) as { data: T }).data : undefined) as T;
	}

	/** Makes the owner's account on a new instance, logs in on one that has it. */
	async login(): Promise<void> {
		const { email, password } = OWNER;
		try {
			await this.rest('POST', '/owner/setup', OWNER);
		} catch {
			await this.rest('POST', '/login', { emailOrLdapLoginId: email, password });
		}
	}

	/** Creates a workflow from a shippable document; gives its id. */
	async createWorkflow(document: Json): Promise<string> {
		const { id } = await this.rest<{ id: string }>('POST', '/workflows', document);
		return id;
	}

	/** Publishes what is saved, as the editor's button does; a refusal names what is missing. */
	async publishWorkflow(id: string): Promise<void> {
		const { versionId } = await this.rest<{ versionId: string }>('GET', `/workflows/${id}`);
		await this.rest('POST', `/workflows/${id}/activate`, { versionId });
	}

	async unpublishWorkflow(id: string): Promise<void> {
		await this.rest('POST', `/workflows/${id}/deactivate`);
	}

	/** A call of the public API; its key is made on first use. */
	async v1<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
		this.key ||= await this.createKey();
		const answer = await fetch(`${this.url}/api/v1${path}`, {
			method,
			headers: { 'X-N8N-API-KEY': this.key, 'content-type': 'application/json' },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await answer.text();
		if (!answer.ok) throw new Error(`${method} /api/v1${path}: ${answer.status} ${text}`);
		return JSON.parse(text) as T;
	}

	/** Executions with their data, the newest first. */
	async executions(workflowId?: string): Promise<Execution[]> {
		const filter = workflowId ? `&workflowId=${workflowId}` : '';
		const path = `/executions?includeData=true&limit=100${filter}`;
		return (await this.v1<{ data: Execution[] }>('GET', path)).data;
	}

	/** Waits until `count` executions ended; gives them, the newest first. */
	async waitForExecutions(workflowId: string, count = 1, timeoutMs = 30_000): Promise<Execution[]> {
		const ended = async () => {
			const all = await this.executions(workflowId);
			const done = all.filter(({ status }) => !['new', 'running', 'waiting'].includes(status));
			return done.length >= count && done;
		};
		return await waitFor(`${count} executions of ${workflowId}`, ended, timeoutMs);
	}

	private async createKey(): Promise<string> {
		if (!this.cookie) await this.login();
		const scopes = await this.rest<string[]>('GET', '/api-keys/scopes');
		const label = `sandbox ${Date.now()}`;
		const key = await this.rest<{ rawApiKey: string }>('POST', '/api-keys', {
			label,
			expiresAt: null,
			scopes,
		});
		return key.rawApiKey;
	}
}
