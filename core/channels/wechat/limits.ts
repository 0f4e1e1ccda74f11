import type { ChannelLimits } from '../types';

/** facts/channels.md §4; characters. */
export const WECHAT = {
	/** A `keyword` of an old template: longer ones are cut by WeChat. */
	keyword: 200,
	/** UTF-8 bytes of a customer service text. */
	text: 2048,
	/** A person can be answered for so long after writing. */
	answerMs: 48 * 3_600_000,
} as const;

export const limits: ChannelLimits = {
	unit: 'chars',
	text: WECHAT.keyword,
	title: 20,
	buttons: 0,
	rate: { perCredential: { count: 100, perMs: 1000, burst: 20 } },
	digestEntries: 5,
};
