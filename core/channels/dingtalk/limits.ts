import type { ChannelLimits, ChannelRate } from '../types';

/** facts/channels.md §5; UTF-8 bytes unless said otherwise. */
export const DINGTALK = {
	/** A robot takes about 20,000 bytes in all. */
	robotBody: 20_000,
	robotText: 16_000,
	/** A text that a person reads without scrolling far; cards and one-to-one messages. */
	text: 5_000,
	title: 120,
	/** The whole `msg` of a work notice, as JSON. */
	notice: 2_048,
	/** sampleActionCard2…5. */
	buttons: 5,
	/** Columns. */
	buttonText: 20,
	/** Slots of the card template. */
	cardButtons: 4,
	feeds: 20,
} as const;

/** 20 calls a second per app and interface on the standard plan. */
const APP_RATE: ChannelRate = { perCredential: { count: 15, perMs: 1000, burst: 5 } };
/** 20 in any minute, else the robot is blocked for ten: 5 at once and 15 a minute. */
export const ROBOT_RATE: ChannelRate = { perCredential: { count: 15, perMs: 60_000, burst: 5 } };

export const limits: ChannelLimits = {
	unit: 'bytes',
	text: DINGTALK.text,
	title: DINGTALK.title,
	payloadBytes: DINGTALK.robotBody,
	buttons: DINGTALK.buttons,
	rate: APP_RATE,
	digestEntries: 10,
};
