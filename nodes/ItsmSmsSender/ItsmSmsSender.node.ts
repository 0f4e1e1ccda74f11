import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { channels } from '../../core/channels';
import { smsCredentialTest } from '../shared/sender/channel-tests';
import { storeCredentialTest } from '../shared/credential-tests';
import { executeSender } from '../shared/sender/execute';
import { senderProperties } from '../shared/sender/properties';

export class ItsmSmsSender implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM SMS Sender',
		name: 'itsmSmsSender',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["input"] === "defineBelow" ? $parameter["title"] : "delivery items" }}',
		description:
			'Writes a ticket message to a phone by SMS: Twilio, Aliyun, Tencent Cloud or any HTTP gateway',
		defaults: { name: 'ITSM SMS Sender' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Sent', 'Failed'],
		usableAsTool: true,
		credentials: [
			{ name: 'itsmNotifySmsApi', testedBy: 'smsCredentialTest' },
			{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' },
		],
		properties: senderProperties({
			name: 'SMS',
			recipient: 'Phone Number',
			recipientPlaceholder: 'e.g. +8613800138000',
			payload:
				'A text such as {"text": "…"}, or {"params": {"title": "…", "number": "…"}} for a template; beats title and text',
		}),
	};

	methods = {
		credentialTest: {
			storeCredentialTest,
			smsCredentialTest,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return executeSender(this, channels.sms, 'itsmNotifySmsApi');
	}
}
