import type { ItsmConfig } from '../itsm/index.ts';
import type {
	EmailConfig,
	FeishuConfig,
	SlackConfig,
	TeamsConfig,
	WeComConfig,
} from '../simulators/index.ts';
import {
	EMMA,
	FEISHU_IDS,
	GROUPS,
	ITSM_PEOPLE,
	JOHN,
	SLACK_IDS,
	TEAMS_IDS,
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
	email: {
		user: 'itsm-notify',
		password: 'sandbox-mail',
		from: 'IT Service Desk <itsm@example.test>',
	},
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
	],
	robots: { [SECRETS.wecom.robotKey]: '运维值班群' },
	callback: { token: SECRETS.wecom.callbackToken, encodingAesKey: SECRETS.wecom.encodingAesKey },
});

export const feishuConfig = (): FeishuConfig => ({
	appId: SECRETS.feishu.appId,
	appSecret: SECRETS.feishu.appSecret,
	users: [{ open_id: FEISHU_IDS.wei, email: WEI.email, name: '张伟' }],
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
	users: [{ aadObjectId: TEAMS_IDS.john, name: JOHN.name }],
	conversations: { '19:itsm-ops@thread.tacv2': { name: 'ITSM Ops' } },
	workflows: { ops: 'ITSM Ops' },
});

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
