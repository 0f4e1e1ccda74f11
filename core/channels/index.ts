import type { ChannelId } from '../events/delivery';
import { email } from './email';
import { slack } from './slack';
import type { Channel } from './types';
import { wecom } from './wecom';

/** The channels that this package speaks, by id. */
export const channels: Partial<Record<ChannelId, Channel>> & { slack: Channel; email: Channel; wecom: Channel } = { slack, email, wecom };

export { defineBelow, type Below } from './below';
export { admit, afterOutcome, BREAKER_RULES, closedBreaker, type BreakerRules, type BreakerState } from './breaker';
export { take, type BucketState, type Rate } from './bucket';
export { transportOf as smtpTransportOf } from './email/request';
export { idOnChannel, turnToFallback } from './fallback';
export { redact, secretsOf } from './redact';
export { nextRetryAt, type RetryQuestion } from './retry';
export { sendDelivery, type SendOptions, type SendResult } from './send';
export { createTokenCache } from './tokens';
export { closeSmtp, sendSmtp, verifySmtp } from './transport/smtp';
export * from './types';
