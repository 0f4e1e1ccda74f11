import { ItsmNotifyError } from '../../errors';
import { required } from '../credential';
import { textIn, type Json } from '../text';
import type { Credential, SendContext, SmtpRequest } from '../types';
import { ticketKey } from '../../events/ids';
import { headerValue, idDomain, isAboutOneTicket, mailbox, messageId, rootId } from './headers';
import { withMarker } from './marker';
import { plusAddress } from './plus';

const NAME = 'Email';

export const address = (document: Readonly<Record<string, unknown>>): string | undefined =>
	textIn(document, 'address');

/** nodemailer's transport options of a credential. */
export function transport(credential: Credential): Json {
	const user = textIn(credential, 'user');
	const port = Number(credential.port ?? 587);
	if (!Number.isInteger(port) || port < 1 || port > 65_535) {
		throw new ItsmNotifyError(
			'invalid_credential',
			'Port of the Email credential is no port number.',
			{ field: 'port' },
		);
	}
	return {
		host: required(credential, 'host', 'SMTP Host', NAME),
		port,
		secure: credential.secure === true,
		...(user ? { auth: { user, pass: String(credential.password ?? '') } } : {}),
		tls: { rejectUnauthorized: credential.allowUnauthorized !== true },
	};
}

/** What marks a mail as written by a program, so that nobody's out-of-office answers it (RFC 3834, Exchange). */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

/** Where answers are read, with the ticket where it is one and fits in an address; undefined where nobody reads them. */
function answerAddress({ delivery, replyTo }: SendContext): string | undefined {
	if (!replyTo || !isAboutOneTicket(delivery)) return replyTo?.address;
	return plusAddress(replyTo.address, ticketKey(delivery.event), replyTo.key) ?? replyTo.address;
}

/** Throws ItsmNotifyError `no_address`, `invalid_credential`, or `invalid_payload` for a line break in a header. */
export function request(payload: Json, context: SendContext): SmtpRequest {
	const { delivery, credential, now } = context;
	const to = address(delivery.address);
	if (!to)
		throw new ItsmNotifyError('no_address', 'The recipient has no mail address.', {
			field: 'address.address',
		});
	const from = mailbox('From', required(credential, 'from', 'From', NAME));
	const answerTo = answerAddress(context);
	const replyTo = answerTo ?? textIn(credential, 'replyTo');
	const { text, html } = answerTo ? withMarker(payload, delivery.recipient.language) : payload;
	const domain = idDomain(credential, from.address);
	const root = isAboutOneTicket(delivery) ? rootId(delivery, domain) : undefined;
	return {
		kind: 'smtp',
		transport: transport(credential),
		mail: {
			from,
			to: mailbox('To', to),
			...(replyTo ? { replyTo: mailbox('Reply-To', replyTo) } : {}),
			subject: headerValue('Subject', String(payload.subject ?? '')),
			text,
			html,
			messageId: messageId(delivery, domain),
			...(root ? { inReplyTo: root, references: root } : {}),
			...(payload.priority === 'high' ? { priority: 'high' } : {}),
			headers: { ...AUTOMATIC },
			date: now,
			// A payload is outside text: it must not make the mailer read files or fetch URLs.
			disableFileAccess: true,
			disableUrlAccess: true,
		},
	};
}

/** Logs in and sends nothing. */
export const probe = (credential: Credential): SmtpRequest => ({
	kind: 'smtp',
	transport: transport(credential),
	mail: {},
	verifyOnly: true,
});
