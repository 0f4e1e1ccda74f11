// The workflow files as they ship, ready to run on the engine with credentials given.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IConnections, IDataObject, INode, INodeExecutionData, INodeType } from 'n8n-workflow';
import {
	builtNodes,
	noOp,
	runWorkflow,
	type CredentialData,
	type WorkflowResult,
} from '../../harness/engine.ts';
import { ROOT } from '../../harness/n8n-modules.ts';

export interface WorkflowFile extends IDataObject {
	name: string;
	nodes: INode[];
	connections: IConnections;
}

export const FILES = [
	'01-routing.json',
	'02-release.json',
	'03-error-alert.json',
	'04-interaction.json',
	'06-mail-answers.json',
];

export const load = (file: string): WorkflowFile =>
	JSON.parse(readFileSync(join(ROOT, 'workflows', file), 'utf8'));

/** n8n's Set node, as far as the bundled workflows use it. */
const set: INodeType = {
	...noOp,
	description: {
		...noOp.description,
		name: 'set',
		version: 3.4,
		properties: [
			{ displayName: 'A', name: 'assignments', type: 'assignmentCollection', default: {} },
		],
	},
	async execute() {
		return [
			this.getInputData().map((_, i) => {
				const json: IDataObject = {};
				const { assignments } = this.getNodeParameter('assignments', i) as {
					assignments: Array<{ name: string; value: string }>;
				};
				for (const { name, value } of assignments) {
					const path = name.split('.');
					const last = path.pop()!;
					const parent = path.reduce((at, key) => (at[key] ??= {}) as IDataObject, json);
					parent[last] = value;
				}
				return { json, pairedItem: { item: i } };
			}),
		];
	},
};

/** n8n's If node, for one condition "is true". */
const ifTrue: INodeType = {
	...noOp,
	description: {
		...noOp.description,
		name: 'if',
		version: 2.2,
		outputs: ['main', 'main'],
		properties: [{ displayName: 'A', name: 'conditions', type: 'json', default: {} }],
	},
	async execute() {
		const outputs: INodeExecutionData[][] = [[], []];
		this.getInputData().forEach((item, i) => {
			const { conditions } = this.getNodeParameter('conditions', i) as {
				conditions: Array<{ leftValue: unknown }>;
			};
			outputs[conditions[0].leftValue === true ? 0 : 1].push({ ...item, pairedItem: { item: i } });
		});
		return outputs;
	},
};

export const BASE_TYPES: Record<string, INodeType> = {
	'n8n-nodes-base.stickyNote': noOp,
	'n8n-nodes-base.errorTrigger': noOp,
	'n8n-nodes-base.noOp': noOp,
	'n8n-nodes-base.set': set,
	'n8n-nodes-base.if': ifTrue,
	'n8n-nodes-base.emailReadImap': noOp,
};

/** Every node with all credentials of its type that the test has. */
export function withCredentials(file: WorkflowFile, credentials: CredentialData): INode[] {
	const types = builtNodes();
	return file.nodes.map((node) => {
		const type = types[node.type] as INodeType | undefined;
		const wanted = (type?.description.credentials ?? []).map(({ name }) => name);
		const given = wanted.filter((name) => credentials[name]);
		return { ...node, credentials: Object.fromEntries(given.map((c) => [c, { id: c, name: c }])) };
	});
}

/** Runs a bundled workflow from its trigger over items. */
export async function run(
	file: string,
	items: IDataObject[],
	credentials: CredentialData,
): Promise<{ result: WorkflowResult; all: (name: string, output?: number) => IDataObject[] }> {
	const workflow = load(file);
	const result = await runWorkflow({
		nodes: withCredentials(workflow, credentials),
		connections: workflow.connections,
		credentials,
		types: BASE_TYPES,
		start: workflow.nodes.find((node) => /trigger/i.test(node.type))!.name,
		items,
	});
	const all = (name: string, output = 0) =>
		(result.run.data.resultData.runData[name] ?? []).flatMap((one) =>
			(one.data?.main[output] ?? []).map((item) => item.json),
		);
	return { result, all };
}
