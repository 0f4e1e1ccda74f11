import type { ChannelLimits, ChannelRate } from '../types';

/** facts/channels.md §10. A part holds 153 GSM-7 characters or 67 of any other script where there are several. */
export const SMS = {
	twilioBody: 1600,
	parts: 3,
	gsmSingle: 160,
	gsmPart: 153,
	ucsSingle: 70,
	ucsPart: 67,
	/** A longer link would leave no room for the words. */
	url: 250,
	number: 40,
	footer: 80,
	param: 35,
	sessionContext: 511,
} as const;

/** A long number sends one message a second; a Twilio Messaging Service takes more and queues itself. */
export const TWILIO_RATE: ChannelRate = { perCredential: { count: 1, perMs: 1000, burst: 10 } };
/** One message in 30 s to a number, the rest is refused. */
export const TENCENT_RATE: ChannelRate = { perRecipient: { count: 1, perMs: 30_000, burst: 1 } };

export const limits: ChannelLimits = {
	unit: 'chars',
	text: SMS.gsmPart * SMS.parts,
	buttons: 1,
	rate: {},
	digestEntries: 0,
};
