// The simulators of all providers, and their people.
import {
	dingtalkConfig,
	emailConfig,
	feishuConfig,
	pushConfig,
	slackConfig,
	smsConfig,
	teamsConfig,
	wechatConfig,
	wecomConfig,
} from '../data/index.ts';
import {
	startDingTalk,
	startEmail,
	startFeishu,
	startPush,
	startSlack,
	startSms,
	startTeams,
	startWeChat,
	startWeCom,
} from '../simulators/index.ts';
import type {
	Actor,
	DingTalkSimulator,
	EmailSimulator,
	Faults,
	FeishuSimulator,
	PushSimulator,
	Recorder,
	SlackSimulator,
	SmsSimulator,
	TeamsSimulator,
	TwoWay,
	WeChatSimulator,
	WeComSimulator,
} from '../simulators/index.ts';
import type { SimulatorUrls } from './credentials.ts';

export interface Simulators {
	slack: SlackSimulator;
	wecom: WeComSimulator;
	feishu: FeishuSimulator;
	teams: TeamsSimulator;
	dingtalk: DingTalkSimulator;
	wechat: WeChatSimulator;
	email: EmailSimulator;
	sms: SmsSimulator;
	push: PushSimulator;
}

type Part = { close(): Promise<unknown> };

/** Starts all; `started` is told of each, so that it gets closed. */
export async function startSimulators(
	recorder: Recorder,
	started: <T extends Part>(part: T) => T,
): Promise<Simulators> {
	return {
		slack: started(await startSlack({ recorder, config: slackConfig() })),
		wecom: started(await startWeCom({ recorder, config: wecomConfig() })),
		feishu: started(await startFeishu({ recorder, config: feishuConfig() })),
		teams: started(await startTeams({ recorder, config: teamsConfig() })),
		dingtalk: started(await startDingTalk({ recorder, config: dingtalkConfig() })),
		wechat: started(await startWeChat({ recorder, config: wechatConfig() })),
		email: started(await startEmail({ recorder, config: emailConfig() })),
		sms: started(await startSms({ recorder, config: smsConfig() })),
		push: started(await startPush({ recorder, config: pushConfig() })),
	};
}

export const faultsOf = (simulators: Simulators): Record<keyof Simulators, Faults> =>
	Object.fromEntries(Object.entries(simulators).map(([id, { faults }]) => [id, faults])) as Record<
		keyof Simulators,
		Faults
	>;

/** Those whose people answer to n8n: their callbacks have an address. */
export const answering = ({
	slack,
	teams,
	wecom,
	wechat,
	dingtalk,
	feishu,
	sms,
}: Simulators): Record<string, TwoWay> => ({ slack, teams, wecom, wechat, dingtalk, feishu, sms });

/** All who act in an app; a mail's answer goes to the desk's mailbox. */
export const actorsOf = (simulators: Simulators): Record<string, Actor> => ({
	...answering(simulators),
	email: simulators.email,
});

export const urlsOf = (simulators: Simulators): SimulatorUrls => {
	const { slack, wecom, feishu, teams, dingtalk, wechat, sms, push, email } = simulators;
	return {
		slack: slack.url,
		wecom: wecom.url,
		feishu: feishu.url,
		teams: teams.url,
		dingtalk: dingtalk.url,
		wechat: wechat.url,
		sms: sms.url,
		push: { fcm: push.url, apns: push.apnsUrl },
		email: { host: email.host, port: email.port },
	};
};
