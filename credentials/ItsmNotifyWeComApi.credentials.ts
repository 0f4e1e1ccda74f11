import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ItsmNotifyWeComApi implements ICredentialType {
	name = 'itsmNotifyWeComApi';

	displayName = 'ITSM Notify WeCom API';

	icon: Icon = { light: 'file:icons/wecom.svg', dark: 'file:icons/wecom.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/channels/wecom.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Connect With',
			name: 'mode',
			type: 'options',
			options: [
				{
					name: 'App (自建应用)',
					value: 'app',
					description: 'Reaches every member; messages can be updated',
				},
				{
					name: 'Group Robot (群机器人)',
					value: 'robot',
					description: 'Reaches the one group that it was added to; 20 messages a minute',
				},
			],
			default: 'app',
		},
		{
			displayName: 'Corp ID',
			name: 'corpId',
			type: 'string',
			default: '',
			placeholder: 'e.g. ww1234567890abcdef',
			displayOptions: { show: { mode: ['app'] } },
		},
		{
			displayName: 'App Secret',
			name: 'corpSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { mode: ['app'] } },
		},
		{
			displayName: 'Agent ID',
			name: 'agentId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1000002',
			displayOptions: { show: { mode: ['app'] } },
		},
		{
			displayName: 'Webhook URL',
			name: 'webhookSecretUrl',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…',
			displayOptions: { show: { mode: ['robot'] } },
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://qyapi.weixin.qq.com',
			description:
				'Change it for a private cloud or a proxy with a fixed address (WeCom wants the address in its allow-list)',
			displayOptions: { show: { mode: ['app'] } },
		},
		{
			displayName: 'Callback Token',
			name: 'callbackToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Token of the callback settings of the app; verifies pressed buttons and replies',
			displayOptions: { show: { mode: ['app'] } },
		},
		{
			displayName: 'Encoding AES Key',
			name: 'encodingAesKeySecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'The 43 characters of the callback settings of the app',
			displayOptions: { show: { mode: ['app'] } },
		},
	];
}
