import type { INodeType } from 'n8n-workflow';
import { builtNodes, n8nWorkflow } from '../../harness/engine.ts';
import { BASE_TYPES, FILES, load } from './bundled.ts';

const ours = builtNodes() as Record<string, INodeType>;

/** In the order of Template Render's outputs. */
const SENDERS = [
	'Slack',
	'Email',
	'WeCom',
	'Teams',
	'WeChat',
	'DingTalk',
	'Feishu',
	'Push',
	'SMS',
	'In-App',
];

describe.each(FILES)('%s can be imported', (name) => {
	const file = load(name);

	it('every node type exists, in that version', () => {
		for (const node of file.nodes) {
			const type = ours[node.type] ?? BASE_TYPES[node.type];
			expect([node.type, type !== undefined]).toEqual([node.type, true]);
			if (ours[node.type]) expect([type.description.version].flat()).toContain(node.typeVersion);
		}
	});

	it('every connection leads from an output that exists to a node that exists', () => {
		const names = new Set(file.nodes.map((node) => node.name));
		for (const [from, { main }] of Object.entries(file.connections)) {
			const type = ours[file.nodes.find((node) => node.name === from)?.type ?? ''];
			expect(names.has(from)).toBe(true);
			if (type) expect(main.length).toBeLessThanOrEqual(type.description.outputs.length);
			for (const wire of main.flatMap((wires) => wires ?? [])) {
				const target = ours[file.nodes.find((node) => node.name === wire.node)?.type ?? ''];
				expect(names.has(wire.node)).toBe(true);
				if (target) expect(wire.index).toBeLessThan(target.description.inputs.length);
			}
		}
	});

	it('names and ids are used once, and no credential is named', () => {
		const unique = (values: unknown[]) => expect(new Set(values).size).toBe(values.length);
		unique(file.nodes.map((node) => node.name));
		unique(file.nodes.map((node) => node.id));
		expect(JSON.stringify(file)).not.toContain('"credentials"');
		expect(file.active ?? false).toBe(false);
	});

	it('sets only parameters that the node has', () => {
		for (const node of file.nodes.filter((one) => ours[one.type])) {
			const known = ours[node.type].description.properties.map((property) => property.name);
			expect(known).toEqual(expect.arrayContaining(Object.keys(node.parameters)));
			const issues = n8nWorkflow.NodeHelpers.getNodeParametersIssues(
				ours[node.type].description.properties,
				node,
				ours[node.type].description,
			);
			expect([node.name, issues]).toEqual([node.name, null]);
		}
	});

	it('explains itself on sticky notes, in English and in Chinese', () => {
		const notes = file.nodes
			.filter((node) => node.type.endsWith('stickyNote'))
			.map((node) => String(node.parameters.content));
		expect(notes.some((text) => /\p{Script=Han}/u.test(text))).toBe(true);
		expect(notes.some((text) => !/\p{Script=Han}/u.test(text))).toBe(true);
	});
});

const drawing = FILES.filter((name) => load(name).connections.Render);

it('messages are drawn by the three that send', () => {
	expect(drawing).toEqual(['01-routing.json', '02-release.json', '03-error-alert.json']);
});

describe.each(drawing)('%s', (name) => {
	const file = load(name);

	it('wires each output of Template Render to the sender of that channel', () => {
		const main = file.connections.Render.main;
		const targets = main.map((wires) => wires?.map((wire) => wire.node).join() ?? '');
		expect(targets.slice(0, 10)).toEqual(SENDERS);
		expect(targets[10]).toBe('Undeliverable');
		for (const sender of SENDERS)
			expect(file.connections[sender].main[1]).toMatchObject([{ node: 'Next Channel' }]);
		expect(file.connections['Next Channel'].main[0]).toMatchObject([{ node: 'Render' }]);
	});
});
