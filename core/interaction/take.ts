import { readCommand, readToken } from '../actions';
import type { InboundCall, PressCall, TextCall } from '../channels';
import type { Interaction } from '../events/delivery';
import type { Store } from '../store/types';
import { noteConversation } from './conversation';
import { idsOf, item, ticketFields, type TakeOptions } from './item';
import { noteStatus } from './later';
import { answererOf } from './people';
import { answerOf, ticketOfMessage } from './said';
import { stranger } from './stranger';

/** What the workflow is told of, and how many calls were repeats or news for the store only. */
export interface Taken {
	interactions: Interaction[];
	repeats: number;
	noted: number;
}

/**
 * Verified calls → interaction items. A repeat of a call has no effect; news of a message (delivered, read, failed) and of
 * a conversation go into the store; what a person did becomes an item, also where it cannot be done: then
 * `parameters.problem` says why, so that they can be told.
 */
export async function takeCalls(
	store: Store,
	calls: readonly InboundCall[],
	options: TakeOptions,
): Promise<Taken> {
	const fresh = await unseen(store, calls, options);
	const taken: Taken = { interactions: [], repeats: 0, noted: 0 };
	for (const call of calls) {
		if (!fresh.delete(seenKey(call, options))) {
			taken.repeats++;
		} else if (call.type === 'status' || call.type === 'conversation') {
			taken.noted++;
			if (options.test) continue;
			if (call.type === 'status') await noteStatus(store, call, options);
			else await noteConversation(store, call, options);
		} else {
			const one =
				call.type === 'press' ? await press(store, call, options) : await say(store, call, options);
			if (one) taken.interactions.push(one);
		}
	}
	return taken;
}

const seenKey = (call: InboundCall, { channel }: TakeOptions): string =>
	`answer|${channel}|${call.replayKey}`;

async function unseen(
	store: Store,
	calls: readonly InboundCall[],
	options: TakeOptions,
): Promise<Set<string>> {
	const keys = [...new Set(calls.map((call) => seenKey(call, options)))];
	return new Set(options.test ? keys : await store.seen.mark(keys, options.now.toISOString()));
}

/** False for a repeat. */
export const markCall = async (
	store: Store,
	call: InboundCall,
	options: TakeOptions,
): Promise<boolean> => (await unseen(store, [call], options)).size > 0;

async function press(
	store: Store,
	call: PressCall,
	options: TakeOptions,
): Promise<Interaction | undefined> {
	const verdict = options.key
		? readToken(call.value, options.key, options.now)
		: ({ ok: false, code: 'token_wrong' } as const);
	// Whoever pressed is asked for: in a group it may be somebody else than the reader whom the button was made for.
	const person = await answererOf(store, { channelUserIds: idsOf(call) });
	if (!person) return stranger(store, call, options);
	if (!verdict.ok)
		return item(call, person, options, {
			action: 'unknown',
			parameters: { problem: verdict.code },
		});
	const { claims } = verdict;
	const comment = call.parameters?.comment?.trim();
	const needsText = claims.action === 'comment' && !comment;
	return item(call, person, options, {
		action: claims.action,
		...ticketFields(claims.ticket_key),
		delivery_id: claims.delivery_id,
		parameters: {
			...call.parameters,
			expected: { status: claims.status },
			...(needsText ? { problem: 'needs_text' } : {}),
		},
	});
}

async function say(
	store: Store,
	call: TextCall,
	options: TakeOptions,
): Promise<Interaction | undefined> {
	const person = await answererOf(store, { channelUserIds: idsOf(call) });
	if (!person) return stranger(store, call, options);
	const command = readCommand(call.text, { now: options.now, zone: person.timezone });
	const about = call.inReplyTo ? await ticketOfMessage(store, call.inReplyTo) : undefined;
	return answerOf(store, call, options, { person, command, about });
}
