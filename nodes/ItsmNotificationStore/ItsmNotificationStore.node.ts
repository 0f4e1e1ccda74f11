import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

import { storeCredentialTest } from '../shared/credential-tests';
import { asNodeError, errorItem, itemOf } from '../shared/items';
import { wakeRelease } from '../shared/release';
import { storeOf } from '../shared/store';
import { delivery } from './resources/delivery';
import { inbox } from './resources/inbox';
import { intake } from './resources/intake';
import { interaction } from './resources/interaction';
import { policy } from './resources/policy';
import { preference } from './resources/preference';
import { presence } from './resources/presence';
import { silence } from './resources/silence';
import { template } from './resources/template';
import type { Resource } from './resources/types';

const RESOURCES: Record<string, Resource> = {
	delivery,
	inbox,
	intake,
	interaction,
	policy,
	preference,
	presence,
	silence,
	template,
};

/** What changes nothing; everything else may have freed what was held. */
const READS = /^(get|explain|count|check)/;

export class ItsmNotificationStore implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Notification Store',
		name: 'itsmNotificationStore',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Reads and writes what the ITSM nodes know: people, templates, policy, silences, what became of each delivery, and what people answered',
		defaults: { name: 'ITSM Notification Store' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Delivery', value: 'delivery' },
					{ name: 'Inbox', value: 'inbox' },
					{ name: 'Intake', value: 'intake' },
					{ name: 'Interaction', value: 'interaction' },
					{ name: 'Policy', value: 'policy' },
					{ name: 'Preference', value: 'preference' },
					{ name: 'Presence', value: 'presence' },
					{ name: 'Silence', value: 'silence' },
					{ name: 'Template', value: 'template' },
				],
				default: 'preference',
			},
			...Object.values(RESOURCES).flatMap((resource) => resource.properties),
		],
	};

	methods = { credentialTest: { storeCredentialTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const now = new Date();
		const out: INodeExecutionData[] = [];
		const store = await storeOf(this);
		for (let index = 0; index < this.getInputData().length; index++) {
			try {
				const resource = this.getNodeParameter('resource', index) as string;
				const operation = this.getNodeParameter('operation', index) as string;
				const run = RESOURCES[resource]?.operations[operation];
				if (!run)
					throw new NodeOperationError(
						this.getNode(),
						`There is no operation "${operation}" of "${resource}"`,
						{ itemIndex: index },
					);
				// The store's documents are frozen; items are the user's to change.
				for (const result of await run({ context: this, store, now }, index))
					out.push(itemOf(structuredClone(result), index));
				if (!READS.test(operation)) wakeRelease(store);
			} catch (error) {
				if (!this.continueOnFail()) throw asNodeError(this.getNode(), error, index);
				out.push(errorItem(error, index));
			}
		}
		return [out];
	}
}
