import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { channels } from '../../core/channels';
import { slackCredentialTest } from '../shared/sender/channel-tests';
import { storeCredentialTest } from '../shared/credential-tests';
import { executeSender } from '../shared/sender/execute';
import { senderProperties } from '../shared/sender/properties';

export class ItsmSlackSender implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Slack Sender',
		name: 'itsmSlackSender',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["input"] === "defineBelow" ? $parameter["title"] : "delivery items" }}',
		description: 'Writes a ticket message to people and channels in Slack',
		defaults: { name: 'ITSM Slack Sender' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Sent', 'Failed'],
		usableAsTool: true,
		credentials: [
			{ name: 'itsmNotifySlackApi', testedBy: 'slackCredentialTest' },
			{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' },
		],
		properties: senderProperties({
			name: 'Slack',
			recipient: 'Member or Channel ID',
			recipientPlaceholder: 'e.g. U012AB3CD',
			payload:
				'A chat.postMessage body, such as {"text": "…", "blocks": […]}; beats title and text',
		}),
	};

	methods = {
		credentialTest: {
			storeCredentialTest,
			slackCredentialTest,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return executeSender(this, channels.slack, 'itsmNotifySlackApi');
	}
}
