// Credentials of the demo: the simulators' own secrets, by credential type.
import { pushKeys, SECRETS, WECHAT_TEMPLATE } from '../data/index.ts';

export interface SimulatorUrls {
	slack: string;
	wecom: string;
	// What the benchmarks do not start: without one, the demo's credential leads nowhere.
	feishu?: string;
	teams?: string;
	dingtalk?: string;
	wechat?: string;
	sms?: string;
	push?: { fcm: string; apns: string };
	itsm?: string;
	email: { host: string; port: number };
}

export const STORE_CREDENTIAL = 'itsmNotifyStoreApi';

/** A port on which nothing listens: a demo never calls a real provider. */
const NOWHERE = 'http://127.0.0.1:9';

/** Channels from which people answer, each with the credential that proves its calls. */
export const ANSWERING: Record<string, string> = {
	slack: 'itsmNotifySlackApi',
	teams: 'itsmNotifyTeamsApi',
	wecom: 'itsmNotifyWeComApi',
	wechat: 'itsmNotifyWeChatApi',
	dingtalk: 'itsmNotifyDingTalkApi',
	feishu: 'itsmNotifyFeishuApi',
	sms: 'itsmNotifySmsApi',
};

/** Node type (without the package) → credential types. */
export const CREDENTIALS_OF: Record<string, string[]> = {
	itsmTrigger: ['itsmNotifyInboundApi'],
	itsmInteractionTrigger: Object.values(ANSWERING),
	itsmTicket: ['itsmNotifyServiceNowApi'],
	itsmSlackSender: [ANSWERING.slack],
	itsmEmailSender: ['itsmNotifyEmailApi'],
	itsmWeComSender: [ANSWERING.wecom],
	itsmFeishuSender: [ANSWERING.feishu],
	itsmTeamsSender: [ANSWERING.teams],
	itsmDingTalkSender: [ANSWERING.dingtalk],
	itsmWeChatSender: [ANSWERING.wechat],
	itsmSmsSender: [ANSWERING.sms],
	itsmPushSender: ['itsmNotifyPushApi'],
};

export const credentialId = (type: string): string => `demo-${type}`.slice(0, 36);

/** As the editor lists it: `Demo Slack`. */
export const credentialName = (type: string): string =>
	`Demo ${type.replace(/^itsmNotify|Api$/g, '')}`;

/** As n8n's import takes them: plain data, n8n encrypts it. */
export function demoCredentials(
	urls: SimulatorUrls,
	{ broken, store }: { broken?: string; store?: Record<string, unknown> } = {},
): Array<Record<string, unknown>> {
	const data: Record<string, Record<string, unknown>> = {
		httpHeaderAuth: { name: SECRETS.portal.name, value: SECRETS.portal.value },
		itsmNotifyInboundApi: { headerName: SECRETS.itsm.token.name, token: SECRETS.itsm.token.value },
		itsmNotifyServiceNowApi: {
			baseUrl: urls.itsm ?? NOWHERE,
			authMode: 'basic',
			...SECRETS.itsm.account,
			account: SECRETS.itsm.account.user,
		},
		itsmNotifySlackApi: {
			authMode: 'token',
			token: SECRETS.slack.token,
			baseUrl: `${urls.slack}/api`,
			signingSecret: SECRETS.slack.signingSecret,
		},
		itsmNotifyEmailApi: {
			host: urls.email.host,
			port: urls.email.port,
			secure: false,
			user: SECRETS.email.user,
			password: broken === 'smtp-password' ? 'not-the-password' : SECRETS.email.password,
			from: SECRETS.email.from,
		},
		itsmNotifyWeComApi: {
			mode: 'app',
			corpId: SECRETS.wecom.corpId,
			corpSecret: broken === 'wecom-secret' ? 'not-the-secret' : SECRETS.wecom.secret,
			agentId: String(SECRETS.wecom.agentId),
			baseUrl: urls.wecom,
			callbackToken: SECRETS.wecom.callbackToken,
			encodingAesKeySecret: SECRETS.wecom.encodingAesKey,
		},
		...(store && { [STORE_CREDENTIAL]: { ...store, signingSecret: SECRETS.signing } }),
		itsmNotifyFeishuApi: {
			mode: 'app',
			appId: SECRETS.feishu.appId,
			appSecret: SECRETS.feishu.appSecret,
			encryptKeySecret: SECRETS.feishu.encryptKey,
			verificationToken: SECRETS.feishu.verificationToken,
			baseUrl: urls.feishu,
		},
		itsmNotifyTeamsApi: {
			mode: 'bot',
			appId: SECRETS.teams.appId,
			appSecret: SECRETS.teams.appSecret,
			tenantId: SECRETS.teams.tenantId,
			cloud: 'custom',
			serviceUrl: `${urls.teams}/teams/`,
			loginBaseUrl: urls.teams,
			openIdMetadataUrl: `${urls.teams}/openid`,
			issuer: `${urls.teams}/issuer`,
		},
		itsmNotifyDingTalkApi: {
			mode: 'app',
			sendAs: 'card',
			appKey: SECRETS.dingtalk.appKey,
			appSecret: SECRETS.dingtalk.appSecret,
			agentId: String(SECRETS.dingtalk.agentId),
			cardTemplateId: SECRETS.dingtalk.cardTemplateId,
			callbackRouteKey: SECRETS.dingtalk.routeKey,
			callbackSecret: SECRETS.dingtalk.callbackSecret,
			eventToken: SECRETS.dingtalk.eventToken,
			eventAesKeySecret: SECRETS.dingtalk.eventAesKey,
			baseUrl: urls.dingtalk ?? NOWHERE,
			oapiBaseUrl: urls.dingtalk ?? NOWHERE,
		},
		itsmNotifyWeChatApi: {
			appId: SECRETS.wechat.appId,
			appSecret: SECRETS.wechat.appSecret,
			templateId: SECRETS.wechat.templateId,
			templateMapping: JSON.stringify(WECHAT_TEMPLATE.mapping),
			callbackToken: SECRETS.wechat.callbackToken,
			encodingAesKeySecret: SECRETS.wechat.encodingAesKey,
			baseUrl: urls.wechat ?? NOWHERE,
		},
		itsmNotifySmsApi: { provider: 'twilio', ...SECRETS.sms, baseUrl: urls.sms ?? NOWHERE },
		itsmNotifyPushApi: pushCredential(urls.push ?? { fcm: NOWHERE, apns: NOWHERE }),
	};
	return Object.entries(data).map(([type, fields]) => ({
		id: credentialId(type),
		name: credentialName(type),
		type,
		data: fields,
	}));
}

function pushCredential({ fcm, apns }: { fcm: string; apns: string }): Record<string, unknown> {
	const { apnsTeamId, apnsKeyId, apnsTopic, projectId, clientEmail } = SECRETS.push;
	const keys = pushKeys();
	const account = {
		type: 'service_account',
		project_id: projectId,
		client_email: clientEmail,
		private_key_id: 'sandbox',
		private_key: keys.fcm.privateKey,
	};
	return {
		...{ apnsTeamId, apnsKeyId, apnsTopic },
		apnsPrivateKey: keys.apns.privateKey,
		apnsBaseUrl: apns,
		fcmServiceAccountSecret: JSON.stringify(account),
		fcmBaseUrl: fcm,
		fcmOauthUrl: `${fcm}/token`,
	};
}
