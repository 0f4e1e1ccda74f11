import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ItsmNotifyServiceNowApi implements ICredentialType {
	name = 'itsmNotifyServiceNowApi';

	displayName = 'ITSM Notify ServiceNow API';

	icon: Icon = { light: 'file:icons/servicenow.svg', dark: 'file:icons/servicenow.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/credentials.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.service-now.com',
			description: 'Address of the instance',
		},
		{
			displayName: 'Authentication',
			name: 'authMode',
			type: 'options',
			options: [
				{ name: 'API Key', value: 'apiKey', description: 'Header x-sn-apikey' },
				{ name: 'Basic Auth', value: 'basic' },
				{ name: 'OAuth2 Bearer Token', value: 'bearer' },
			],
			default: 'basic',
		},
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			default: '',
			placeholder: 'e.g. itsm.bot',
			description: 'An account of its own with the role itil or sn_incident_write',
			displayOptions: { show: { authMode: ['basic'] } },
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { authMode: ['basic'] } },
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'The bearer token or the API key',
			displayOptions: { show: { authMode: ['bearer', 'apiKey'] } },
		},
		{
			displayName: 'Account Login',
			name: 'account',
			type: 'string',
			default: '',
			placeholder: 'e.g. itsm.bot',
			description:
				'User name that ServiceNow writes down for our changes (sys_updated_by), so that their webhooks are recognised',
			displayOptions: { show: { authMode: ['bearer', 'apiKey'] } },
		},
	];
}
