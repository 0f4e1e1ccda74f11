// Credentials of the demo: the simulators' own secrets, by credential type.
import { SECRETS, WECHAT_TEMPLATE } from '../data/index.ts';

export interface SimulatorUrls {
	slack: string;
	wecom: string;
	// What the benchmarks do not start: without one, the demo's credential leads nowhere.
	feishu?: string;
	teams?: string;
	dingtalk?: string;
	wechat?: string;
	itsm?: string;
	email: { host: string; port: number };
}

export const STORE_CREDENTIAL = 'itsmNotifyStoreApi';

/** A port on which nothing listens: a demo never calls a real provider. */
const NOWHERE = 'http://127.0.0.1:9';

/** Node type (without the package) → credential type. */
export const CREDENTIAL_OF: Record<string, string> = {
	itsmTrigger: 'itsmNotifyInboundApi',
	itsmSlackSender: 'itsmNotifySlackApi',
	itsmEmailSender: 'itsmNotifyEmailApi',
	itsmWeComSender: 'itsmNotifyWeComApi',
	itsmFeishuSender: 'itsmNotifyFeishuApi',
	itsmTeamsSender: 'itsmNotifyTeamsApi',
	itsmDingTalkSender: 'itsmNotifyDingTalkApi',
	itsmWeChatSender: 'itsmNotifyWeChatApi',
	itsmTicket: 'itsmNotifyServiceNowApi',
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
		...(store && { [STORE_CREDENTIAL]: store }),
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
		itsmNotifyServiceNowApi: {
			authMode: 'basic',
			...SECRETS.itsm.account,
			baseUrl: urls.itsm ?? NOWHERE,
		},
	};
	return Object.entries(data).map(([type, fields]) => ({
		id: credentialId(type),
		name: credentialName(type),
		type,
		data: fields,
	}));
}
