import type { ChannelLimits, ChannelRate } from '../types';

/** facts/channels.md §2; sizes are UTF-8 bytes. */
export const TEAMS = {
	/** The whole message as JSON. */
	message: 28 * 1024,
	/** What is drawn leaves room for the frame of either way. */
	drawn: 26 * 1024,
	title: 400,
	fields: 20,
	/** More are hidden behind an overflow. */
	buttons: 6,
	buttonText: 60,
	version: '1.4',
} as const;

export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';

/** Per thread 7 in a second, 8 in two, 60 in thirty, 1800 an hour; per app and tenant 30 requests a second, two for a first message. */
const BOT_RATE: ChannelRate = {
	perRecipient: { count: 1700, perMs: 3600_000, burst: 5 },
	perCredential: { count: 12, perMs: 1000, burst: 3 },
};
/** More than four requests a second are throttled. */
export const WORKFLOW_RATE: ChannelRate = { perCredential: { count: 2, perMs: 1000, burst: 2 } };

export const limits: ChannelLimits = {
	unit: 'bytes',
	text: TEAMS.drawn,
	title: TEAMS.title,
	payloadBytes: TEAMS.message,
	buttons: TEAMS.buttons,
	rate: BOT_RATE,
	digestEntries: 20,
};
