import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { channels } from '../../core/channels';
import { dingtalkCredentialTest } from '../shared/sender/channel-tests';
import { storeCredentialTest } from '../shared/credential-tests';
import { executeSender } from '../shared/sender/execute';
import { senderProperties } from '../shared/sender/properties';

export class ItsmDingTalkSender implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM DingTalk Sender',
		name: 'itsmDingTalkSender',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["input"] === "defineBelow" ? $parameter["title"] : "delivery items" }}',
		description: 'Writes a ticket message to members and groups in DingTalk (钉钉)',
		defaults: { name: 'ITSM DingTalk Sender' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Sent', 'Failed'],
		usableAsTool: true,
		credentials: [
			{ name: 'itsmNotifyDingTalkApi', testedBy: 'dingtalkCredentialTest' },
			{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' },
		],
		properties: senderProperties({
			name: 'DingTalk',
			recipient: 'User ID',
			recipientPlaceholder: 'e.g. 0123456789',
			payload:
				'A message of DingTalk, such as {"msgtype": "link", "link": {"title": "…", "text": "…", "messageUrl": "https://…"}}; beats title and text',
		}),
	};

	methods = {
		credentialTest: {
			storeCredentialTest,
			dingtalkCredentialTest,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return executeSender(this, channels.dingtalk, 'itsmNotifyDingTalkApi');
	}
}
