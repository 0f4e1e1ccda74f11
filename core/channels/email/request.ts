import { ItsmNotifyError } from '../../errors';
import { required } from '../credential';
import { textIn, type Json } from '../text';
import type { Credential, SendContext, SmtpRequest } from '../types';
import { headerValue, idDomain, isAboutOneTicket, mailbox, messageId, rootId } from './headers';

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

/** Throws ItsmNotifyError `no_address`, `invalid_credential`, or `invalid_payload` for a line break in a header. */
export function request(payload: Json, { delivery, credential, now }: SendContext): SmtpRequest {
	const to = address(delivery.address);
	if (!to)
		throw new ItsmNotifyError('no_address', 'The recipient has no mail address.', {
			field: 'address.address',
		});
	const from = mailbox('From', required(credential, 'from', 'From', NAME));
	const replyTo = textIn(credential, 'replyTo');
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
			text: payload.text,
			html: payload.html,
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
