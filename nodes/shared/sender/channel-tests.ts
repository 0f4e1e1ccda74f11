import { channels } from '../../../core/channels';
import { channelCredentialTest } from './credential-tests';

export const dingtalkCredentialTest = channelCredentialTest(
	channels.dingtalk,
	'A custom robot cannot be asked without posting; nothing was sent',
);

export const feishuCredentialTest = channelCredentialTest(
	channels.feishu,
	'A custom bot cannot be asked without posting; nothing was sent',
);

export const pushCredentialTest = channelCredentialTest(
	channels.push,
	'APNs cannot be asked without sending; the key was read, nothing was sent',
);

export const slackCredentialTest = channelCredentialTest(
	channels.slack,
	'A webhook cannot be asked without posting; nothing was sent',
);

export const smsCredentialTest = channelCredentialTest(
	channels.sms,
	'This provider cannot be asked without sending; nothing was sent',
);

export const teamsCredentialTest = channelCredentialTest(
	channels.teams,
	'A workflow cannot be asked without posting; nothing was sent',
);

export const wecomCredentialTest = channelCredentialTest(
	channels.wecom,
	'A group robot cannot be asked without posting; nothing was sent',
);

export const wechatCredentialTest = channelCredentialTest(channels.wechat, 'Nothing was sent');
