import type { ChannelLimits, ChannelRate } from '../types';

/** facts/channels.md §1.3; lengths are UTF-16 units, the stricter reading. */
export const SLACK = {
	blocks: 50,
	header: 150,
	section: 3000,
	fields: 10,
	field: 2000,
	context: 2000,
	elements: 25,
	contextElements: 10,
	buttonText: 75,
	buttonValue: 2000,
	buttonUrl: 3000,
	actionId: 255,
	/** Of a plain_text_input (`max_length`). */
	input: 3000,
	attachments: 100,
	/** chat.update refuses a longer one, chat.postMessage shows no more in a notification anyway. */
	text: 4000,
	/** `msg_blocks_too_long` was seen at about 13,200 characters over all blocks. */
	total: 12_000,
} as const;

/** Begins the block_id of a button's input; the button's action_id follows. */
export const INPUT_BLOCK = 'input:';

/** About one message a second per conversation; short bursts pass. */
const PER_CONVERSATION: ChannelRate = { perRecipient: { count: 1, perMs: 1000, burst: 5 } };
/** A webhook posts in one conversation: its credential is the limit. */
export const WEBHOOK_RATE: ChannelRate = { perCredential: { count: 1, perMs: 1000, burst: 5 } };

export const limits: ChannelLimits = {
	unit: 'chars',
	text: SLACK.section,
	title: SLACK.header,
	buttons: SLACK.elements,
	rate: PER_CONVERSATION,
	digestEntries: 20,
};
