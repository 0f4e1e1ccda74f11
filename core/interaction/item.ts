import { createHash } from 'node:crypto';

import type { PressCall, TextCall } from '../channels';
import type { Interaction } from '../events/delivery';
import type { Answerer } from './people';

export interface TakeOptions {
	channel: string;
	key: Uint8Array | undefined;
	now: Date;
	/** A test run in the editor: nothing is marked as seen, nothing is written. */
	test?: boolean;
}

/** The same for every repeat of a call. */
export const interactionId = (channel: string, replayKey: string): string =>
	`i_${createHash('sha256')
		.update(JSON.stringify([channel, replayKey]))
		.digest('hex')
		.slice(0, 32)}`;

export type Answered = PressCall | TextCall;

/** An answer as the workflow gets it. */
export function item(
	call: Answered,
	person: Answerer | undefined,
	options: TakeOptions,
	more: Partial<Interaction> & { action: string },
): Interaction {
	return {
		interaction_id: interactionId(options.channel, call.replayKey),
		channel: options.channel,
		user: {
			channel_user_id: call.channelUserId,
			...(person
				? {
						user_id: person.user_id,
						username: person.username,
						language: person.language,
						timezone: person.timezone,
					}
				: {}),
		},
		ticket_id: null,
		parameters: {},
		delivery_id: null,
		received_at: options.now.toISOString(),
		reply: call.reply,
		...more,
	};
}

/** The channel's ids of whoever answered, in turn. */
export const idsOf = (call: Answered): string[] => [
	call.channelUserId,
	...(call.channelUserIds ?? []),
];

/** `jira:42` → what an item says of it. */
export const ticketFields = (ticketKey: string) => {
	const at = ticketKey.indexOf(':');
	return {
		ticket_key: ticketKey,
		source: ticketKey.slice(0, at),
		ticket_id: ticketKey.slice(at + 1),
	};
};
