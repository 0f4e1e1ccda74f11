import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ItsmNotifySmsApi implements ICredentialType {
	name = 'itsmNotifySmsApi';

	displayName = 'ITSM Notify SMS API';

	icon: Icon = { light: 'file:icons/sms.svg', dark: 'file:icons/sms.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/channels/sms.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Provider',
			name: 'provider',
			type: 'options',
			options: [
				{ name: 'Aliyun (阿里云)', value: 'aliyun', description: 'Approved templates only' },
				{
					name: 'Any HTTP Gateway',
					value: 'http',
					description: 'A service that takes a number and a text',
				},
				{
					name: 'Tencent Cloud (腾讯云)',
					value: 'tencent',
					description: 'Approved templates only',
				},
				{ name: 'Twilio', value: 'twilio', description: 'Free text, delivery reports and replies' },
			],
			default: 'twilio',
		},
		{
			displayName: 'Account SID',
			name: 'accountSid',
			type: 'string',
			default: '',
			placeholder: 'e.g. AC…',
			displayOptions: { show: { provider: ['twilio'] } },
		},
		{
			displayName: 'Auth Token',
			name: 'authToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Also verifies what Twilio sends back, so it is needed beside an API key too where people answer',
			displayOptions: { show: { provider: ['twilio'] } },
		},
		{
			displayName: 'API Key SID',
			name: 'apiKeySid',
			type: 'string',
			default: '',
			placeholder: 'e.g. SK…',
			description: 'Leave empty to sign in with the auth token',
			displayOptions: { show: { provider: ['twilio'] } },
		},
		{
			displayName: 'API Key Secret',
			name: 'apiKeySecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { provider: ['twilio'] } },
		},
		{
			displayName: 'From Number',
			name: 'from',
			type: 'string',
			default: '',
			placeholder: 'e.g. +15017122661',
			description: 'A number of your account in E.164 form',
			displayOptions: { show: { provider: ['twilio'] } },
		},
		{
			displayName: 'Messaging Service SID',
			name: 'messagingServiceSid',
			type: 'string',
			default: '',
			placeholder: 'e.g. MG…',
			description: 'Beats the number; Twilio then chooses the sender',
			displayOptions: { show: { provider: ['twilio'] } },
		},
		{
			displayName: 'Access Key ID',
			name: 'accessKeyId',
			type: 'string',
			default: '',
			displayOptions: { show: { provider: ['aliyun'] } },
		},
		{
			displayName: 'Access Key Secret',
			name: 'accessKeySecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { provider: ['aliyun'] } },
		},
		{
			displayName: 'Secret ID',
			name: 'secretId',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { provider: ['tencent'] } },
		},
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { provider: ['tencent'] } },
		},
		{
			displayName: 'SDK App ID',
			name: 'sdkAppId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1400006666',
			displayOptions: { show: { provider: ['tencent'] } },
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'string',
			default: 'ap-guangzhou',
			displayOptions: { show: { provider: ['tencent'] } },
		},
		{
			displayName: 'Signature (签名)',
			name: 'signName',
			type: 'string',
			default: '',
			description: 'The approved signature without its brackets',
			displayOptions: { show: { provider: ['aliyun', 'tencent'] } },
		},
		{
			displayName: 'Template',
			name: 'templateId',
			type: 'string',
			default: '',
			placeholder: 'e.g. SMS_15305',
			description: 'Code of the approved template',
			displayOptions: { show: { provider: ['aliyun', 'tencent'] } },
		},
		{
			displayName: 'Template Parameters',
			name: 'templateParams',
			type: 'string',
			default: 'ticket=number, title=title',
			description:
				'Separated by commas: name=part for Aliyun, in the order of the template for Tencent Cloud. Parts are title, number, priority, status, url and text.',
			displayOptions: { show: { provider: ['aliyun', 'tencent'] } },
		},
		{
			displayName: 'Longest Parameter',
			name: 'paramLength',
			type: 'number',
			default: 35,
			description:
				'How many characters one parameter may have; depends on your account and template',
			displayOptions: { show: { provider: ['aliyun', 'tencent'] } },
		},
		{
			displayName: 'Callback Secret',
			name: 'callbackSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'A long random text. Put it as key in the URLs for reports and replies: nothing else proves who calls.',
			displayOptions: { show: { provider: ['aliyun', 'tencent'] } },
		},
		{
			displayName: 'URL',
			name: 'gatewaySecretUrl',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. https://sms.example.com/send?to={{to}}',
			description: 'May hold {{to}} and {{text}}',
			displayOptions: { show: { provider: ['http'] } },
		},
		{
			displayName: 'Method',
			name: 'method',
			type: 'options',
			options: [
				{ name: 'GET', value: 'GET' },
				{ name: 'POST', value: 'POST' },
				{ name: 'PUT', value: 'PUT' },
			],
			default: 'POST',
			displayOptions: { show: { provider: ['http'] } },
		},
		{
			displayName: 'Headers',
			name: 'headersSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. {"Authorization": "Bearer …"}',
			description: 'A JSON object',
			displayOptions: { show: { provider: ['http'] } },
		},
		{
			displayName: 'Body',
			name: 'bodyTemplate',
			type: 'string',
			default: '{"to": "{{to}}", "text": "{{text}}"}',
			description:
				'JSON, or a form such as to={{to}}&text={{text}}; number and text are put in with the right quoting',
			displayOptions: { show: { provider: ['http'] } },
		},
		{
			displayName: 'Success Path',
			name: 'successPath',
			type: 'string',
			default: '',
			placeholder: 'e.g. result.code',
			description:
				'Where the answer says whether it worked. Leave empty where the HTTP status says it.',
			displayOptions: { show: { provider: ['http'] } },
		},
		{
			displayName: 'Success Value',
			name: 'successValue',
			type: 'string',
			default: '',
			placeholder: 'e.g. 0',
			description: 'What stands there on success',
			displayOptions: { show: { provider: ['http'] } },
		},
		{
			displayName: 'Message ID Path',
			name: 'messageIdPath',
			type: 'string',
			default: '',
			placeholder: 'e.g. result.id',
			displayOptions: { show: { provider: ['http'] } },
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://api.twilio.com',
			description: 'Leave empty for that of the provider; for a proxy or a test server only',
			displayOptions: { show: { provider: ['twilio', 'aliyun', 'tencent'] } },
		},
	];
}
