import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { channels } from '../../core/channels';
import { pushCredentialTest } from '../shared/sender/channel-tests';
import { storeCredentialTest } from '../shared/credential-tests';
import { executeSender } from '../shared/sender/execute';
import { senderProperties } from '../shared/sender/properties';

export class ItsmPushSender implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Push Sender',
		name: 'itsmPushSender',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["input"] === "defineBelow" ? $parameter["title"] : "delivery items" }}',
		description:
			'Writes a ticket message to the phones of a person: APNs and Firebase Cloud Messaging',
		defaults: { name: 'ITSM Push Sender' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Sent', 'Failed'],
		usableAsTool: true,
		credentials: [
			{ name: 'itsmNotifyPushApi', testedBy: 'pushCredentialTest' },
			{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' },
		],
		properties: senderProperties({
			name: 'Push',
			recipient: 'Device Token',
			recipientPlaceholder: 'e.g. ios:740f4707bebcf74f9b7c25d48e3358945f6aa01d',
			payload:
				'A notification such as {"title": "…", "body": "…", "data": {}}; beats title and text',
		}),
	};

	methods = {
		credentialTest: {
			storeCredentialTest,
			pushCredentialTest,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return executeSender(this, channels.push, 'itsmNotifyPushApi');
	}
}
