import type { IDataObject, INode, WorkflowExecuteMode } from 'n8n-workflow';
import { node, type CredentialData } from '../../harness/engine.ts';
import { runWebhook, type WebhookRequest } from '../../harness/contexts.ts';
import { seed } from '../../fixtures/events/seed.ts';
import { freshStore } from '../kit/store.ts';

export const INBOUND = {
	headerName: 'X-ITSM-Token',
	token: 'token-8f31c0',
	user: 'itsm',
	password: 'pa:ss-77e2',
	signingSecret: 'topsecret',
};

export interface Call {
	parameters?: IDataObject;
	credentials?: CredentialData;
	request?: WebhookRequest;
	/** Credential types that are selected on the node; default: all that are given. */
	select?: string[];
	mode?: WorkflowExecuteMode;
	/** The same node again, for repeated calls. */
	on?: INode;
}

export const triggerNode = (parameters: IDataObject = {}, select?: string[]): INode =>
	node(
		'ITSM Trigger',
		'itsmTrigger',
		{ source: 'auto', authentication: 'none', path: 'itsm', ...parameters },
		{ credentials: select ?? ['itsmNotifyInboundApi', 'itsmNotifyStoreApi'] },
	);

/** One call of the trigger's webhook: status, answer, and the events that start an execution. */
export async function post(call: Call = {}) {
	const { parameters, request, mode, select } = call;
	const credentials = call.credentials ?? freshStore({ itsmNotifyInboundApi: INBOUND });
	const { result, items, response } = await runWebhook({
		node: call.on ?? triggerNode(parameters, select),
		credentials,
		request: { body: seed, ...request },
		mode,
	});
	const written = response.ended ? (JSON.parse(response.body) as IDataObject) : undefined;
	return {
		status: response.statusCode,
		answer: written ?? (result.webhookResponse as IDataObject),
		events: items?.[0].map((item) => item.json),
		/** True where the engine starts a run. */
		starts: items !== undefined,
	};
}
