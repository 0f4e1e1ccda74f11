// Drives the parts of a node that n8n calls outside an execution: webhook(), its hooks, trigger().
import type { Request, Response } from 'express';
import type {
	IDataObject,
	INode,
	INodeExecutionData,
	INodeType,
	ITriggerResponse,
	IWebhookData,
	IWebhookDescription,
	IWebhookResponseData,
	WebhookSetupMethodNames,
} from 'n8n-workflow';
import { createEngine, type Engine, type EngineOptions } from './engine.ts';
import { core } from './n8n-modules.ts';

type ContextOptions = Omit<EngineOptions, 'nodes' | 'connections'>;

export interface WebhookRequest {
	method?: string;
	/** A string or Buffer is sent as it is; anything else as JSON. */
	body?: unknown;
	headers?: Record<string, string>;
	query?: Record<string, string>;
	params?: Record<string, string>;
	ip?: string;
}

export interface WebhookResult {
	/** What webhook() returned. */
	result: IWebhookResponseData;
	/** The items it starts the workflow with, per output; undefined = no execution. */
	items?: INodeExecutionData[][];
	/** What it wrote itself with the response object. */
	response: { statusCode: number; headers: Record<string, string>; body: string; ended: boolean };
	staticData: IDataObject;
}

function parseBody(raw: Buffer, type: string): unknown {
	const text = raw.toString('utf8');
	if (type.includes('json')) return text === '' ? {} : JSON.parse(text);
	if (type.includes('x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
	return type.startsWith('text/') || type.includes('xml') ? text : {};
}

function fakeRequest(request: WebhookRequest): Request {
	const { method = 'POST', body, query = {}, params = {}, ip = '127.0.0.1' } = request;
	const plain = typeof body === 'string' || Buffer.isBuffer(body);
	const rawBody = Buffer.from(
		plain ? (body as string) : body === undefined ? '' : JSON.stringify(body),
	);
	const headers: Record<string, string> = plain ? {} : { 'content-type': 'application/json' };
	for (const [key, value] of Object.entries(request.headers ?? {})) {
		headers[key.toLowerCase()] = value;
	}
	return {
		method,
		headers,
		query,
		params,
		ip,
		rawBody,
		body: parseBody(rawBody, headers['content-type'] ?? ''),
		get: (name: string) => headers[name.toLowerCase()],
		header: (name: string) => headers[name.toLowerCase()],
		readRawBody: async () => {},
		socket: { remoteAddress: ip },
		on() {},
	} as unknown as Request;
}

function fakeResponse() {
	const seen: WebhookResult['response'] = { statusCode: 200, headers: {}, body: '', ended: false };
	const text = (value: unknown) => (typeof value === 'string' ? value : String(value ?? ''));
	const response = {
		headersSent: false,
		status(code: number) {
			seen.statusCode = code;
			return response;
		},
		set statusCode(code: number) {
			seen.statusCode = code;
		},
		get statusCode() {
			return seen.statusCode;
		},
		setHeader(name: string, value: unknown) {
			seen.headers[name.toLowerCase()] = String(value);
			return response;
		},
		set: (name: string, value: unknown) => response.setHeader(name, value),
		header: (name: string, value: unknown) => response.setHeader(name, value),
		type: (value: string) => response.setHeader('content-type', value),
		getHeader: (name: string) => seen.headers[name.toLowerCase()],
		removeHeader: (name: string) => delete seen.headers[name.toLowerCase()],
		writeHead(code: number, headers: Record<string, string> = {}) {
			seen.statusCode = code;
			for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
			return response;
		},
		write(chunk: unknown) {
			seen.body += text(chunk);
			return true;
		},
		end(chunk?: unknown) {
			seen.body += text(chunk);
			seen.ended = true;
			response.headersSent = true;
			return response;
		},
		json(value: unknown) {
			response.setHeader('content-type', 'application/json');
			return response.end(JSON.stringify(value));
		},
		send(value: unknown) {
			return typeof value === 'object' && !Buffer.isBuffer(value)
				? response.json(value)
				: response.end(value);
		},
		redirect(url: string) {
			response.setHeader('location', url);
			seen.statusCode = 302;
			return response.end();
		},
		on() {},
		once() {},
	};
	return { response: response as unknown as Response, seen };
}

function descriptionOf(engine: Engine, node: INode, name: string): IWebhookDescription {
	const type = engine.workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const found = type.description.webhooks?.find((webhook) => webhook.name === name);
	if (!found) throw new Error(`${node.type} has no webhook "${name}"`);
	return found;
}

const webhookData = (engine: Engine, node: INode, description: IWebhookDescription) =>
	({
		node: node.name,
		path: node.webhookId ?? 'webhook',
		httpMethod: 'POST',
		webhookDescription: description,
		workflowId: engine.workflow.id,
		workflowExecuteAdditionalData: engine.additionalData,
	}) as unknown as IWebhookData;

const typeOf = (engine: Engine, node: INode): INodeType =>
	engine.workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);

/** Calls webhook() of a node as n8n's server does for one HTTP request. */
export async function runWebhook(
	options: ContextOptions & { node: INode; request?: WebhookRequest; webhookName?: string },
): Promise<WebhookResult> {
	const engine = createEngine({ mode: 'webhook', ...options, nodes: [options.node] });
	const node = engine.workflow.getNode(options.node.name)!;
	const description = descriptionOf(engine, node, options.webhookName ?? 'default');
	const { response, seen } = fakeResponse();
	engine.additionalData.httpRequest = fakeRequest(options.request ?? {}) as never;
	engine.additionalData.httpResponse = response as never;
	const data = webhookData(engine, node, description);
	const context = new core.WebhookContext(
		engine.workflow,
		node,
		engine.additionalData,
		engine.mode,
		data,
		[],
		null,
	);
	const result = await typeOf(engine, node).webhook!.call(context);
	return {
		result,
		items: result.workflowData,
		response: seen,
		staticData: engine.workflow.staticData,
	};
}

/** Calls checkExists, create or delete of a webhook, as activation does. */
export async function runWebhookMethod(
	method: WebhookSetupMethodNames,
	options: ContextOptions & { node: INode; webhookName?: string },
): Promise<{ result: boolean; staticData: IDataObject }> {
	const engine = createEngine({ mode: 'trigger', ...options, nodes: [options.node] });
	const node = engine.workflow.getNode(options.node.name)!;
	const name = (options.webhookName ?? 'default') as 'default';
	const data = webhookData(engine, node, descriptionOf(engine, node, name));
	const context = new core.HookContext(
		engine.workflow,
		node,
		engine.additionalData,
		engine.mode,
		'activate',
		data,
	);
	const call = typeOf(engine, node).webhookMethods?.[name]?.[method];
	if (!call) throw new Error(`${node.type} has no webhook method ${name}.${method}`);
	return { result: await call.call(context), staticData: engine.workflow.staticData };
}

export interface Emission {
	items: INodeExecutionData[][];
	/** Ends the run that this emission started, as n8n does: `success`, `error`, … */
	finish(status: string): void;
	/** The promise of the run breaks, as when n8n cannot start it. */
	fail(error: Error): void;
}

export interface StartedTrigger {
	response: ITriggerResponse | undefined;
	emitted: Emission[];
	errors: Error[];
	/** The next emission that was not returned yet. */
	next(timeoutMs?: number): Promise<Emission>;
	close(): Promise<void>;
	staticData: IDataObject;
}

/** Calls trigger() of a node as activation (or, with mode `manual`, a test run) does. */
export async function startTrigger(
	options: ContextOptions & { node: INode },
): Promise<StartedTrigger> {
	const engine = createEngine({ mode: 'trigger', ...options, nodes: [options.node] });
	const node = engine.workflow.getNode(options.node.name)!;
	const emitted: Emission[] = [];
	const errors: Error[] = [];
	let returned = 0;
	const emit = (
		items: INodeExecutionData[][],
		_response?: unknown,
		done?: { resolve(run: unknown): void; reject(error: Error): void },
	) => {
		emitted.push({
			items,
			finish: (status) => done?.resolve({ status, data: { resultData: { runData: {} } } }),
			fail: (error) => done?.reject(error),
		});
	};
	const context = new core.TriggerContext(
		engine.workflow,
		node,
		engine.additionalData,
		engine.mode,
		engine.mode === 'manual' ? 'manual' : 'activate',
		emit as never,
		(error: Error) => errors.push(error),
		(error: Error) => errors.push(error),
	);
	const response = await typeOf(engine, node).trigger!.call(context);
	return {
		response,
		emitted,
		errors,
		async next(timeoutMs = 5000) {
			const end = Date.now() + timeoutMs;
			while (emitted.length <= returned) {
				if (Date.now() > end) throw new Error(`The trigger emitted nothing in ${timeoutMs} ms`);
				await new Promise((done) => setTimeout(done, 5));
			}
			return emitted[returned++];
		},
		close: async () => await response?.closeFunction?.(),
		staticData: engine.workflow.staticData,
	};
}
