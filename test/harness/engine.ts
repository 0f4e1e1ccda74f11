// n8n's own engine in this process, without database or server, over our built nodes.
import { randomUUID } from 'node:crypto';
import type {
	ICredentialType,
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	IRun,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	WorkflowExecuteMode,
	Workflow as WorkflowType,
} from 'n8n-workflow';
import { type CredentialData, credentialsHelperOf } from './credentials-helper.ts';
import { core, n8nWorkflow } from './n8n-modules.ts';
import { type AnyNodeType, builtCredentials, nodeTypesOf } from './node-types.ts';

export { type CredentialData } from './credentials-helper.ts';
export { builtCredentials, builtNodes, functionNode, noOp } from './node-types.ts';
export { connect, node } from './workflow-parts.ts';
export { core, n8nWorkflow } from './n8n-modules.ts';

export const BASE_URL = 'http://n8n.test';

export interface EngineOptions {
	nodes: INode[];
	connections?: IConnections;
	credentials?: CredentialData;
	/** Node types of the test itself, by full type name, beside our built ones. */
	types?: Record<string, AnyNodeType>;
	credentialTypes?: Record<string, ICredentialType>;
	staticData?: IDataObject;
	settings?: IWorkflowSettings;
	mode?: WorkflowExecuteMode;
	executionId?: string;
	workflowId?: string;
}

export interface Engine {
	workflow: WorkflowType;
	additionalData: IWorkflowExecuteAdditionalData;
	mode: WorkflowExecuteMode;
}

/** What every kind of call below needs: a workflow and the data n8n hands to its contexts. */
export function createEngine(options: EngineOptions): Engine {
	const { nodes, connections = {}, mode = 'trigger' } = options;
	const executionId = options.executionId ?? randomUUID();
	const id = options.workflowId ?? 'workflow1';
	const name = 'Test workflow';
	const settings = { executionOrder: 'v1' as const, ...options.settings };
	const workflow = new n8nWorkflow.Workflow({
		id,
		name,
		nodes,
		connections,
		active: true,
		nodeTypes: nodeTypesOf(options.types ?? {}),
		settings,
		staticData: options.staticData,
	});
	const base = { id, name, active: true, nodes, connections, settings } as unknown as IWorkflowBase;
	const additionalData = {
		hooks: new core.ExecutionLifecycleHooks(mode, executionId, base),
		credentialsHelper: credentialsHelperOf(
			options.credentials ?? {},
			options.credentialTypes ?? builtCredentials(),
		),
		executionId,
		instanceBaseUrl: `${BASE_URL}/`,
		restApiUrl: `${BASE_URL}/rest`,
		webhookBaseUrl: `${BASE_URL}/webhook`,
		webhookTestBaseUrl: `${BASE_URL}/webhook-test`,
		webhookWaitingBaseUrl: `${BASE_URL}/webhook-waiting`,
		formBaseUrl: `${BASE_URL}/form`,
		formTestBaseUrl: `${BASE_URL}/form-test`,
		formWaitingBaseUrl: `${BASE_URL}/form-waiting`,
		variables: {},
		currentNodeExecutionIndex: 0,
		setExecutionStatus() {},
		logAiEvent() {},
	} as unknown as IWorkflowExecuteAdditionalData;
	return { workflow, additionalData, mode };
}

export interface WorkflowResult {
	run: IRun;
	/** Items of one output of a node's last run; [] if it did not run. */
	output(name: string, index?: number): INodeExecutionData[];
	/** The same, only the JSON. */
	json(name: string, index?: number): IDataObject[];
	/** All outputs of a node: `json` of each. */
	outputs(name: string): IDataObject[][];
	/** The error of one node, or of the whole run. */
	error(name?: string): Error | undefined;
}

export interface RunOptions extends EngineOptions {
	/** The node that gets the items; default: the first one. */
	start?: string;
	items?: Array<IDataObject | INodeExecutionData>;
}

const toItem = (item: IDataObject | INodeExecutionData): INodeExecutionData =>
	('json' in item && typeof item.json === 'object' ? item : { json: item }) as INodeExecutionData;

/** Runs a workflow to its end. A failed node fails the run, it does not throw here. */
export async function runWorkflow(options: RunOptions): Promise<WorkflowResult> {
	const { workflow, additionalData, mode } = createEngine(options);
	const start = workflow.getNode(options.start ?? options.nodes[0].name);
	if (!start) throw new Error(`No node ${options.start}`);
	const items = (options.items ?? [{}]).map(toItem);
	const data = n8nWorkflow.createRunExecutionData({
		executionData: {
			nodeExecutionStack: [{ node: start, data: { main: [items] }, source: null }],
		},
	});
	const execute = new core.WorkflowExecute(additionalData, mode, data);
	const run = await execute.processRunExecutionData(workflow);
	const { resultData } = run.data;
	const last = (name: string) => resultData.runData[name]?.at(-1);
	const output = (name: string, index = 0) => last(name)?.data?.main[index] ?? [];
	return {
		run,
		output,
		json: (name, index) => output(name, index).map((item) => item.json),
		outputs: (name) =>
			(last(name)?.data?.main ?? []).map((list) => (list ?? []).map((i) => i.json)),
		error: (name) => (name ? last(name)?.error : resultData.error),
	};
}
