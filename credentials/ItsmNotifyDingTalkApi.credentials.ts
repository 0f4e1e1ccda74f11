import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

const app = { show: { mode: ['app'] } };
const robot = { show: { mode: ['robot'] } };
const card = { show: { mode: ['app'], sendAs: ['card'] } };

export class ItsmNotifyDingTalkApi implements ICredentialType {
	name = 'itsmNotifyDingTalkApi';

	displayName = 'ITSM Notify DingTalk API';

	icon: Icon = { light: 'file:icons/dingtalk.svg', dark: 'file:icons/dingtalk.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/channels/dingtalk.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Connect With',
			name: 'mode',
			type: 'options',
			options: [
				{
					name: 'App (企业内部应用)',
					value: 'app',
					description: 'Reaches every member; people can answer',
				},
				{
					name: 'Custom Robot (自定义机器人)',
					value: 'robot',
					description: 'Reaches the one group that it was added to; 20 messages a minute',
				},
			],
			default: 'app',
		},
		{
			displayName: 'Send As',
			name: 'sendAs',
			type: 'options',
			options: [
				{
					name: 'Interactive Card',
					value: 'card',
					description: 'Buttons that answer, and cards that change; needs a card template',
				},
				{
					name: 'Robot Message',
					value: 'robotMessage',
					description: "One-to-one from the app's robot",
				},
				{
					name: 'Work Notice',
					value: 'workNotice',
					description: 'In the list of work notices (工作通知); at most 2 KB each',
				},
			],
			default: 'robotMessage',
			displayOptions: app,
		},
		{
			displayName: 'App Key',
			name: 'appKey',
			type: 'string',
			default: '',
			description: 'Client ID of the app',
			displayOptions: app,
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Client secret of the app; also verifies messages to its robot',
			displayOptions: app,
		},
		{
			displayName: 'Agent ID',
			name: 'agentId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 2412345678',
			displayOptions: { show: { mode: ['app'], sendAs: ['workNotice'] } },
		},
		{
			displayName: 'Robot Code',
			name: 'robotCode',
			type: 'string',
			default: '',
			description: 'Empty: the app key, which is right for a robot that was made with the app',
			displayOptions: app,
		},
		{
			displayName: 'Corp ID',
			name: 'corpId',
			type: 'string',
			default: '',
			description: 'Only for event subscriptions that name the organisation instead of the app',
			displayOptions: app,
		},
		{
			displayName: 'Card Template ID',
			name: 'cardTemplateId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 3f9e2c14-….schema',
			displayOptions: card,
		},
		{
			displayName: 'Callback Route Key',
			name: 'callbackRouteKey',
			type: 'string',
			default: '',
			description: 'The name under which the address for pressed cards is registered',
			displayOptions: card,
		},
		{
			displayName: 'Callback API Secret',
			name: 'callbackSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Chosen by you when the address is registered; verifies pressed cards',
			displayOptions: card,
		},
		{
			displayName: 'Event Token',
			name: 'eventToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Of the event subscription (事件订阅), if you use one',
			displayOptions: app,
		},
		{
			displayName: 'Event AES Key',
			name: 'eventAesKeySecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'The 43 characters of the event subscription',
			displayOptions: app,
		},
		{
			displayName: 'Webhook URL',
			name: 'webhookSecretUrl',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. https://oapi.dingtalk.com/robot/send?access_token=…',
			displayOptions: robot,
		},
		{
			displayName: 'Sign Secret',
			name: 'signSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. SEC…',
			description: 'Of the security setting 加签; empty where the robot uses keywords or addresses',
			displayOptions: robot,
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.dingtalk.com',
			description: 'For robot messages and cards; change it for a proxy',
			displayOptions: app,
		},
		{
			displayName: 'OAPI Base URL',
			name: 'oapiBaseUrl',
			type: 'string',
			default: 'https://oapi.dingtalk.com',
			description: 'For work notices and custom robots; change it for a proxy',
		},
	];
}
