import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ItsmNotifyStoreApi implements ICredentialType {
	name = 'itsmNotifyStoreApi';

	displayName = 'ITSM Notify Store API';

	icon: Icon = { light: 'file:icons/store.svg', dark: 'file:icons/store.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/store.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Where to Keep State',
			name: 'backend',
			type: 'options',
			options: [
				{
					name: 'Embedded File',
					value: 'sqlite',
					description: 'One file beside n8n; for one n8n process',
				},
				{
					name: 'PostgreSQL',
					value: 'postgres',
					description: 'For queue mode, where several processes share it',
				},
			],
			default: 'sqlite',
		},
		{
			displayName: 'File',
			name: 'file',
			type: 'string',
			default: '',
			placeholder: 'e.g. /home/node/.n8n/itsm-notify/store.sqlite',
			description: 'Leave empty to keep it in the n8n user folder',
			displayOptions: { show: { backend: ['sqlite'] } },
		},
		{
			displayName: 'Host',
			name: 'host',
			type: 'string',
			default: 'localhost',
			displayOptions: { show: { backend: ['postgres'] } },
		},
		{
			displayName: 'Port',
			name: 'port',
			type: 'number',
			default: 5432,
			displayOptions: { show: { backend: ['postgres'] } },
		},
		{
			displayName: 'Database',
			name: 'database',
			type: 'string',
			default: 'n8n',
			displayOptions: { show: { backend: ['postgres'] } },
		},
		{
			displayName: 'Schema',
			name: 'schema',
			type: 'string',
			default: 'itsm_notify',
			description: 'Made on first use where the user may; the tables live in it',
			displayOptions: { show: { backend: ['postgres'] } },
		},
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			default: 'postgres',
			displayOptions: { show: { backend: ['postgres'] } },
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { backend: ['postgres'] } },
		},
		{
			displayName: 'TLS',
			name: 'tls',
			type: 'options',
			options: [
				{
					name: 'Off',
					value: 'off',
					description: 'For a database on this machine or in a private network',
				},
				{ name: 'On', value: 'on', description: 'The certificate is verified' },
				{
					name: 'On, Certificate Not Verified',
					value: 'insecure',
					description: 'Encrypted, but anybody may answer',
				},
			],
			default: 'off',
			displayOptions: { show: { backend: ['postgres'] } },
		},
		{
			displayName: 'CA Certificate',
			name: 'ca',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			placeholder: 'e.g. -----BEGIN CERTIFICATE-----',
			description:
				'PEM of the authority that signed the certificate of the server, where the system does not know it',
			displayOptions: { show: { backend: ['postgres'], tls: ['on'] } },
		},
		{
			displayName: 'Signing Secret',
			name: 'signingSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'At least 32 characters. Signs the buttons and links of messages; needed where several processes share the store. Leave empty to use a key file beside the embedded file.',
		},
	];
}
