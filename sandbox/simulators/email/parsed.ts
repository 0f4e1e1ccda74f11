import { simpleParser } from 'mailparser';

import type { Rendered, RenderedButton } from '../record.ts';

export interface MailPayload {
	message_id: string;
	from: string;
	to: string;
	cc?: string;
	reply_to?: string;
	subject: string;
	date?: string;
	text: string;
	html?: string;
	/** Header lines as they came, names in lower case. */
	headers: Record<string, string>;
	attachments: { filename?: string; content_type: string; size: number }[];
}

const addresses = (value: { text: string } | { text: string }[] | undefined): string | undefined =>
	value === undefined
		? undefined
		: [value]
				.flat()
				.map((entry) => entry.text)
				.join(', ');

const decode = (text: string): string =>
	text
		.replace(/<[^>]*>/g, ' ')
		.replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
		.replace(/&#x([0-9a-f]+);/gi, (_all, code: string) => String.fromCodePoint(parseInt(code, 16)))
		.replaceAll('&nbsp;', ' ')
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&quot;', '"')
		.replaceAll('&amp;', '&')
		.replace(/\s+/g, ' ')
		.trim();

/** Links of the HTML part are what a mail has for buttons. */
function links(html: string): RenderedButton[] {
	return [...html.matchAll(/<a\b[^>]*?href=(["'])(.*?)\1[^>]*>([\s\S]*?)<\/a>/gi)].map((found) => ({
		label: decode(found[3]!),
		url: decode(found[2]!),
	}));
}

export async function parseMail(
	source: Buffer,
): Promise<{ payload: MailPayload; rendered: Rendered }> {
	const mail = await simpleParser(source, { skipImageLinks: true, skipTextToHtml: true });
	const html = typeof mail.html === 'string' ? mail.html : undefined;
	const headers: Record<string, string> = {};
	for (const { key, line } of mail.headerLines)
		headers[key] ??= line.slice(line.indexOf(':') + 1).trim();
	const payload: MailPayload = {
		message_id: mail.messageId ?? '',
		from: addresses(mail.from) ?? '',
		to: addresses(mail.to) ?? '',
		cc: addresses(mail.cc),
		reply_to: addresses(mail.replyTo),
		subject: mail.subject ?? '',
		date: mail.date?.toISOString(),
		text: mail.text ?? '',
		html,
		headers,
		attachments: mail.attachments.map((part) => ({
			filename: part.filename,
			content_type: part.contentType,
			size: part.size,
		})),
	};
	const body = html?.replace(/<(style|head)\b[\s\S]*?<\/\1>/gi, '');
	const text = payload.text.trim() || decode(body ?? '');
	return { payload, rendered: { title: payload.subject, text, buttons: links(body ?? '') } };
}
