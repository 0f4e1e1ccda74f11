import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ItsmNotifyPushApi implements ICredentialType {
	name = 'itsmNotifyPushApi';

	displayName = 'ITSM Notify Push API';

	icon: Icon = { light: 'file:icons/push.svg', dark: 'file:icons/push.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/channels/push.md';

	properties: INodeProperties[] = [
		{
			displayName: 'APNs Team ID',
			name: 'apnsTeamId',
			type: 'string',
			default: '',
			placeholder: 'e.g. DEF123GHIJ',
			description:
				'For iPhones and iPads. Leave the four APNs fields empty where Firebase serves them.',
		},
		{
			displayName: 'APNs Key ID',
			name: 'apnsKeyId',
			type: 'string',
			default: '',
			placeholder: 'e.g. ABC123DEFG',
		},
		{
			displayName: 'APNs Private Key',
			name: 'apnsPrivateKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. -----BEGIN PRIVATE KEY-----',
			description: 'The whole content of the .p8 file',
		},
		{
			displayName: 'APNs Topic',
			name: 'apnsTopic',
			type: 'string',
			default: '',
			placeholder: 'e.g. com.example.servicedesk',
			description: 'Bundle ID of the app',
		},
		{
			displayName: 'APNs Environment',
			name: 'apnsEnvironment',
			type: 'options',
			options: [
				{ name: 'Production', value: 'production' },
				{ name: 'Sandbox', value: 'sandbox', description: 'Apps that Xcode has put on a device' },
			],
			default: 'production',
		},
		{
			displayName: 'APNs Base URL',
			name: 'apnsBaseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://api.push.apple.com',
			description: 'Leave empty for that of the environment; for a proxy or a test server only',
		},
		{
			displayName: 'Firebase Service Account',
			name: 'fcmServiceAccountSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. {"type": "service_account", …}',
			description:
				'The whole JSON file of a service account that may send messages. For Android and web, and for iOS where APNs is empty.',
		},
		{
			displayName: 'Firebase Base URL',
			name: 'fcmBaseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://fcm.googleapis.com',
			description: 'Leave empty for that of Google; for a proxy or a test server only',
		},
		{
			displayName: 'Firebase OAuth URL',
			name: 'fcmOauthUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://oauth2.googleapis.com/token',
			description: 'Leave empty for that of Google; for a proxy or a test server only',
		},
		{
			displayName: 'Android Channel',
			name: 'androidChannel',
			type: 'string',
			default: 'tickets',
			description: 'ID of the notification channel of your app',
		},
	];
}
