import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ItsmNotifySlackApi implements ICredentialType {
	name = 'itsmNotifySlackApi';

	displayName = 'ITSM Notify Slack API';

	icon: Icon = { light: 'file:icons/slack.svg', dark: 'file:icons/slack.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/channels/slack.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Connect With',
			name: 'authMode',
			type: 'options',
			options: [
				{
					name: 'Bot Token',
					value: 'token',
					description: 'Reaches every person and channel; messages can be updated',
				},
				{
					name: 'Incoming Webhook',
					value: 'webhook',
					description: 'Reaches the one channel that the webhook was made for',
				},
			],
			default: 'token',
		},
		{
			displayName: 'Bot Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. xoxb-…',
			description: 'Bot User OAuth Token of your Slack app, with the scope chat:write',
			displayOptions: { show: { authMode: ['token'] } },
		},
		{
			displayName: 'Webhook URL',
			name: 'webhookSecretUrl',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. https://hooks.slack.com/services/…',
			displayOptions: { show: { authMode: ['webhook'] } },
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://slack.com/api',
			description: 'Change it for a proxy or a test server only',
			displayOptions: { show: { authMode: ['token'] } },
		},
		{
			displayName: 'Signing Secret',
			name: 'signingSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Verifies what Slack sends back when somebody presses a button',
		},
	];
}
