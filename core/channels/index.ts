/** One folder per channel: card -> payload -> request, answer -> outcome; and the one way to send. */
import { CHANNEL_IDS, type ChannelId } from '../events/delivery';
import { dingtalk } from './dingtalk';
import { email } from './email';
import { feishu } from './feishu';
import { inApp } from './in_app';
import { push } from './push';
import { slack } from './slack';
import { sms } from './sms';
import { teams } from './teams';
import type { Channel } from './types';
import { wechat } from './wechat';
import { wecom } from './wecom';

/** The channels of this version; an id without an entry is `unsupported_channel`. */
export const channels: Partial<Record<ChannelId, Channel>> & {
	slack: Channel;
	email: Channel;
	wecom: Channel;
	teams: Channel;
	wechat: Channel;
	dingtalk: Channel;
	feishu: Channel;
	push: Channel;
	sms: Channel;
	in_app: Channel;
} = { slack, email, wecom, teams, wechat, dingtalk, feishu, push, sms, in_app: inApp };

/** All ids, also those that have no channel yet, in the order of the Template Render outputs. */
export const channelIds: readonly ChannelId[] = CHANNEL_IDS;

export * from './types';
export type * from './inbound';
export { perform } from './perform';
export { sendDelivery } from './send';
export type { SendOptions, Sent } from './send';
export { defineBelow } from './define-below';
export type { BelowInput } from './define-below';
export { idOnChannel, turnToFallback } from './fallback';
export { nextRetryAt } from './retry';
export type { RetryQuestion } from './retry';
export { admit, afterOutcome, BREAKER_RULES, closedBreaker, hasOpened } from './breaker';
export type { BreakerRules, BreakerState } from './breaker';
export { block, take, takeBoth } from './bucket';
export type { BucketState, BucketStates, Taken } from './bucket';
export { createTokenCache } from './tokens';
export { redact, redactRequest, secretsOf } from './redact';
export { bytes, chars, columns, cut, cutEscaped, cutMarkup } from './cut';
export type { Measure } from './cut';
export type { Card, CardButton, CardEntry, CardField, CardLink, Severity } from './card';
export {
	closeHttp2,
	closeSmtp,
	openSocket,
	sendHttp2,
	sendSmtp,
	smtpError,
	transportError,
	verifySmtp,
} from './transport';
export { inboxPage } from './in_app/page';
export type { PageItem, PageOptions } from './in_app/page';
export { fingerprint } from './credential';
export { smtpFailure } from './email/outcome';
export { transport as smtpTransportOf } from './email/request';
export { plusAddress, readPlusAddress } from './email/plus';
export { readReply } from './email/reply';
export type { MailMatch, MailReading, MailSettings } from './email/reply';
export { slackSignature, verifySlackSignature } from './slack/signature';
export { verifyWecomSignature, wecomDecrypt, wecomEncrypt, wecomSignature } from './wecom/crypto';
export {
	feishuCardSignature,
	feishuDecrypt,
	feishuSignature,
	robotSign as feishuRobotSign,
} from './feishu/signature';
export { outgoingSignature as teamsOutgoingSignature } from './teams/outgoing';
export { registerCallback as registerDingTalkCallback } from './dingtalk/request';
export { holdStream } from './stream/hold';
export type { HoldOptions } from './stream/hold';
export { wait } from './stream/wait';
export type { OpenSocket, Stream } from './stream/types';
