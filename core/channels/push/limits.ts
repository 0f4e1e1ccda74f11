import type { ChannelLimits } from '../types';

/** facts/channels.md §8, §9. Both providers count UTF-8 bytes of the whole. */
export const PUSH = {
	payloadBytes: 4096,
	title: 200,
	body: 1000,
	url: 600,
	collapse: 64,
	actions: 4,
	ttlSeconds: 86_400,
	devices: 20,
} as const;

export const limits: ChannelLimits = {
	unit: 'bytes',
	text: PUSH.body,
	title: PUSH.title,
	payloadBytes: PUSH.payloadBytes,
	buttons: PUSH.actions,
	rate: {},
	digestEntries: 5,
};
