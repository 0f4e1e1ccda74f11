import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ItsmNotifyTeamsApi implements ICredentialType {
	name = 'itsmNotifyTeamsApi';

	displayName = 'ITSM Notify Teams API';

	icon: Icon = { light: 'file:icons/teams.svg', dark: 'file:icons/teams.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/channels/teams.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Connect With',
			name: 'mode',
			type: 'options',
			options: [
				{
					name: 'Bot',
					value: 'bot',
					description:
						'Reaches people, chats and channels where the app is installed; buttons answer, messages can be updated',
				},
				{
					name: 'Workflow (Power Automate)',
					value: 'workflow',
					description: 'Posts in the one channel or chat of its flow; buttons are links',
				},
			],
			default: 'bot',
		},
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 8a9f3c1e-0b7d-4a52-9f0e-3c2b1a098765',
			displayOptions: { show: { mode: ['bot'] } },
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'A client secret of the app registration',
			displayOptions: { show: { mode: ['bot'] } },
		},
		{
			displayName: 'Tenant ID',
			name: 'tenantId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 72f988bf-86f1-41af-91ab-2d7cd011db47',
			description:
				'Of the directory in which the bot is registered; needed to write to people first',
			displayOptions: { show: { mode: ['bot'] } },
		},
		{
			displayName: 'Webhook URL',
			name: 'webhookSecretUrl',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. https://….logic.azure.com/workflows/…',
			description: 'The whole address that the flow shows, with its signature',
			displayOptions: { show: { mode: ['workflow'] } },
		},
		{
			displayName: 'Service URL',
			name: 'serviceUrl',
			type: 'string',
			default: 'https://smba.trafficmanager.net/teams/',
			description: 'Where the bot posts unless an installed chat has told another',
			displayOptions: { show: { mode: ['bot'] } },
		},
		{
			displayName: 'Cloud',
			name: 'cloud',
			type: 'options',
			options: [
				{ name: 'Public', value: 'public' },
				{ name: 'Custom (Government, Proxy)', value: 'custom' },
			],
			default: 'public',
			displayOptions: { show: { mode: ['bot'] } },
		},
		{
			displayName: 'Login Base URL',
			name: 'loginBaseUrl',
			type: 'string',
			default: 'https://login.microsoftonline.com',
			description: 'Another for a government cloud',
			displayOptions: { show: { mode: ['bot'], cloud: ['custom'] } },
		},
		{
			displayName: 'OpenID Metadata URL',
			name: 'openIdMetadataUrl',
			type: 'string',
			default: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
			description: 'Names the keys that sign calls to the bot; another for a government cloud',
			displayOptions: { show: { mode: ['bot'], cloud: ['custom'] } },
		},
		{
			displayName: 'Token Issuer',
			name: 'issuer',
			type: 'string',
			default: 'https://api.botframework.com',
			description: 'Who signs calls to the bot; another for a government cloud',
			displayOptions: { show: { mode: ['bot'], cloud: ['custom'] } },
		},
		{
			displayName: 'Outgoing Webhook Token',
			name: 'outgoingWebhookToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Security token of an outgoing webhook, if a team uses one; empty otherwise',
			displayOptions: { show: { mode: ['bot'] } },
		},
	];
}
