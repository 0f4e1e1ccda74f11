import { createHash } from 'node:crypto';

import { ItsmNotifyError } from '../../errors';
import type { Delivery } from '../../events/delivery';
import { ticketKey } from '../../events/ids';
import { textIn } from '../text';
import type { Credential } from '../types';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/**
 * A header value as it is. Throws ItsmNotifyError `invalid_payload` for CR, LF or NUL: they would begin a header
 * of somebody else's choice.
 */
export function headerValue(name: string, value: string): string {
	if (!/[\r\n\0]/.test(value)) return value;
	throw new ItsmNotifyError(
		'invalid_payload',
		`The mail header ${name} holds a line break or NUL.`,
		{ field: name },
	);
}

/** `Name <address>` in its parts. Throws `invalid_payload` where there is no address. */
export function mailbox(name: string, value: string): { name: string; address: string } {
	headerValue(name, value);
	const named = /^\s*"?([^"<]*?)"?\s*<([^<>\s]+)>\s*$/.exec(value);
	const address = (named?.[2] ?? value).trim();
	if (!/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(address)) {
		throw new ItsmNotifyError('invalid_payload', `${name} is no mail address.`, { field: name });
	}
	return { name: named?.[1].trim() ?? '', address };
}

/** The domain of message ids: the credential's, else the sender's. */
export function idDomain(credential: Credential, from: string): string {
	const domain = (
		textIn(credential, 'messageIdDomain') ?? from.slice(from.lastIndexOf('@') + 1)
	).toLowerCase();
	if (/^[a-z0-9\u0080-\uffff]([a-z0-9.\-\u0080-\uffff]*[a-z0-9\u0080-\uffff])?$/.test(domain))
		return domain;
	throw new ItsmNotifyError('invalid_credential', 'Message ID Domain is no domain.', {
		field: 'messageIdDomain',
	});
}

/** The same for every try of one delivery, so that a repeat is recognised as the same mail. */
export const messageId = (delivery: Delivery, domain: string): string =>
	`<${hash(delivery.delivery_id)}@${domain}>`;

/** The root of all mails about one ticket: nobody sent it, mail programs thread by it all the same. */
export const rootId = (delivery: Delivery, domain: string): string =>
	`<${hash(ticketKey(delivery.event))}.root@${domain}>`;

/** Threading belongs to one ticket; a digest of many has none. */
export const isAboutOneTicket = (delivery: Delivery): boolean =>
	!delivery.digest || delivery.digest.ticket_ids.length <= 1;
