import type { ChannelLimits, ChannelRate } from '../types';

/** facts/channels.md §6; sizes are UTF-8 bytes. */
export const FEISHU = {
	/** A card or post of an app: its `content`. */
	card: 30 * 1024,
	/** A text of an app. */
	text: 150 * 1024,
	/** The whole body that goes to a custom bot. */
	robot: 20 * 1024,
	/** What is drawn fits both ways of sending, with room for signature and frame. */
	drawn: 19 * 1024,
	/** Components of a card, nested ones included. */
	elements: 200,
	title: 300,
	fields: 20,
	buttons: 8,
	buttonText: 60,
	uuid: 50,
} as const;

/** Per app 50 in any second and 1000 in any minute, per user or group 5 in any second: what may go at once and what comes back stay below. */
const APP_RATE: ChannelRate = {
	perCredential: { count: 960, perMs: 60_000, burst: 30 },
	perRecipient: { count: 3, perMs: 1000, burst: 2 },
};
/** Per custom bot 5 in any second and 100 in any minute. */
export const ROBOT_RATE: ChannelRate = { perCredential: { count: 90, perMs: 60_000, burst: 3 } };

export const limits: ChannelLimits = {
	unit: 'bytes',
	text: FEISHU.drawn,
	title: FEISHU.title,
	payloadBytes: FEISHU.card,
	buttons: FEISHU.buttons,
	rate: APP_RATE,
	digestEntries: 20,
};
