import type { ItsmConfig } from '../itsm/index.ts';
import type {
	DingTalkConfig,
	EmailConfig,
	FeishuConfig,
	PushConfig,
	SlackConfig,
	SmsConfig,
	TeamsConfig,
	WeChatConfig,
	WeComConfig,
} from '../simulators/index.ts';
import { pushKeys } from './keys.ts';
import {
	DINGTALK_IDS,
	EMMA,
	FEISHU_IDS,
	GROUPS,
	ITSM_PEOPLE,
	JOHN,
	PUSH_TOKENS,
	SLACK_IDS,
	SMS_NUMBERS,
	TEAMS_IDS,
	WECHAT_IDS,
	WECOM_IDS,
	WEI,
} from './people.ts';

/** Secrets of the simulators and, with the same values, of the demo credentials in n8n. None opens anything real. */
export const SECRETS = {
	slack: {
		token: 'xoxb-sandbox-0000000000-demo',
		signingSecret: '8f742231b10e8888abcd99yyyzzz85a5',
	},
	wecom: {
		corpId: 'ww5823bf96d3bd56c7',
		secret: 'sandbox-wecom-secret',
		agentId: 1000002,
		robotKey: '693a91f6-7d5a-4bc4-97a0-0ec2aaaa0001',
		callbackToken: 'QDG6eK',
		encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
	},
	feishu: {
		appId: 'cli_sandbox0000000001',
		appSecret: 'sandbox-feishu-secret',
		encryptKey: 'sandbox-feishu-encrypt-key',
		verificationToken: 'sandbox-feishu-token',
		robotKey: '5b0f0000-7d5a-4bc4-97a0-0ec2aaaa0002',
		robotSecret: 'sandbox-feishu-robot',
	},
	teams: {
		appId: '8a9f3c1e-0b7d-4a52-9f0e-3c2b1a098765',
		appSecret: 'sandbox-teams-secret',
		tenantId: '72f988bf-86f1-41af-91ab-2d7cd011db47',
		outgoingToken: 'c2FuZGJveC10ZWFtcw==',
	},
	dingtalk: {
		appKey: 'dingsandboxdemo0000',
		appSecret: 'sandbox-dingtalk-secret',
		agentId: 2412345678,
		cardTemplateId: '0f000000-sandbox.schema',
		routeKey: 'itsm-notify',
		callbackSecret: 'sandbox-dingtalk-card-secret',
		eventToken: 'sandboxDingToken',
		eventAesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij',
		robotToken: '566cc69da782ec33e42541b5c08551f09fbe864eb8008112e994b43887',
		robotSecret: 'SEC00000000000000000sandbox',
	},
	wechat: {
		appId: 'wxb11529c136998cb6',
		appSecret: 'sandbox-wechat-secret',
		templateId: 'Sandbox-Template-0000000000000000000000000001',
		callbackToken: 'sandboxWechatToken',
		encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
	},
	email: {
		user: 'itsm-notify',
		password: 'sandbox-mail',
		from: 'IT Service Desk <itsm@example.test>',
	},
	sms: {
		accountSid: 'AC5ef8732a3c49700934481addd5ce1659',
		authToken: 'sandbox-twilio-token',
		from: '+12025550199',
	},
	push: {
		apnsTeamId: 'SANDBOX001',
		apnsKeyId: 'SANDBOXKEY',
		apnsTopic: 'test.example.servicedesk',
		projectId: 'itsm-notify-sandbox',
		clientEmail: 'itsm-notify@itsm-notify-sandbox.iam.gserviceaccount.test',
	},
	/** Signs buttons and links where several processes share a store. */
	signing: 'sandbox-signing-secret-of-forty-characters',
	/** What the portal of workflow 05 sends. */
	portal: { name: 'X-Portal-Token', value: 'sandbox-portal-token' },
	itsm: {
		account: { user: 'itsm-notify', password: 'sandbox-itsm' },
		/** Header token of the ITSM Trigger. */
		token: { name: 'X-Itsm-Token', value: 'sandbox-itsm-token' },
		/** Secret of the signed ServiceNow webhook. */
		webhookSecret: 'sandbox-servicenow-secret',
	},
} as const;

export const slackConfig = (): SlackConfig => ({
	token: SECRETS.slack.token,
	signingSecret: SECRETS.slack.signingSecret,
	users: [
		{ id: SLACK_IDS.john, name: JOHN.user_name, email: JOHN.email },
		{ id: SLACK_IDS.emma, name: EMMA.user_name, email: EMMA.email },
		{ id: SLACK_IDS.wei, name: WEI.user_name, email: WEI.email },
	],
	channels: [
		{ id: 'C0ITSMOPS1', name: 'itsm-ops' },
		{ id: 'C0MAJORIN1', name: 'major-incidents' },
	],
	webhooks: { '/services/T0SANDBOX/B0SANDBOX/XXXXXXXXXXXXXXXXXXXXXXXX': 'C0ITSMOPS1' },
});

