import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ItsmNotifyRequestTrackerApi implements ICredentialType {
	name = 'itsmNotifyRequestTrackerApi';

	displayName = 'ITSM Notify Request Tracker API';

	icon: Icon = {
		light: 'file:icons/requesttracker.svg',
		dark: 'file:icons/requesttracker.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/credentials.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://rt.example.com',
			description: 'Address of RT, with its path if it has one (WebPath); without /REST/2.0',
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. 1-31-3da6add2…',
			description: 'Authentication token of an account of its own (Logged in as → Auth Tokens)',
		},
		{
			displayName: 'Account Login',
			name: 'account',
			type: 'string',
			default: '',
			placeholder: 'e.g. n8n-bot',
			description:
				'Login of the account that the token belongs to, so that the webhooks of our own changes are recognised',
		},
	];
}
