import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECRETS } from '../../../sandbox/data/index.ts';
import { credentialId } from '../../../sandbox/demo/credentials.ts';
import {
	needsMailbox,
	readWorkflows,
	withCredentials,
	writeWorkflows,
} from '../../../sandbox/demo/workflows.ts';
import { createTestN8n, type TestN8n } from './n8n.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LIMIT = 240_000;
let loaded: TestN8n;

beforeAll(async () => {
	loaded = await createTestN8n();
}, LIMIT);
afterAll(async () => await loaded?.remove(), LIMIT);

test(
	'the packed package loads in a real n8n with every node it lists',
	async () => {
		const { n8n, name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
		const file = loaded.n8n.path('logs', 'nodes.json');
		await loaded.n8n.cli('export:nodes', `--output=${file}`);
		const types: Array<{ name: string }> = JSON.parse(readFileSync(file, 'utf8'));
		const ours = new Set(
			types.map((type) => type.name).filter((type) => type.startsWith(`${name}.`)),
		);
		const listed: string[] = n8n.nodes;
		// Tool twins of nodes that an agent can use have a type of their own.
		expect([...ours].filter((type) => !type.endsWith('Tool')).length).toBe(listed.length);
	},
	LIMIT,
);

test(
	'the bundled workflows, imported and published by the command line, answer after the start',
	async () => {
		const { n8n } = loaded;
		const { name, value } = SECRETS.itsm.token;
		const type = 'itsmNotifyInboundApi';
		const data = { headerName: name, token: value };
		await n8n.importCredentials([{ id: credentialId(type), name: 'Header token', type, data }]);
		const documents = readWorkflows(join(ROOT, 'workflows'));
		expect(documents.length).toBeGreaterThanOrEqual(3);
		const folder = n8n.path('logs', 'workflows');
		writeWorkflows(
			documents.map((document) => withCredentials(document, {})),
			folder,
		);
		await n8n.importWorkflows(folder);
		await n8n.publish(...documents.filter((one) => !needsMailbox(one)).map(({ id }) => id));
		await n8n.start();
		await n8n.waitForWebhook('itsm');
		const event = {
			event_id: 'cli-1',
			event_type: 'ticket_created',
			source: 'generic',
			content: { ticket_id: 'INC-1', ticket_title: 'From the command line', priority: 'Low' },
		};
		const post = async (headers: Record<string, string>): Promise<number> =>
			(
				await fetch(n8n.webhookUrl('itsm'), {
					method: 'POST',
					headers: { 'content-type': 'application/json', ...headers },
					body: JSON.stringify(event),
				})
			).status;
		expect(await post({})).toBe(401);
		expect(await post({ [name]: value })).toBe(200);
		await n8n.api.login();
		const [execution] = await n8n.api.waitForExecutions('itsmnotify01rout', 1, 90_000);
		expect(execution.status).toBe('success');
	},
	LIMIT,
);
