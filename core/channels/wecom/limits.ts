import type { ChannelLimits, ChannelRate } from '../types';

/** facts/channels.md §3. Limits of texts are UTF-8 bytes; those of card parts are columns that a phone shows. */
export const WECOM = {
	appText: 2048,
	robotText: 4096,
	robotPlain: 2048,
	textcardTitle: 128,
	textcardDescription: 512,
	source: 13,
	cardTitle: 36,
	cardDesc: 44,
	cardSubtitle: 160,
	keyName: 8,
	keyValue: 30,
	rows: 6,
	buttons: 6,
	buttonText: 10,
	buttonKey: 1024,
	jumps: 3,
} as const;

/** Per member 30 a minute, **the rest is dropped in silence**; per corporation 10,000 a minute. */
const APP_RATE: ChannelRate = {
	// 30 in any minute, whatever is over is dropped in silence: what may go at once and what comes back stay below it.
	perRecipient: { count: 20, perMs: 60_000, burst: 10 },
	perCredential: { count: 10_000, perMs: 60_000, burst: 200 },
};
/** 20 in any minute: 5 at once and 15 a minute. */
export const ROBOT_RATE: ChannelRate = { perCredential: { count: 15, perMs: 60_000, burst: 5 } };

export const limits: ChannelLimits = {
	unit: 'bytes',
	text: WECOM.appText,
	title: WECOM.textcardTitle,
	buttons: WECOM.buttons,
	rate: APP_RATE,
	digestEntries: 10,
};
