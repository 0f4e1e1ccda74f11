// One node of ours on n8n's engine, and what came out of it.
import type { IDataObject, INode, INodeExecutionData, WorkflowExecuteMode } from 'n8n-workflow';
import {
	connect,
	functionNode,
	node,
	runWorkflow,
	type CredentialData,
	type WorkflowResult,
} from '../../harness/engine.ts';

export interface NodeRun {
	credentials?: CredentialData;
	parameters?: IDataObject;
	items?: Array<IDataObject | INodeExecutionData>;
	/** Items of the second input. */
	second?: IDataObject[];
	mode?: WorkflowExecuteMode;
	executionId?: string;
	/** Settings of the node, such as `onError`. */
	settings?: Partial<INode>;
	/** Time zone of the workflow. */
	timezone?: string;
	/** Credentials that are there but not selected on the node. */
	unselected?: string[];
}

/** Runs one node, named "Node", over items. */
export async function runNode(type: string, options: NodeRun = {}): Promise<WorkflowResult> {
	const { credentials = {}, parameters = {}, items = [{}], second, settings } = options;
	const selected = Object.keys(credentials).filter((c) => !options.unselected?.includes(c));
	const tested = node('Node', type, parameters, { credentials: selected, ...settings } as never);
	const common = {
		credentials,
		mode: options.mode,
		executionId: options.executionId,
		settings: options.timezone ? { timezone: options.timezone } : {},
	};
	if (!second) return runWorkflow({ ...common, nodes: [tested], items });
	return runWorkflow({
		...common,
		types: {
			'test.first': functionNode(() => [items as IDataObject[]]),
			'test.second': functionNode(() => [second]),
		},
		nodes: [node('Start', 'test.noOp'), node('A', 'test.first'), node('B', 'test.second'), tested],
		connections: connect(['Start', 'A'], ['Start', 'B'], ['A', 'Node', 0, 0], ['B', 'Node', 0, 1]),
	});
}

/** The engine keeps a plain copy of an error: thrown as a real one. */
export function throwError(result: WorkflowResult): void {
	const error = result.error();
	if (error) throw Object.assign(new Error(error.message), { ...error });
}

/** Runs one node and gives the items of its outputs; throws where it failed. */
export async function outputsOf(type: string, options: NodeRun = {}): Promise<IDataObject[][]> {
	const result = await runNode(type, options);
	throwError(result);
	return result.outputs('Node');
}

/** The input item that each item of an output descends from. */
export const pairsOf = (result: WorkflowResult, output = 0): unknown[] =>
	result.output('Node', output).map((item) => (item.pairedItem as { item: number }).item);

/** Hints that the node gave while it ran. */
export const hintsOf = (result: WorkflowResult, name = 'Node'): string[] =>
	(result.run.data.resultData.runData[name]?.at(-1)?.hints ?? []).map((hint) => hint.message);

/** All that an execution keeps, as text: nothing secret may stand in it. */
export const everything = (result: WorkflowResult): string => JSON.stringify(result.run);

/** A value deep in an item: `at(item, 'event.content.ticket_id')`. */
export const at = (item: unknown, path: string): unknown =>
	path.split('.').reduce<unknown>((value, key) => (value as IDataObject | undefined)?.[key], item);
