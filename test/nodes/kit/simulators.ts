// The simulators of the sandbox, with secrets that a test can look for.
import {
	createRecorder,
	startDingTalk,
	startEmail,
	startSlack,
	startWeCom,
	type DingTalkSimulator,
	type EmailSimulator,
	type Recorder,
	type Simulator,
	type WeComSimulator,
} from '../../../sandbox/simulators/index.ts';
import type { CredentialData } from '../../harness/engine.ts';
import { freshStore } from './store.ts';

export const SECRETS = {
	slack: 'xoxb-secret-of-slack-1',
	slackSigning: 'signing-secret-of-slack-2',
	wecom: 'secret-of-wecom-3',
	email: 'password-of-smtp-4',
	dingtalk: 'secret-of-dingtalk-5',
};

/** More people whom Slack knows. */
export const CROWD = Array.from({ length: 10 }, (_, i) => `U0CROWD${i}`);

export interface Providers {
	recorder: Recorder;
	slack: Simulator;
	wecom: WeComSimulator;
	email: EmailSimulator;
	dingtalk: DingTalkSimulator;
	/** A fresh store and right credentials for all channels. */
	credentials(): CredentialData;
	/** `<channel> <address>: <what the reader sees>` in the order of arrival. */
	seen(): string[];
}

/** Started before the tests of a file, cleared before each. */
export function useProviders(): Providers {
	const providers = { recorder: createRecorder() } as Providers;
	const { recorder } = providers;
	beforeAll(async () => {
		providers.slack = await startSlack({
			recorder,
			config: {
				token: SECRETS.slack,
				users: [
					...['U0JOHN', 'U0EMMA', ...CROWD].map((id) => ({ id })),
					{ id: 'U0GONE', deleted: true },
				],
				channels: [{ id: 'C0OPS', name: 'ops' }],
				webhooks: { '/services/T0/B0/slack-hook-secret': 'C0OPS' },
				rate: null,
			},
		});
		providers.wecom = await startWeCom({
			recorder,
			config: {
				corpId: 'ww1',
				secret: SECRETS.wecom,
				agentId: 1000002,
				users: [{ userid: 'ZhangWei' }, { userid: 'LiNa' }],
				robots: { 'robot-key-secret': 'Ops' },
			},
		});
		providers.email = await startEmail({
			recorder,
			config: {
				user: 'itsm',
				password: SECRETS.email,
				domains: ['example.test'],
				mailboxes: ['john@example.test', 'wei@example.test', 'new@example.test'],
			},
		});
	});
	beforeAll(async () => {
		providers.dingtalk = await startDingTalk({
			recorder,
			config: {
				appKey: 'ding1',
				appSecret: SECRETS.dingtalk,
				agentId: 1,
				users: [{ userid: 'ding-wei' }],
			},
		});
	});
	beforeEach(() => {
		recorder.clear();
		for (const one of [providers.slack, providers.wecom, providers.email, providers.dingtalk])
			one.faults.clear();
	});
	afterAll(async () => {
		await Promise.all(
			[providers.slack, providers.wecom, providers.email, providers.dingtalk].map((p) => p.close()),
		);
	});
	let count = 0;
	// Breaker and pace are kept per credential and process: no two tests share one.
	providers.credentials = () => {
		const own = `own-${++count}`;
		return freshStore({
			itsmNotifySlackApi: {
				token: SECRETS.slack,
				baseUrl: `${providers.slack.url}/api`,
				signingSecret: `${SECRETS.slackSigning}-${own}`,
			},
			itsmNotifyWeComApi: {
				corpId: 'ww1',
				corpSecret: SECRETS.wecom,
				agentId: '1000002',
				baseUrl: providers.wecom.url,
				callbackToken: own,
			},
			itsmNotifyDingTalkApi: {
				appKey: 'ding1',
				appSecret: SECRETS.dingtalk,
				baseUrl: providers.dingtalk.url,
				oapiBaseUrl: providers.dingtalk.url,
				eventToken: own,
			},
			itsmNotifyEmailApi: {
				host: providers.email.host,
				port: providers.email.port,
				user: 'itsm',
				password: SECRETS.email,
				from: 'IT <itsm@example.test>',
				messageIdDomain: `${own}.example.test`,
			},
		});
	};
	providers.seen = () =>
		recorder
			.messages()
			.map(
				({ channel, to, rendered: { title, text } }) => `${channel} ${to.join()}: ${title ?? text}`,
			)
			// Signs that nobody sees tell WeCom two messages of one text apart.
			.map((line) => line.replace(/[\u200b\u200c]/g, ''));
	return providers;
}
