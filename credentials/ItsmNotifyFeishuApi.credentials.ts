import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ItsmNotifyFeishuApi implements ICredentialType {
	name = 'itsmNotifyFeishuApi';

	displayName = 'ITSM Notify Feishu API';

	icon: Icon = { light: 'file:icons/feishu.svg', dark: 'file:icons/feishu.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/channels/feishu.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Connect With',
			name: 'mode',
			type: 'options',
			options: [
				{
					name: 'App (企业自建应用)',
					value: 'app',
					description:
						'Reaches every person in its availability; buttons answer, messages can be updated',
				},
				{
					name: 'Custom Bot (自定义机器人)',
					value: 'robot',
					description:
						'Reaches the one group that it was added to; buttons are links; 100 messages a minute',
				},
			],
			default: 'app',
		},
		{
			displayName: 'Platform',
			name: 'platform',
			type: 'options',
			options: [
				{ name: 'Feishu (open.feishu.cn)', value: 'feishu' },
				{ name: 'Lark (open.larksuite.com)', value: 'lark' },
			],
			default: 'feishu',
			displayOptions: { show: { mode: ['app'] } },
		},
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			default: '',
			placeholder: 'e.g. cli_a1b2c3d4e5f6',
			displayOptions: { show: { mode: ['app'] } },
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { mode: ['app'] } },
		},
		{
			displayName: 'Webhook URL',
			name: 'webhookSecretUrl',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. https://open.feishu.cn/open-apis/bot/v2/hook/…',
			displayOptions: { show: { mode: ['robot'] } },
		},
		{
			displayName: 'Signing Secret',
			name: 'secret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: "Of the bot's signature verification (签名校验); empty where it is off",
			displayOptions: { show: { mode: ['robot'] } },
		},
		{
			displayName: 'Encrypt Key',
			name: 'encryptKeySecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Of events and callbacks (事件与回调 → 加密策略); verifies and decrypts pressed buttons and replies',
			displayOptions: { show: { mode: ['app'] } },
		},
		{
			displayName: 'Verification Token',
			name: 'verificationToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Of events and callbacks; proves calls where there is no Encrypt Key',
			displayOptions: { show: { mode: ['app'] } },
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://open.feishu.cn',
			description:
				"Empty for the platform's own address; another for a private deployment or a proxy",
			displayOptions: { show: { mode: ['app'] } },
		},
	];
}
