import type {
	INodeType,
	IWebhookFunctions,
	ITriggerFunctions,
	IExecuteFunctions,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, functionNode, node, runWorkflow } from '../../harness/engine.ts';
import { runWebhook, runWebhookMethod, startTrigger } from '../../harness/contexts.ts';

const echoCredential = {
	name: 'echoApi',
	displayName: 'Echo API',
	properties: [{ displayName: 'Key', name: 'key', type: 'string' as const, default: '' }],
	authenticate: {
		type: 'generic' as const,
		properties: { headers: { 'x-key': '={{$credentials.key}}' } },
	},
};

const echo: INodeType = {
	description: {
		displayName: 'Echo',
		name: 'echo',
		group: ['transform'],
		version: 1,
		description: 'A dummy',
		defaults: { name: 'Echo' },
		inputs: ['main'],
		outputs: ['main', 'main'],
		credentials: [{ name: 'echoApi' }],
		webhooks: [{ name: 'default', httpMethod: 'POST', path: 'echo', responseMode: 'onReceived' }],
		properties: [
			{ displayName: 'Text', name: 'text', type: 'string', default: 'none' },
			{ displayName: 'URL', name: 'url', type: 'string', default: '' },
		],
	},
	webhookMethods: {
		default: {
			checkExists: async () => false,
			create: async function () {
				this.getWorkflowStaticData('node').url = this.getNodeWebhookUrl('default');
				return true;
			},
			delete: async () => true,
		},
	},
	async webhook(this: IWebhookFunctions) {
		const { key } = await this.getCredentials<{ key: string }>('echoApi');
		const raw = (this.getRequestObject() as unknown as { rawBody: Buffer }).rawBody.toString();
		this.getWorkflowStaticData('node').calls = 1;
		if (raw === 'stop') {
			this.getResponseObject().status(401).json({ no: key });
			return { noWebhookResponse: true };
		}
		return { workflowData: [[{ json: { key, raw, body: this.getBodyData() } }]] };
	},
	async trigger(this: ITriggerFunctions) {
		const done = {} as { resolve: (run: { status: string }) => void };
		const ended = new Promise<{ status: string }>((resolve) => (done.resolve = resolve));
		this.emit(
			[[{ json: { at: this.getNodeParameter('text') as string } }]],
			undefined,
			done as never,
		);
		void ended.then((run) => this.emit([[{ json: { after: run.status } }]]));
		return { closeFunction: async () => {} };
	},
	async execute(this: IExecuteFunctions) {
		const items = this.getInputData();
		if (items[0].json.bad)
			throw new NodeOperationError(this.getNode(), 'bad item', { itemIndex: 0 });
		const url = this.getNodeParameter('url', 0) as string;
		const answer = url
			? await this.helpers.httpRequestWithAuthentication.call(this, 'echoApi', { url, json: true })
			: null;
		return [
			items.map((_, i) => ({
				json: { text: this.getNodeParameter('text', i), answer },
				pairedItem: { item: i },
			})),
			[{ json: { second: true } }],
		];
	},
};
const types = { 'test.echo': echo };
const credentialTypes = { echoApi: echoCredential };
const credentials = { echoApi: { key: 'secret' } };

test('runs a workflow with expressions, several outputs and our own node types', async () => {
	const result = await runWorkflow({
		types: { ...types, 'test.double': functionNode((items) => [[...items, ...items]]) },
		nodes: [
			node('Start', 'test.noOp'),
			node('Echo', 'test.echo', { text: '={{ $json.name }} of {{ $("Start").item.json.n }}' }),
			node('Double', 'test.double'),
		],
		connections: connect(['Start', 'Echo'], ['Echo', 'Double', 1]),
		items: [
			{ name: 'a', n: 1 },
			{ name: 'b', n: 2 },
		],
	});
	expect(result.error()).toBeUndefined();
	expect(result.json('Echo').map((j) => j.text)).toEqual(['a of 1', 'b of 2']);
	expect(result.json('Double')).toEqual([{ second: true }, { second: true }]);
});

test('a failing node fails the run with its own error class', async () => {
	const result = await runWorkflow({
		types,
		nodes: [node('Echo', 'test.echo')],
		items: [{ bad: true }],
	});
	// The engine keeps a plain copy of the error.
	expect(result.error()?.name).toBe('NodeOperationError');
	expect(result.error('Echo')?.message).toBe('bad item');
});

test('sends requests with the credential applied', async () => {
	const server = createServer((req, res) => res.end(JSON.stringify({ key: req.headers['x-key'] })));
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	const result = await runWorkflow({
		types,
		credentialTypes,
		credentials,
		nodes: [node('Echo', 'test.echo', { url }, { credentials: ['echoApi'] })],
	});
	server.close();
	expect(result.error()).toBeUndefined();
	expect(result.json('Echo')[0].answer).toEqual({ key: 'secret' });
});

const echoNode = (parameters = {}) =>
	node('Echo', 'test.echo', parameters, { credentials: ['echoApi'] });

test('calls webhook() with body, raw body and credentials', async () => {
	const options = { types, credentialTypes, credentials, node: echoNode() };
	const { items } = await runWebhook({ ...options, request: { body: { a: 1 } } });
	expect(items?.[0][0].json).toEqual({ key: 'secret', raw: '{"a":1}', body: { a: 1 } });
	const refused = await runWebhook({
		...options,
		request: { body: 'stop', headers: { 'Content-Type': 'text/plain' } },
	});
	expect(refused.items).toBeUndefined();
	expect(refused.response).toMatchObject({ statusCode: 401, body: '{"no":"secret"}', ended: true });
});

test('calls webhook methods and trigger()', async () => {
	const options = { types, credentialTypes, credentials, node: echoNode({ text: 'now' }) };
	const made = await runWebhookMethod('create', options);
	expect(made.result).toBe(true);
	expect(JSON.stringify(made.staticData)).toContain('http://n8n.test/webhook/');
	const trigger = await startTrigger(options);
	const first = await trigger.next();
	expect(first.items[0][0].json).toEqual({ at: 'now' });
	first.finish('success');
	expect((await trigger.next()).items[0][0].json).toEqual({ after: 'success' });
	await trigger.close();
});
