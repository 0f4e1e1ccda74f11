import type { ReceivedMail } from './mail';

/** Why a mail is no person's answer (RFC 3834, Exchange, mailing lists). Stable. */
export type AutomaticReason =
	| 'auto_submitted'
	| 'auto_reply'
	| 'empty_return_path'
	| 'mailing_list'
	| 'bulk'
	| 'report'
	| 'robot_sender'
	| 'own_mail';

const ROBOT = /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+\-_.].*)?@/i;

const PARTS: Array<[AutomaticReason, (mail: ReceivedMail) => boolean]> = [
	[
		'report',
		(mail) =>
			/^\s*(?:multipart\/report|message\/(?:delivery-status|disposition-notification))/i.test(
				mail.header('content-type')[0] ?? '',
			),
	],
	[
		'auto_submitted',
		(mail) => mail.header('auto-submitted').some((value) => !/^no\b/i.test(value.trim())),
	],
	[
		'auto_reply',
		(mail) =>
			['x-autoreply', 'x-autorespond', 'x-auto-response-suppress'].some(
				(name) => mail.header(name).length > 0,
			),
	],
	[
		'empty_return_path',
		(mail) => mail.header('return-path').some((value) => value.trim() === '<>'),
	],
	['mailing_list', (mail) => mail.header('list-id').length > 0],
	[
		'bulk',
		(mail) =>
			mail
				.header('precedence')
				.some((value) => /^(?:bulk|junk|list|auto_reply)$/i.test(value.trim())),
	],
];

/** Undefined where a person may have written it. `ownDomains`: of the ids that our own mails carry. */
export function automaticReason(
	mail: ReceivedMail,
	sender: string,
	ownDomains: readonly string[],
): AutomaticReason | undefined {
	const found = PARTS.find(([, holds]) => holds(mail))?.[0];
	if (found) return found;
	if (ROBOT.test(sender)) return 'robot_sender';
	return isOwnId(mail.header('message-id')[0] ?? '', ownDomains) ? 'own_mail' : undefined;
}

/** Our ids are 32 hex digits at the domain; people of the same domain have other ones. */
const isOwnId = (id: string, domains: readonly string[]): boolean =>
	domains.some((domain) => id.toLowerCase().endsWith(`@${domain.toLowerCase()}>`)) &&
	/^<[0-9a-f]{32}(?:\.[a-z]+)?@/i.test(id.trim());
