import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { channels } from '../../core/channels';
import { teamsCredentialTest } from '../shared/sender/channel-tests';
import { storeCredentialTest } from '../shared/credential-tests';
import { executeSender } from '../shared/sender/execute';
import { senderProperties } from '../shared/sender/properties';

export class ItsmTeamsSender implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Teams Sender',
		name: 'itsmTeamsSender',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["input"] === "defineBelow" ? $parameter["title"] : "delivery items" }}',
		description: 'Writes a ticket message to people, chats and channels in Microsoft Teams',
		defaults: { name: 'ITSM Teams Sender' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Sent', 'Failed'],
		usableAsTool: true,
		credentials: [
			{ name: 'itsmNotifyTeamsApi', testedBy: 'teamsCredentialTest' },
			{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' },
		],
		properties: senderProperties({
			name: 'Teams',
			recipient: 'AAD Object ID or Conversation ID',
			recipientPlaceholder: 'e.g. 87d349ed-44d7-43e1-9a83-5f2406dee5bd',
			payload:
				'An Adaptive Card, or a message such as {"type": "message", "text": "…"}; beats title and text',
		}),
	};

	methods = {
		credentialTest: {
			storeCredentialTest,
			teamsCredentialTest,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return executeSender(this, channels.teams, 'itsmNotifyTeamsApi');
	}
}
