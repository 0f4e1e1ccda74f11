import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { channels } from '../../core/channels';
import { feishuCredentialTest } from '../shared/sender/channel-tests';
import { storeCredentialTest } from '../shared/credential-tests';
import { executeSender } from '../shared/sender/execute';
import { senderProperties } from '../shared/sender/properties';

export class ItsmFeishuSender implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Feishu Sender',
		name: 'itsmFeishuSender',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["input"] === "defineBelow" ? $parameter["title"] : "delivery items" }}',
		description: 'Writes a ticket message to people and groups in Feishu (飞书) or Lark',
		defaults: { name: 'ITSM Feishu Sender' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Sent', 'Failed'],
		usableAsTool: true,
		credentials: [
			{ name: 'itsmNotifyFeishuApi', testedBy: 'feishuCredentialTest' },
			{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' },
		],
		properties: senderProperties({
			name: 'Feishu',
			recipient: 'Open ID, Chat ID or Email',
			recipientPlaceholder: 'e.g. ou_7d8a6e6df7621556ce0d21922b676706',
			payload:
				'A card as the card builder shows it, or a message body such as {"msg_type": "text", "content": {"text": "…"}}; beats title and text',
		}),
	};

	methods = {
		credentialTest: {
			storeCredentialTest,
			feishuCredentialTest,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return executeSender(this, channels.feishu, 'itsmNotifyFeishuApi');
	}
}
