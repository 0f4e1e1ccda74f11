import { randomBytes } from 'node:crypto';

import type { MessageRecord } from '../record.ts';
import type { MailPayload } from './parsed.ts';

export interface ReplyOptions {
	/** Who answers; default the receiver of the mail. */
	from?: string;
	/** What our own mail server found, as `mx.sandbox.test; dmarc=pass header.from=…`. */
	authenticationResults?: string;
	/** More header lines, or other values for those that stand there. */
	headers?: Record<string, string>;
	now?: Date;
}

const encodedWord = (text: string): string =>
	/^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

/** A person's answer to a mail, raw, as a mail program writes it: threaded, the old text quoted below. */
export function replyTo(record: MessageRecord, text: string, options: ReplyOptions = {}): Buffer {
	const mail = record.payload as MailPayload;
	const now = options.now ?? new Date();
	const quoted = mail.text.split('\n').map((line) => `> ${line}`);
	const headers: Record<string, string> = {
		...(options.authenticationResults
			? { 'Authentication-Results': options.authenticationResults }
			: {}),
		From: options.from ?? record.to[0] ?? '',
		To: mail.reply_to ?? mail.from,
		Subject: encodedWord(`Re: ${mail.subject}`),
		Date: now.toUTCString().replace('GMT', '+0000'),
		'Message-ID': `<${randomBytes(12).toString('hex')}@mail.sandbox.test>`,
		'In-Reply-To': mail.message_id,
		References: [mail.headers['references'], mail.message_id].filter(Boolean).join(' '),
		'MIME-Version': '1.0',
		'Content-Type': 'text/plain; charset=utf-8',
		'Content-Transfer-Encoding': 'base64',
		...options.headers,
	};
	const body = [text, '', `On ${now.toUTCString()}, ${mail.from} wrote:`, ...quoted].join('\r\n');
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
	const coded =
		Buffer.from(body)
			.toString('base64')
			.match(/.{1,76}/g) ?? [];
	return Buffer.from([...lines, '', ...coded, ''].join('\r\n'));
}
