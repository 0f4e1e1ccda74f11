import { generateKeyPairSync } from 'node:crypto';

import type { Credential } from '../../../core/channels/types';
import type { ChannelId } from '../../../core/events/delivery';

/** Part of every secret below, so that one that leaks is seen. */
export const MARK = 'S3CRETm7qr5';
const AES_KEY = `${MARK}nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B`.padEnd(43, '2');

const pem = (type: 'ec' | 'rsa'): string =>
	generateKeyPairSync(
		type as 'rsa',
		{
			...(type === 'ec' ? { namedCurve: 'P-256' } : {}),
			modulusLength: 2048,
			publicKeyEncoding: { type: 'spki', format: 'pem' },
			privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
		} as never,
	).privateKey as unknown as string;
const apple = pem('ec');
const google = pem('rsa');

/** Pieces of keys that cannot carry the mark. */
export const KEY_PIECES = [apple, google].map((key) => key.split('\n')[1]);

interface Way {
	address: Record<string, unknown>;
	credential: Credential;
}

const sms = (credential: Credential): Way => ({
	address: { number: '+8613800138000' },
	credential: { callbackSecret: `${MARK}-callback`, signName: '运维', ...credential },
});
const dingtalk = (credential: Credential): Way => ({
	address: { userid: 'u1' },
	credential: {
		mode: 'app',
		appKey: 'ding1',
		appSecret: `${MARK}-app`,
		agentId: '1',
		corpId: 'corp',
		cardTemplateId: 'card.schema',
		callbackSecret: `${MARK}-card`,
		eventToken: `${MARK}-event`,
		eventAesKeySecret: AES_KEY,
		...credential,
	},
});

/** Every way in which a channel sends, with all its secrets filled in. */
export const WAYS: Record<ChannelId, Way[]> = {
	slack: [
		{
			address: { userid: 'U1' },
			credential: {
				authMode: 'token',
				token: `xoxb-${MARK}`,
				signingSecret: `${MARK}-signing`,
			},
		},
		{
			address: { userid: 'U1' },
			credential: {
				authMode: 'webhook',
				webhookSecretUrl: `https://hooks.slack.test/services/${MARK}`,
			},
		},
	],
	email: [
		{
			address: { address: 'john@example.test' },
			credential: {
				host: 'smtp.test',
				user: 'mailer',
				password: `${MARK}&=+ä`,
				from: 'IT <it@example.test>',
			},
		},
	],
	wecom: [
		{
			address: { userid: 'ZhangWei' },
			credential: {
				mode: 'app',
				corpId: 'ww1',
				corpSecret: `${MARK}-corp`,
				agentId: '1000002',
				callbackToken: `${MARK}-token`,
				encodingAesKeySecret: AES_KEY,
			},
		},
		{
			address: { userid: 'ZhangWei' },
			credential: {
				mode: 'robot',
				webhookSecretUrl: `https://qyapi.test/cgi-bin/webhook/send?key=${MARK}`,
			},
		},
	],
	teams: [
		{
			address: { aad_object_id: '87d349ed-44d7-43e1-9a83-5f2406dee5bd' },
			credential: {
				mode: 'bot',
				appId: 'app-1',
				appSecret: `${MARK}-app`,
				tenantId: 'tenant-1',
				outgoingWebhookToken: Buffer.from(`${MARK}-outgoing`).toString('base64'),
			},
		},
		{
			address: { conversation_id: '19:x@thread.tacv2' },
			credential: { mode: 'workflow', webhookSecretUrl: `https://flow.test/w?sig=${MARK}` },
		},
	],
	wechat: [
		{
			address: { openid: 'o1' },
			credential: {
				appId: 'wx1',
				appSecret: `${MARK}-app`,
				templateId: 't1',
				callbackToken: `${MARK}-token`,
				encodingAesKeySecret: AES_KEY,
			},
		},
	],
	dingtalk: [
		dingtalk({ sendAs: 'message' }),
		dingtalk({ sendAs: 'workNotice' }),
		dingtalk({ sendAs: 'card' }),
		dingtalk({
			mode: 'robot',
			webhookSecretUrl: `https://oapi.test/robot/send?access_token=${MARK}`,
			signSecret: `SEC${MARK}`,
		}),
	],
	feishu: [
		{
			address: { open_id: 'ou_1' },
			credential: {
				mode: 'app',
				appId: 'cli_1',
				appSecret: `${MARK}-app`,
				encryptKeySecret: `${MARK}-encrypt`,
				verificationToken: `${MARK}-verify`,
			},
		},
		{
			address: { open_id: 'ou_1' },
			credential: {
				mode: 'robot',
				webhookSecretUrl: `https://feishu.test/open-apis/bot/v2/hook/${MARK}`,
				secret: `${MARK}-sign`,
			},
		},
	],
	push: [
		{
			address: {
				tokens: [
					{ platform: 'ios', token: 'a'.repeat(64) },
					{ platform: 'android', token: 'droid' },
				],
			},
			credential: {
				apnsTeamId: 'TEAM',
				apnsKeyId: 'KEY',
				apnsPrivateKey: apple,
				apnsTopic: 'com.example.desk',
				fcmServiceAccountSecret: JSON.stringify({
					project_id: 'p1',
					client_email: 'bot@p1.test',
					private_key: google,
				}),
			},
		},
	],
	sms: [
		sms({
			provider: 'twilio',
			accountSid: 'AC1',
			authToken: `${MARK}-auth`,
			from: '+15017122661',
		}),
		sms({
			provider: 'aliyun',
			accessKeyId: 'AK',
			accessKeySecret: `${MARK}-ak`,
			templateId: 'SMS_1',
			templateParams: 'ticket=number',
		}),
		sms({
			provider: 'tencent',
			secretId: 'SID',
			secretKey: `${MARK}-tc`,
			sdkAppId: '1400',
			templateId: '7',
			templateParams: 'number',
		}),
		sms({
			provider: 'http',
			gatewaySecretUrl: `https://gate.test/send?pw=${MARK}`,
			headersSecret: `{"Authorization":"Bearer ${MARK}"}`,
			bodyTemplate: '{"to":"{{to}}","text":"{{text}}"}',
			successPath: 'result.code',
			successValue: '0',
		}),
	],
	in_app: [{ address: {}, credential: {} }],
};
