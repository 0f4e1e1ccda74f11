import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { channels } from '../../core/channels';
import { storeCredentialTest } from '../shared/credential-tests';
import { executeSender } from '../shared/sender/execute';
import { senderProperties } from '../shared/sender/properties';

export class ItsmInAppSender implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM In-App Sender',
		name: 'itsmInAppSender',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["input"] === "defineBelow" ? $parameter["title"] : "delivery items" }}',
		description: "Keeps a ticket message in a person's inbox, for an app or a portal to show",
		defaults: { name: 'ITSM In-App Sender' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Sent', 'Failed'],
		usableAsTool: true,
		credentials: [{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' }],
		properties: senderProperties({
			name: 'In-App',
			recipient: 'User ID',
			recipientPlaceholder: 'e.g. user-001',
			payload:
				'An inbox entry such as {"title": "…", "text": "…", "links": [{"label": "…", "url": "…"}]}; beats title and text',
		}),
	};

	methods = {
		credentialTest: {
			storeCredentialTest,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return executeSender(this, channels.in_app);
	}
}
