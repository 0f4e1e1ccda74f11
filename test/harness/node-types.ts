import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ICredentialType, INodeType, INodeTypes, IVersionedNodeType } from 'n8n-workflow';
import { ROOT, n8nWorkflow, requireFile } from './n8n-modules.ts';

export type AnyNodeType = INodeType | IVersionedNodeType;

const PACKAGE = 'n8n-nodes-itsm-notify';

function listed(kind: 'nodes' | 'credentials'): string[] {
	const { n8n } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
	const files: string[] = n8n[kind];
	return files.map((file) => join(ROOT, file)).filter((file) => existsSync(file));
}

function instances<T>(kind: 'nodes' | 'credentials'): T[] {
	return listed(kind).map((file) => {
		const [Type] = Object.values(requireFile(file)) as Array<new () => T>;
		return new Type();
	});
}

/** Our built nodes (run `gulp bundle` first), keyed by their full type name. */
export function builtNodes(): Record<string, AnyNodeType> {
	const nodes = instances<AnyNodeType>('nodes');
	return Object.fromEntries(nodes.map((node) => [`${PACKAGE}.${node.description.name}`, node]));
}

/** Our built credential types, keyed by name. */
export function builtCredentials(): Record<string, ICredentialType> {
	return Object.fromEntries(instances<ICredentialType>('credentials').map((c) => [c.name, c]));
}

/** A node from a function over all items: `(items) => outputs`. */
export function functionNode(
	run: (items: Array<Record<string, unknown>>) => Array<Array<Record<string, unknown>>>,
	outputs = 1,
): INodeType {
	return {
		description: {
			displayName: 'Function',
			name: 'function',
			group: ['transform'],
			version: 1,
			description: 'A step of a test',
			defaults: { name: 'Function' },
			inputs: ['main'],
			outputs: Array.from({ length: outputs }, () => 'main' as const),
			properties: [],
		},
		async execute() {
			const input = this.getInputData();
			const given = run(input.map((item) => item.json));
			return given.map((items) =>
				items.map((json, i) => ({ json: json as never, pairedItem: { item: i } })),
			);
		},
	};
}

/** `test.noOp` hands every item on; also what a workflow starts with. */
export const noOp = functionNode((items) => [items]);

export function nodeTypesOf(types: Record<string, AnyNodeType>): INodeTypes {
	const all: Record<string, AnyNodeType> = {
		...builtNodes(),
		'test.noOp': noOp,
		'n8n-nodes-base.noOp': noOp,
		...types,
	};
	const find = (type: string) => {
		const found = all[type];
		if (!found) throw new Error(`Unknown node type ${type}; known: ${Object.keys(all).join(', ')}`);
		return found;
	};
	return {
		getByName: find,
		getByNameAndVersion: (type, version) =>
			n8nWorkflow.NodeHelpers.getVersionedNodeType(find(type), version),
		getKnownTypes: () => ({}),
	};
}
