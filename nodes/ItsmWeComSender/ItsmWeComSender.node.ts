import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { channels } from '../../core/channels';
import { wecomCredentialTest } from '../shared/sender/channel-tests';
import { storeCredentialTest } from '../shared/credential-tests';
import { executeSender } from '../shared/sender/execute';
import { senderProperties } from '../shared/sender/properties';

export class ItsmWeComSender implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM WeCom Sender',
		name: 'itsmWeComSender',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["input"] === "defineBelow" ? $parameter["title"] : "delivery items" }}',
		description: 'Writes a ticket message to members and groups in WeCom (企业微信)',
		defaults: { name: 'ITSM WeCom Sender' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Sent', 'Failed'],
		usableAsTool: true,
		credentials: [
			{ name: 'itsmNotifyWeComApi', testedBy: 'wecomCredentialTest' },
			{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' },
		],
		properties: senderProperties({
			name: 'WeCom',
			recipient: 'User ID',
			recipientPlaceholder: 'e.g. ZhangWei',
			payload:
				'A message body of WeCom, such as {"msgtype": "markdown", "markdown": {"content": "…"}}; beats title and text',
		}),
	};

	methods = {
		credentialTest: {
			storeCredentialTest,
			wecomCredentialTest,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return executeSender(this, channels.wecom, 'itsmNotifyWeComApi');
	}
}