export const wecomConfig = (): WeComConfig => ({
	corpId: SECRETS.wecom.corpId,
	secret: SECRETS.wecom.secret,
	agentId: SECRETS.wecom.agentId,
	users: [
		{ userid: WECOM_IDS.wei, name: '张伟' },
		{ userid: WECOM_IDS.liNa, name: '李娜' },
		{ userid: WECOM_IDS.john, name: 'John Doe' },
	],
	robots: { [SECRETS.wecom.robotKey]: '运维值班群' },
	callback: { token: SECRETS.wecom.callbackToken, encodingAesKey: SECRETS.wecom.encodingAesKey },
});

export const feishuConfig = (): FeishuConfig => ({
	appId: SECRETS.feishu.appId,
	appSecret: SECRETS.feishu.appSecret,
	users: [
		{ open_id: FEISHU_IDS.wei, email: WEI.email, name: '张伟' },
		{ open_id: FEISHU_IDS.john, email: JOHN.email, name: JOHN.name },
	],
	robots: {
		[SECRETS.feishu.robotKey]: { group: '运维值班群', secret: SECRETS.feishu.robotSecret },
	},
	callback: {
		encryptKey: SECRETS.feishu.encryptKey,
		verificationToken: SECRETS.feishu.verificationToken,
	},
});

export const teamsConfig = (): TeamsConfig => ({
	...SECRETS.teams,
	users: [
		{ aadObjectId: TEAMS_IDS.john, name: JOHN.name },
		{ aadObjectId: TEAMS_IDS.wei, name: WEI.name },
	],
	conversations: { '19:itsm-ops@thread.tacv2': { name: 'ITSM Ops' } },
	workflows: { ops: 'ITSM Ops' },
});

export const dingtalkConfig = (): DingTalkConfig => ({
	appKey: SECRETS.dingtalk.appKey,
	appSecret: SECRETS.dingtalk.appSecret,
	agentId: SECRETS.dingtalk.agentId,
	users: [
		{ userid: DINGTALK_IDS.wei, name: '张伟' },
		{ userid: DINGTALK_IDS.john, name: JOHN.name },
	],
	robots: {
		[SECRETS.dingtalk.robotToken]: { group: '运维值班群', secret: SECRETS.dingtalk.robotSecret },
	},
	cardTemplates: [SECRETS.dingtalk.cardTemplateId],
	cardRoute: { routeKey: SECRETS.dingtalk.routeKey, apiSecret: SECRETS.dingtalk.callbackSecret },
	events: { token: SECRETS.dingtalk.eventToken, aesKey: SECRETS.dingtalk.eventAesKey },
});

/** What the demo's template shows, and what each of its keys is made of. */
export const WECHAT_TEMPLATE = {
	title: '工单处理提醒',
	keys: [
		{ key: 'character_string1', label: '工单编号' },
		{ key: 'thing2', label: '工单标题' },
		{ key: 'thing3', label: '工单内容' },
		{ key: 'time4', label: '时间' },
	],
	mapping: { character_string1: 'number', thing2: 'title', thing3: 'text', time4: 'time' },
};

export const wechatConfig = (): WeChatConfig => ({
	appId: SECRETS.wechat.appId,
	appSecret: SECRETS.wechat.appSecret,
	name: 'IT 服务台',
	followers: [
		{ openid: WECHAT_IDS.wei, name: '张伟' },
		{ openid: WECHAT_IDS.john, name: JOHN.name },
	],
	templates: {
		[SECRETS.wechat.templateId]: { title: WECHAT_TEMPLATE.title, keys: WECHAT_TEMPLATE.keys },
	},
	callback: {
		token: SECRETS.wechat.callbackToken,
		encodingAesKey: SECRETS.wechat.encodingAesKey,
	},
	finishes: true,
});

export const smsConfig = (): SmsConfig => ({
	numbers: Object.values(SMS_NUMBERS),
	twilio: SECRETS.sms,
	// A second or two, as in life: n8n has recorded the message by then.
	reportsAfterMs: 1500,
});

export const pushConfig = (): PushConfig => {
	const { apnsTeamId, apnsKeyId, apnsTopic, projectId, clientEmail } = SECRETS.push;
	const keys = pushKeys();
	const people = Object.values(PUSH_TOKENS);
	return {
		apns: {
			...{ teamId: apnsTeamId, keyId: apnsKeyId, topic: apnsTopic },
			publicKey: keys.apns.publicKey,
			tokens: people.map(({ ios }) => ios),
		},
		fcm: {
			...{ projectId, clientEmail },
			publicKey: keys.fcm.publicKey,
			tokens: people.map(({ android }) => android),
		},
	};
};

export const emailConfig = (): EmailConfig => ({
	user: SECRETS.email.user,
	password: SECRETS.email.password,
	domains: ['example.test'],
	mailboxes: ITSM_PEOPLE.map((person) => person.email),
});

export const itsmConfig = (): ItsmConfig => ({
	people: ITSM_PEOPLE,
	groups: GROUPS,
	account: SECRETS.itsm.account,
});
