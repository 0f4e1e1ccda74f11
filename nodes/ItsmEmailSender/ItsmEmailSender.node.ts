import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { channels } from '../../core/channels';
import { emailCredentialTest } from '../shared/sender/credential-tests';
import { storeCredentialTest } from '../shared/credential-tests';
import { executeSender } from '../shared/sender/execute';
import { senderProperties } from '../shared/sender/properties';

export class ItsmEmailSender implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Email Sender',
		name: 'itsmEmailSender',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["input"] === "defineBelow" ? $parameter["title"] : "delivery items" }}',
		description: 'Sends a ticket message by mail, in the thread of its ticket',
		defaults: { name: 'ITSM Email Sender' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Sent', 'Failed'],
		usableAsTool: true,
		credentials: [
			{ name: 'itsmNotifyEmailApi', testedBy: 'emailCredentialTest' },
			{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' },
		],
		properties: senderProperties({
			name: 'Email',
			recipient: 'Email Address',
			recipientPlaceholder: 'e.g. john.doe@example.com',
			payload: 'An object such as {"subject": "…", "text": "…", "html": "…"}; beats title and text',
			atOnce: 5,
		}),
	};

	methods = { credentialTest: { storeCredentialTest, emailCredentialTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return executeSender(this, channels.email, 'itsmNotifyEmailApi');
	}
}
