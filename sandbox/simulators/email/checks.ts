/** A refusal with an SMTP code and an enhanced status. */
export class SmtpRefusal extends Error {
	readonly responseCode: number;
	readonly status: string;
	constructor(responseCode: number, status: string, why: string) {
		super(`${status} ${why}`);
		this.responseCode = responseCode;
		this.status = status;
	}
}

const MAX_LINE = 998;
const REQUIRED = ['from', 'to', 'subject', 'date', 'message-id'];
/** RFC 5322 §3.6: at most one of each. A second one is what a header injection looks like. */
const ONCE = [
	...[
		'from',
		'sender',
		'reply-to',
		'to',
		'cc',
		'message-id',
		'in-reply-to',
		'references',
		'subject',
		'date',
	],
	...[
		'mime-version',
		'content-type',
		'content-transfer-encoding',
		'auto-submitted',
		'list-unsubscribe',
	],
];

const refuse = (code: number, status: string, why: string): never => {
	throw new SmtpRefusal(code, status, why);
};

export interface Header {
	name: string;
	value: string;
}

/** Header lines, unfolded; refuses a line that is neither a header nor a continuation. */
export function parseHeaders(head: string): Header[] {
	const headers: Header[] = [];
	for (const line of head.split('\r\n')) {
		if (/^[ \t]/.test(line) && headers.length > 0) {
			headers.at(-1)!.value += `\r\n${line}`;
			continue;
		}
		const found = /^([!-9;-~]+):(.*)$/.exec(line);
		if (found === null) refuse(554, '5.6.0', `malformed header line: ${line.slice(0, 60)}`);
		else headers.push({ name: found[1]!.toLowerCase(), value: found[2]!.trim() });
	}
	return headers;
}

/** Encoded words are decoded by every reader, so a line break inside one is an injection too. */
function decodeWords(value: string): string {
	return value.replace(/=\?[^?]+\?([BbQq])\?([^?]*)\?=/g, (_all, kind: string, word: string) =>
		kind.toLowerCase() === 'b'
			? Buffer.from(word, 'base64').toString('utf8')
			: word
					.replaceAll('_', ' ')
					.replace(/=([0-9A-Fa-f]{2})/g, (_hex, code: string) =>
						String.fromCharCode(parseInt(code, 16)),
					),
	);
}

function checkHeaders(headers: Header[]): void {
	const values = new Map<string, string[]>();
	for (const { name, value } of headers) values.set(name, [...(values.get(name) ?? []), value]);
	for (const name of REQUIRED) {
		if (!values.get(name)?.[0]?.trim()) refuse(554, '5.6.0', `header ${name} missing or empty`);
	}
	for (const name of ONCE) {
		if ((values.get(name)?.length ?? 0) > 1) refuse(554, '5.6.0', `header ${name} more than once`);
	}
	if (values.has('bcc')) refuse(554, '5.6.0', 'header bcc in the message');
	if (!/^<[^<>\s@]+@[^<>\s@]+>$/.test(values.get('message-id')![0]!)) {
		refuse(554, '5.6.0', 'message-id is no <id@domain>');
	}
	if (Number.isNaN(Date.parse(values.get('date')![0]!.replace(/\s*\([^)]*\)$/, '')))) {
		refuse(554, '5.6.0', 'date is no date');
	}
	for (const { name, value } of headers) {
		if (/[\r\n\0]/.test(decodeWords(value.replace(/\r\n[ \t]/g, ' ')))) {
			refuse(554, '5.6.0', `header ${name} hides a line break`);
		}
		if (/=\?[^?]+\?[BbQq]\?[^?]*\?=/.exec(value)?.some((word) => word.length > 75)) {
			refuse(554, '5.6.0', `header ${name} has an encoded word over 75 characters`);
		}
	}
}

/** Refuses (by throwing SmtpRefusal) what a strict server does not take as a message. */
export function checkMessage(source: Buffer, allowsUtf8: boolean): void {
	const text = source.toString('latin1');
	if (/\r(?!\n)|(?<!\r)\n/.test(text)) refuse(550, '5.6.11', 'bare CR or LF');
	if (text.includes('\0')) refuse(554, '5.6.0', 'NUL in the message');
	if (text.split('\r\n').some((line) => line.length > MAX_LINE)) {
		refuse(554, '5.6.0', `line over ${MAX_LINE} octets`);
	}
	const end = text.indexOf('\r\n\r\n');
	const head = end < 0 ? text.replace(/\r\n$/, '') : text.slice(0, end);
	// eslint-disable-next-line no-control-regex
	if (!allowsUtf8 && /[^\x00-\x7f]/.test(head)) refuse(554, '5.6.7', 'raw non-ASCII in a header');
	checkHeaders(parseHeaders(head));
}
