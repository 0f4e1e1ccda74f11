import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { channels } from '../../core/channels';
import { wechatCredentialTest } from '../shared/sender/channel-tests';
import { storeCredentialTest } from '../shared/credential-tests';
import { executeSender } from '../shared/sender/execute';
import { senderProperties } from '../shared/sender/properties';

export class ItsmWeChatSender implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM WeChat Sender',
		name: 'itsmWeChatSender',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["input"] === "defineBelow" ? $parameter["title"] : "delivery items" }}',
		description: 'Writes a ticket message to followers of a WeChat official account (微信公众号)',
		defaults: { name: 'ITSM WeChat Sender' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Sent', 'Failed'],
		usableAsTool: true,
		credentials: [
			{ name: 'itsmNotifyWeChatApi', testedBy: 'wechatCredentialTest' },
			{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' },
		],
		properties: senderProperties({
			name: 'WeChat',
			recipient: 'OpenID',
			recipientPlaceholder: 'e.g. oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
			payload:
				'A template message, such as {"template_data": {"keyword1": "…"}, "url": "https://…"}; beats title and text',
		}),
	};

	methods = {
		credentialTest: {
			storeCredentialTest,
			wechatCredentialTest,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return executeSender(this, channels.wechat, 'itsmNotifyWeChatApi');
	}
}
