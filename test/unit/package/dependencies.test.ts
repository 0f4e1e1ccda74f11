import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsBelow, ROOT, type Import } from './imports.ts';

const ARCHITECTURE = join(ROOT, 'docs', 'architecture.md');

const show = ({ from, to }: Import) => `${from} -> ${to}`;
const top = (path: string) => path.split('/')[0];
const isN8n = (name: string) => /^(n8n-|@n8n\/)/.test(name);
const coreFolder = (path: string) => path.split('/')[1];

/** Lines `a -> b` of the fenced block ```arrows; `*` stands for every folder. */
function drawnArrows(): Set<string> {
	const text = existsSync(ARCHITECTURE) ? readFileSync(ARCHITECTURE, 'utf8') : '';
	const blocks = [...text.matchAll(/```arrows\n([\s\S]*?)```/g)].map(([, block]) => block);
	return new Set(
		blocks
			.flatMap((block) => block.split('\n'))
			.map((line) => line.replace(/#.*/, '').trim())
			.filter((line) => line !== ''),
	);
}

/** Names of the nodes on a cycle, in order; [] if there is none. */
function findCycle(edges: Map<string, Set<string>>): string[] {
	const done = new Set<string>();
	const path: string[] = [];
	const visit = (name: string): string[] => {
		if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
		if (done.has(name)) return [];
		path.push(name);
		for (const next of edges.get(name) ?? []) {
			const cycle = visit(next);
			if (cycle.length > 0) return cycle;
		}
		path.pop();
		done.add(name);
		return [];
	};
	for (const name of edges.keys()) {
		const cycle = visit(name);
		if (cycle.length > 0) return cycle;
	}
	return [];
}

function graph(pairs: Array<[string, string]>): Map<string, Set<string>> {
	const edges = new Map<string, Set<string>>();
	for (const [from, to] of pairs) edges.set(from, (edges.get(from) ?? new Set()).add(to));
	return edges;
}

const core = importsBelow('core');
const sideways = core
	.filter(({ to }) => top(to) === 'core')
	.map(({ from, to }) => [coreFolder(from), coreFolder(to)] as [string, string])
	.filter(([from, to]) => from !== to);

describe('who may import whom', () => {
	test('core knows nothing of n8n, and of no other folder', () => {
		const wrong = core.filter(
			({ to }) => isN8n(to) || ['nodes', 'credentials', 'sandbox', 'test'].includes(top(to)),
		);
		expect(wrong.map(show)).toEqual([]);
	});

	test('nodes use core, shared code of nodes, and n8n-workflow', () => {
		const wrong = importsBelow('nodes').filter(
			({ to }) =>
				!['nodes', 'core'].includes(top(to)) && to !== 'n8n-workflow' && !to.startsWith('node:'),
		);
		expect(wrong.map(show)).toEqual([]);
	});

	test('credentials use nothing of ours', () => {
		const wrong = importsBelow('credentials').filter(
			({ to }) => top(to) !== 'credentials' && to !== 'n8n-workflow' && !to.startsWith('node:'),
		);
		expect(wrong.map(show)).toEqual([]);
	});

	test('the sandbox takes at most types of core', () => {
		const wrong = importsBelow('sandbox').filter(
			({ to, typeOnly }) =>
				['nodes', 'credentials', 'test'].includes(top(to)) || (top(to) === 'core' && !typeOnly),
		);
		expect(wrong.map(show)).toEqual([]);
	});
});

describe('inside core', () => {
	test('every arrow between folders is drawn in docs/architecture.md', () => {
		const drawn = drawnArrows();
		const missing = sideways
			.filter(([from, to]) => !drawn.has(`${from} -> ${to}`) && !drawn.has(`* -> ${to}`))
			.map(([from, to]) => `${from} -> ${to}`);
		expect([...new Set(missing)].sort()).toEqual([]);
	});

	test('folders make no cycle', () => {
		expect(findCycle(graph(sideways))).toEqual([]);
	});

	test('files make no cycle', () => {
		const pairs = core
			.filter(({ to, typeOnly }) => top(to) === 'core' && !typeOnly)
			.map(({ from, to }) => [from, to] as [string, string]);
		expect(findCycle(graph(pairs))).toEqual([]);
	});
});

test('a cycle is found', () => {
	const pairs: Array<[string, string]> = [
		['a', 'b'],
		['b', 'c'],
		['c', 'b'],
	];
	expect(findCycle(graph(pairs))).toEqual(['b', 'c', 'b']);
});
