import { createHash } from 'node:crypto';

import { chooseTicket, readCommand, readToken, type Command, type KnownTicket } from '../actions';
import {
	channels,
	type ConversationCall,
	type InboundCall,
	type PressCall,
	type StatusCall,
	type TextCall,
} from '../channels';
import { markDead } from '../engine';
import type { ChannelId, Interaction } from '../events/delivery';
import type { LedgerRow, Store } from '../store/types';
import { answererOf, type Answerer } from './people';

export interface TakeOptions {
	channel: string;
	key: Uint8Array | undefined;
	now: Date;
	/** A test run in the editor: nothing is marked as seen, nothing is written. */
	test?: boolean;
}

/** What the workflow is told of, and how many calls were repeats or news for the store only. */
export interface Taken {
	interactions: Interaction[];
	repeats: number;
	noted: number;
}

/** An unknown sender is answered so often, and then no more (RI4). */
const STRANGER_ANSWERS = 5;
const STRANGER_MS = 86_400_000;
/** Tickets among which an unnamed one is looked for. */
const LOOK_BACK_DAYS = 14;

const iso = (ms: number): string => new Date(ms).toISOString();

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

/** The same for every repeat of a call. */
export const interactionId = (channel: string, replayKey: string): string =>
	`i_${createHash('sha256')
		.update(JSON.stringify([channel, replayKey]))
		.digest('hex')
		.slice(0, 32)}`;

type Answered = PressCall | TextCall;

