import type { INodeProperties } from 'n8n-workflow';

export const properties: INodeProperties[] = [
	{
		displayName: 'Listen To',
		name: 'channels',
		type: 'multiOptions',
		options: [
			{
				name: 'DingTalk (钉钉)',
				value: 'dingtalk',
				description: 'Pressed buttons of interactive cards, messages to the robot',
			},
			{
				name: 'Feishu (飞书) / Lark',
				value: 'feishu',
				description: 'Pressed buttons of cards, messages to the bot',
			},
			{
				name: 'Signed Links',
				value: 'link',
				description:
					'The buttons of mails, pushes and every channel in which nothing can be pressed',
			},
			{
				name: 'Slack',
				value: 'slack',
				description: 'Pressed buttons, the slash command /itsm, messages to the app',
			},
			{ name: 'SMS', value: 'sms', description: 'Answers by SMS, and what became of a message' },
			{
				name: 'Teams',
				value: 'teams',
				description: 'Pressed buttons of the bot’s cards, messages to the bot',
			},
			{
				name: 'WeChat (微信公众号)',
				value: 'wechat',
				description: 'Messages to the Official Account',
			},
			{
				name: 'WeCom (企业微信)',
				value: 'wecom',
				description: 'Pressed buttons of template cards, messages to the app',
			},
		],
		default: ['link'],
		required: true,
		description:
			'From where people can answer. A channel needs the credential of its sender; without it its buttons become signed links.',
	},
	{
		displayName: 'DingTalk Connection',
		name: 'dingtalkConnection',
		type: 'options',
		options: [
			{
				name: 'Long Connection',
				value: 'longConnection',
				description: 'This n8n connects to DingTalk (Stream mode): no public URL is needed',
			},
			{
				name: 'Webhook',
				value: 'webhook',
				description: 'DingTalk calls the URL of this node',
			},
		],
		default: 'webhook',
		description:
			'How answers come from DingTalk. A long connection is open while the workflow is published, not in test runs.',
		displayOptions: { show: { channels: ['dingtalk'] } },
	},
	{
		displayName: 'Feishu Connection',
		name: 'feishuConnection',
		type: 'options',
		options: [
			{
				name: 'Long Connection',
				value: 'longConnection',
				description: 'This n8n connects to Feishu or Lark: no public URL is needed',
			},
			{
				name: 'Webhook',
				value: 'webhook',
				description: 'Feishu calls the URL of this node',
			},
		],
		default: 'webhook',
		description:
			'How answers come from Feishu. A long connection is open while the workflow is published, not in test runs.',
		displayOptions: { show: { channels: ['feishu'] } },
	},
	{
		displayName: 'Path',
		name: 'path',
		type: 'string',
		default: 'itsm-answers',
		placeholder: 'e.g. itsm-answers',
		required: true,
		description:
			'Each channel calls the URL of this node with the channel’s name at its end: …/itsm-answers/slack, …/itsm-answers/wecom',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Maximum Body Size (KiB)',
				name: 'maxBodyKib',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 16384 },
				default: 1024,
				description: 'A larger call is refused with 413 before it is parsed',
			},
			{
				displayName: 'Public URL',
				name: 'publicUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://n8n.example.com',
				description:
					'Begin of the address that people and providers call, where it differs from n8n’s N8N_WEBHOOK_URL',
			},
		],
	},
];
