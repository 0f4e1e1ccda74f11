import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestN8n, type TestN8n } from './n8n.ts';

const ROOT = join(import.meta.dirname, '../../..');
let loaded: TestN8n;

beforeAll(async () => {
	loaded = await createTestN8n();
});
afterAll(async () => await loaded?.remove());

test('the packed package loads in a real n8n with every node it lists', async () => {
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
});
