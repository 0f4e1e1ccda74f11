import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ItsmNotifyWeChatApi implements ICredentialType {
	name = 'itsmNotifyWeChatApi';

	displayName = 'ITSM Notify WeChat API';

	icon: Icon = { light: 'file:icons/wechat.svg', dark: 'file:icons/wechat.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/channels/wechat.md';

	properties: INodeProperties[] = [
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			default: '',
			placeholder: 'e.g. wx1234567890abcdef',
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
		{
			displayName: 'Template ID',
			name: 'templateId',
			type: 'string',
			default: '',
			description: 'Of a template message (模板消息) of the account; a template may name another',
		},
		{
			displayName: 'Template Mapping',
			name: 'templateMapping',
			type: 'json',
			default: '',
			placeholder: '{"character_string1": "number", "thing2": "title", "time3": "time"}',
			description:
				'Which text goes to which key of the template. Empty: keyword1, keyword2, … under their own names.',
		},
		{
			displayName: 'Callback Token',
			name: 'callbackToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Token of the server configuration (服务器配置); verifies what WeChat calls',
		},
		{
			displayName: 'Encoding AES Key',
			name: 'encodingAesKeySecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The 43 characters of the server configuration, for the safe mode (安全模式); with it nothing unencrypted is taken',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.weixin.qq.com',
			description:
				'Change it for a proxy with a fixed address (WeChat wants the address in its allow-list)',
		},
	];
}
