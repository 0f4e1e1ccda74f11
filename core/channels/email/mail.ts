import { isObject, textIn, type Json } from '../text';
import { htmlWithoutQuote } from './quote';

/** A mail that came in, from whichever form it was in. */
export interface ReceivedMail {
	/** Values of a header, the topmost first; names in lower case. n8n's own forms know one value of each. */
	header(name: string): string[];
	/** Whether the topmost value of a header is known: n8n's "Resolved" form keeps the lowest, which anybody could have written. */
	knowsTop: boolean;
	subject: string;
	/** The plain text; of a mail that has HTML only, its words without what it quotes. */
	text: string;
	/** `message/delivery-status` of a bounce. */
	report?: string;
	/** The mail that bounced, or its headers. */
	returned?: string;
}

/**
 * Reads a mail: raw RFC 5322 (text or bytes), or an item of n8n's Email Trigger (IMAP) in the form "Simple" or
 * "Resolved". Undefined where it is none of them.
 */
export async function readMail(
	source: Uint8Array | string | Json,
): Promise<ReceivedMail | undefined> {
	if (typeof source === 'string' || source instanceof Uint8Array) return raw(source);
	if (isObject(source.metadata)) return simple(source, source.metadata);
	if (isObject(source.headers)) return resolved(source, source.headers);
	return undefined;
}

const unfold = (value: string): string => value.replace(/\r?\n(?=[ \t])/g, '').trim();

/** What has an upper limit in every mail server. */
const MAX_BYTES = 30_000_000;

async function raw(source: Uint8Array | string): Promise<ReceivedMail | undefined> {
	if (source.length > MAX_BYTES) return undefined;
	// Loaded on first use: whoever takes mails from n8n's trigger never needs it.
	const { simpleParser } = await import('mailparser');
	const options = {
		skipImageLinks: true,
		skipTextToHtml: true,
		skipHtmlToText: true,
		keepDeliveryStatus: true,
	};
	const mail = await simpleParser(Buffer.from(source), options);
	const headers = new Map<string, string[]>();
	for (const { key, line } of mail.headerLines) {
		const value = unfold(line.slice(line.indexOf(':') + 1));
		headers.set(key, [...(headers.get(key) ?? []), value]);
	}
	if (headers.size === 0) return undefined;
	const part = (...types: string[]): string | undefined =>
		mail.attachments
			.find(({ contentType }) => types.includes(contentType))
			?.content.toString('utf8');
	const report = part('message/delivery-status');
	const returned = part('message/rfc822', 'text/rfc822-headers', 'message/rfc822-headers');
	return {
		header: (name) => headers.get(name) ?? [],
		knowsTop: true,
		subject: mail.subject ?? '',
		text: wordsOf(mail.text, mail.html),
		...(report ? { report } : {}),
		...(returned ? { returned } : {}),
	};
}

function wordsOf(text: unknown, html: unknown): string {
	if (typeof text === 'string' && text.trim()) return text;
	return typeof html === 'string' ? htmlWithoutQuote(html) : '';
}

/** Simple: the topmost value of each header, some beside `metadata`. */
function simple(item: Json, metadata: Json): ReceivedMail {
	const header = (name: string): string[] =>
		[textIn(item, name) ?? textIn(metadata, name)].flatMap((value) =>
			value ? [unfold(value)] : [],
		);
	return {
		header,
		knowsTop: true,
		subject: header('subject')[0] ?? '',
		text: wordsOf(item.textPlain, item.textHtml),
	};
}

/** Resolved: whole header lines, the lowest of each; a bounce's report stands inside the text. */
function resolved(item: Json, lines: Json): ReceivedMail {
	const text = wordsOf(item.text, item.html);
	return {
		header(name) {
			const line = Object.hasOwn(lines, name) ? lines[name] : undefined;
			return typeof line === 'string' ? [unfold(line.slice(line.indexOf(':') + 1))] : [];
		},
		knowsTop: false,
		subject: textIn(item, 'subject') ?? '',
		text,
		...(/^Final-Recipient:/im.test(text) ? { report: text } : {}),
	};
}
