import { createHash } from 'node:crypto';

import type { StatusCall, TextCall } from '../inbound';
import { oneLine, type Json } from '../text';
import { automaticReason, type AutomaticReason } from './automatic';
import { bounceCalls } from './bounce';
import { readMail, type ReceivedMail } from './mail';
import { readPlusAddress } from './plus';
import { withoutQuote } from './quote';
import { hasDmarcPass, receiversOf, senderOf } from './sender';

export interface MailSettings {
	/** Key of the plus-addresses in our Reply-To; without it they prove nothing. */
	key?: string;
	/** How the own mail server calls itself in Authentication-Results; without it no From is trusted by DMARC. */
	authservId?: string;
	/** Domains of our own Message-IDs. */
	idDomains: readonly string[];
}

/** What the mail says about its ticket. To be tried in this order; the tag only for somebody who takes part in the ticket. */
export interface MailMatch {
	/** Of a plus-address whose proof holds. */
	ticket?: string;
	/** In-Reply-To and References, newest first: ids of mails, as recorded at sending. */
	messageIds: string[];
	/** `INC-1` of `[INC-1]` in the subject. */
	tag?: string;
}

export type MailReading =
	| {
			kind: 'text';
			call: TextCall;
			match: MailMatch;
			/** What shows that From is true; undefined: nothing does, it must not count as that person. */
			trusted?: 'address' | 'dmarc';
	  }
	| { kind: 'status'; calls: StatusCall[] }
	| {
			kind: 'nothing';
			/** Stable. */
			reason: AutomaticReason | 'unreadable' | 'no_sender' | 'no_text' | 'delayed' | 'no_original';
	  };

const nothing = (reason: Extract<MailReading, { kind: 'nothing' }>['reason']): MailReading => ({
	kind: 'nothing',
	reason,
});

/**
 * An incoming mail as a call: raw RFC 5322 or an item of n8n's Email Trigger (IMAP). A person's answer is `text`, a
 * delivery status notification `status`; what programs write is `nothing`, with the reason. Never throws.
 */
export async function readReply(
	source: Uint8Array | string | Json,
	settings: MailSettings,
): Promise<MailReading> {
	const mail = await readMail(source).catch(() => undefined);
	if (!mail) return nothing('unreadable');
	const sender = senderOf(mail);
	const automatic = automaticReason(mail, sender ?? '', settings.idDomains);
	if (automatic) return fromProgram(mail, automatic);
	if (!sender) return nothing('no_sender');
	const text = withoutQuote(mail.text);
	if (!text) return nothing('no_text');
	const match = matchOf(mail, settings);
	const byAddress = match.ticket !== undefined ? 'address' : undefined;
	const trusted =
		byAddress ?? (hasDmarcPass(mail, sender, settings.authservId) ? 'dmarc' : undefined);
	return {
		kind: 'text',
		call: callOf(mail, sender, text, match),
		match,
		...(trusted ? { trusted } : {}),
	};
}

/** A bounce comes from a mailer-daemon with an empty return path: it is looked for in whatever a program wrote. */
function fromProgram(mail: ReceivedMail, reason: AutomaticReason): MailReading {
	const calls = bounceCalls(mail);
	if (calls === 'no_report') return nothing(reason);
	return typeof calls === 'string' ? nothing(calls) : { kind: 'status', calls };
}

const IDS = /<[^<>\s@]+@[^<>\s]+>/g;

function matchOf(mail: ReceivedMail, { key }: MailSettings): MailMatch {
	const ticket = key
		? receiversOf(mail)
				.map((address) => readPlusAddress(address, key))
				.find((found) => found !== undefined)
		: undefined;
	const answered = mail.header('in-reply-to')[0]?.slice(0, 1000).match(IDS) ?? [];
	const references = mail.header('references')[0]?.slice(-10_000).match(IDS) ?? [];
	const tag = /\[([^[\]]{1,60})\]/.exec(mail.subject.slice(0, 1000))?.[1].trim();
	return {
		...(ticket !== undefined ? { ticket } : {}),
		messageIds: [...new Set([...answered, ...references.reverse()])],
		...(tag ? { tag } : {}),
	};
}

function callOf(mail: ReceivedMail, sender: string, text: string, match: MailMatch): TextCall {
	const own = mail.header('message-id')[0]?.match(IDS)?.[0];
	// A mail without an id is told from others by what it says and when.
	const id =
		own ??
		createHash('sha256')
			.update(JSON.stringify([sender, mail.header('date'), mail.subject, text]))
			.digest('hex');
	return {
		type: 'text',
		replayKey: `email:${id}`,
		channelUserId: sender,
		...(match.messageIds[0] ? { inReplyTo: match.messageIds[0] } : {}),
		text,
		reply: {
			address: sender,
			subject: oneLine(mail.subject).slice(0, 200),
			...(own ? { message_id: own } : {}),
			...(match.messageIds.length > 0
				? { references: match.messageIds.slice(0, 10).reverse() }
				: {}),
		},
	};
}