function item(
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

const idsOf = (call: Answered): string[] => [call.channelUserId, ...(call.channelUserIds ?? [])];

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

/** `jira:42` → what an item says of it. */
export const ticketFields = (ticketKey: string) => {
	const at = ticketKey.indexOf(':');
	return {
		ticket_key: ticketKey,
		source: ticketKey.slice(0, at),
		ticket_id: ticketKey.slice(at + 1),
	};
};

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

/** A person's words about a ticket: of the message that they answered, else of the one that they name. */
export async function answerOf(
	store: Store,
	call: TextCall,
	options: TakeOptions,
	said: {
		person: Answerer;
		command: Command;
		about?: { ticket_key: string; delivery_id?: string };
	},
): Promise<Interaction> {
	const { person, command, about } = said;
	const parameters: Record<string, unknown> = {
		text: call.text.slice(0, 1000),
		...(command.text ? { comment: command.text } : {}),
		...(command.until ? { until: command.until } : {}),
		...(command.problem ? { problem: command.problem } : {}),
	};
	const base = { action: command.action as string, parameters };
	if (command.action === 'unknown' || command.action === 'help')
		return item(call, person, options, base);
	if (!command.ticket && about)
		return item(call, person, options, {
			...base,
			...ticketFields(about.ticket_key),
			delivery_id: about.delivery_id ?? null,
		});
	const choice = chooseTicket(command.ticket, await ticketsOf(store, person.user_id, options.now));
	if (choice.ok)
		return item(call, person, options, { ...base, ...ticketFields(choice.ticket.ticket_key) });
	// `mute until 18:00` with no ticket in sight is about everything.
	const forAll = (command.action === 'mute' || command.action === 'unmute') && !command.ticket;
	if (forAll) return item(call, person, options, base);
	return item(call, person, options, {
		...base,
		parameters: {
			...parameters,
			problem: choice.problem,
			...(command.ticket ? { ticket: command.ticket } : {}),
			tickets: choice.list.slice(0, 5).map((t) => t.number ?? t.ticket_id),
		},
	});
}

/** The one ticket that a message of ours was about. */
export async function ticketOfMessage(store: Store, providerMessageId: string) {
	const rows = await store.deliveries.list({ provider_message_id: providerMessageId, limit: 2 });
	return rows.length === 1 && (rows[0].item?.digest?.total ?? 1) === 1 ? rows[0] : undefined;
}

/** The tickets that a person was told of lately, each with its present state. */
async function ticketsOf(store: Store, userId: string, now: Date): Promise<KnownTicket[]> {
	const rows = await store.deliveries.list({
		user_id: userId,
		since: iso(now.getTime() - LOOK_BACK_DAYS * 86_400_000),
		limit: 500,
	});
	const newest = new Map<string, string>();
	for (const row of rows)
		if (row.status === 'sent' || row.status === 'delivered')
			if ((newest.get(row.ticket_key) ?? '') < row.created_at)
				newest.set(row.ticket_key, row.created_at);
	const states = await store.tickets.get([...newest.keys()]);
	return states.map((state) => ({
		ticket_key: state.ticket_key,
		ticket_id: state.event.content.ticket_id,
		number: state.event.content.number ?? null,
		open: state.open,
		told_at: newest.get(state.ticket_key) as string,
	}));
}

/** Somebody whom nobody knows: told so five times a day, then left alone. */
export async function stranger(
	store: Store,
	call: Answered,
	options: TakeOptions,
): Promise<Interaction | undefined> {
	const key = `stranger:${options.channel}:${call.channelUserId}`;
	const now = options.now.toISOString();
	const count = options.test
		? 0
		: await store.shared.change(key, now, (value) => {
				const next = Number(value?.count ?? 0) + 1;
				return {
					value: { count: next },
					result: next,
					expiresAt: iso(options.now.getTime() + STRANGER_MS),
				};
			});
	if (count > STRANGER_ANSWERS) return undefined;
	return item(call, undefined, options, {
		action: 'unknown',
		parameters: { problem: 'unknown_person' },
	});
}

async function noteStatus(store: Store, call: StatusCall, options: TakeOptions): Promise<void> {
	const rows = await store.deliveries.list({
		provider_message_id: call.providerMessageId,
		limit: 50,
	});
	await applyStatus(
		store,
		rows.filter((row) => row.channel === options.channel),
		call,
		options.now,
	);
}

/** What became of messages, as their provider tells. */
export type Later = Pick<StatusCall, 'status' | 'recipient' | 'code' | 'message' | 'deadAddress'>;

/** What the provider tells of a message later. A message that is delivered may be read, one that failed stays failed. */
export async function applyStatus(
	store: Store,
	rows: readonly LedgerRow[],
	call: Later,
	at: Date,
): Promise<void> {
	const now = at.toISOString();
	if (call.deadAddress) for (const row of rows) await forget(store, row, call, at);
	await store.deliveries.update(
		rows.flatMap((row): Array<Partial<LedgerRow> & { delivery_id: string }> => {
			if (row.status !== 'sent' && row.status !== 'delivered') return [];
			const base = { delivery_id: row.delivery_id, updated_at: now };
			if (call.status === 'failed')
				return [
					{
						...base,
						status: 'failed' as const,
						reason: 'not_delivered',
						error: { code: call.code ?? 'not_delivered', message: call.message ?? '' },
					},
				];
			const facts = call.status === 'read' ? { facts: { ...row.facts, read_at: now } } : {};
			return [{ ...base, status: 'delivered' as const, ...facts }];
		}),
	);
}

/** The address that was written to, or the one of several that the provider names. */
async function forget(store: Store, row: LedgerRow, call: Later, at: Date): Promise<void> {
	const channel = channels[row.channel as ChannelId];
	const address = call.recipient ?? (row.item && channel?.address(row.item.address));
	if (!address) return;
	const code = call.code ?? 'not_delivered';
	await markDead(
		store,
		{ user_id: row.user_id, channel: row.channel, addresses: [address], code },
		at.getTime(),
	);
}

const CONVERSATION_DAYS = 365;

/** Where the store keeps what a bot learned of a conversation. */
export const conversationKey = (channel: string, address: string): string =>
	`conversation:${channel}:${address.toLowerCase()}`;

async function noteConversation(
	store: Store,
	call: ConversationCall,
	options: TakeOptions,
): Promise<void> {
	const now = options.now.toISOString();
	const expires = iso(options.now.getTime() + CONVERSATION_DAYS * 86_400_000);
	for (const key of call.keys) {
		const name = conversationKey(options.channel, key);
		if (call.value) await store.shared.put(name, call.value, now, expires);
		else await store.shared.change(name, now, () => ({ value: undefined, result: undefined }));
	}
}
