import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { storeCredentialTest } from '../shared/credential-tests';
import { asNodeError, errorItem, itemOf } from '../shared/items';
import { properties } from './properties';
import { runOperation } from './run';

export class ItsmSimulator implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Simulator',
		name: 'itsmSimulator',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description:
			'Says who would get what, when and why, on the same rules, without sending anything',
		defaults: { name: 'ITSM Simulator' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' }],
		properties,
	};

	methods = { credentialTest: { storeCredentialTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const out: INodeExecutionData[] = [];
		// The events of all items make one timeline, so that they meet in digests as they would.
		const once = this.getNodeParameter('operation', 0) === 'events';
		const all = this.getInputData().map((_, item) => ({ item }));
		const count = once ? 1 : all.length;
		for (let index = 0; index < count; index++) {
			try {
				const item = itemOf(await runOperation(this, index), index);
				out.push(once ? { ...item, pairedItem: all } : item);
			} catch (error) {
				if (!this.continueOnFail()) throw asNodeError(this.getNode(), error, index);
				out.push(errorItem(error, index));
			}
		}
		return [out];
	}
}
