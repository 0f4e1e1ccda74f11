import { createHmac } from 'node:crypto';

import { readCommand, type Command } from '../actions';
import { readReply, type MailMatch, type MailReading } from '../channels';
import type { Interaction } from '../events/delivery';
import type { Store } from '../store/types';
import type { TakeOptions } from './item';
import { answererOf } from './people';
import { answerOf, ticketOfMessage } from './said';
import { stranger } from './stranger';
import { markCall, takeCalls } from './take';

/** The key of the signed addresses that mails ask to be answered at; undefined where nothing can be signed. */
export const mailKey = (key: Uint8Array | undefined): string | undefined =>
	key && createHmac('sha256', key).update('itsm-notify mail v1').digest('hex');

export interface MailOptions extends Omit<TakeOptions, 'channel'> {
	/** How the own mail server calls itself in Authentication-Results; without it only signed addresses prove a sender. */
	authservId?: string;
	/** Domains of our own Message-IDs. */
	idDomains: readonly string[];
}

export interface TakenMail {
	interactions: Interaction[];
	/** `answer`, `repeat`, `status` (a bounce), or why nothing came of it. */
	result: string;
}

/**
 * An incoming mail as what its writer wants: a command in its first line, else a comment on the ticket that it answers.
 * A sender whom nothing proves counts as nobody; programs are never answered.
 */
export async function takeMail(
	store: Store,
	mail: Parameters<typeof readReply>[0],
	options: MailOptions,
): Promise<TakenMail> {
	const reading = await readReply(mail, {
		key: mailKey(options.key),
		authservId: options.authservId,
		idDomains: options.idDomains,
	});
	const own: TakeOptions = { ...options, channel: 'email' };
	if (reading.kind === 'nothing') return { interactions: [], result: reading.reason };
	if (reading.kind === 'status') {
		// Whoever knows the id of a mail of ours has had it in hand: others change nothing.
		const { noted } = await takeCalls(store, reading.calls, own);
		return { interactions: [], result: noted > 0 ? 'status' : 'repeat' };
	}
	if (!reading.trusted) return { interactions: [], result: 'sender_not_proven' };
	if (!(await markCall(store, reading.call, own))) return { interactions: [], result: 'repeat' };
	const one = await said(store, reading, own);
	return one
		? { interactions: [one], result: 'answer' }
		: { interactions: [], result: 'unknown_person' };
}

async function said(
	store: Store,
	{ call, match }: Extract<MailReading, { kind: 'text' }>,
	options: TakeOptions,
): Promise<Interaction | undefined> {
	const person = await answererOf(store, { channelUserIds: [call.channelUserId] });
	if (!person) return stranger(store, call, options);
	const about = await ticketOf(store, match);
	const [first, ...rest] = call.text.split('\n');
	const command = readCommand(first, { now: options.now, zone: person.timezone });
	return answerOf(store, call, options, {
		person,
		command: meant(command, call.text, rest.join('\n').trim(), about ? undefined : match.tag),
		...(about ? { about } : {}),
	});
}

/** Free words are a comment; what stands below a command belongs to it. */
function meant(command: Command, text: string, rest: string, tag: string | undefined): Command {
	const named = only(tag);
	if (command.action === 'unknown') return { action: 'comment', ...named, text };
	if (command.action === 'comment') {
		const words = [command.text, rest].filter(Boolean).join('\n');
		return words
			? { action: 'comment', ...named, ...only(command.ticket), text: words }
			: { ...named, ...command };
	}
	return { ...named, ...command };
}

const only = (ticket: string | undefined): { ticket?: string } => (ticket ? { ticket } : {});

/** By the signed address, else by the mail that it answers. */
async function ticketOf(
	store: Store,
	{ ticket, messageIds }: MailMatch,
): Promise<{ ticket_key: string; delivery_id?: string } | undefined> {
	if (ticket !== undefined) return { ticket_key: ticket };
	for (const id of messageIds.slice(0, 10)) {
		const found = await ticketOfMessage(store, id);
		if (found) return found;
	}
	return undefined;
}
