import type { ReceivedMail } from './mail';

/** Quoted strings and comments, which may hold whatever looks like an address or a result. */
function bare(value: string): string {
	let text = value.slice(0, 10_000).replace(/"(?:[^"\\]|\\.)*"/g, ' ');
	for (let before = ''; before !== text; ) {
		before = text;
		text = text.replace(/\([^()]*\)/g, ' ');
	}
	return text;
}

/** The one address of From, in lower case; undefined where there is none or more than one. */
export function senderOf(mail: ReceivedMail): string | undefined {
	const [from, ...others] = mail.header('from');
	if (!from || others.length > 0) return undefined;
	const text = bare(from).trim();
	const named = /^[^<>,;@]*<([^<>\s,;@]+@[^<>\s,;@]+)>$/.exec(text)?.[1];
	const plain = /^[^<>\s,;@]+@[^<>\s,;@]+$/.exec(text)?.[0];
	return (named ?? plain)?.toLowerCase();
}

/**
 * Whether our own mail server says that From is true: `dmarc=pass` for that domain in its topmost
 * Authentication-Results (RFC 8601). Results under other names could be the sender's own.
 */
export function hasDmarcPass(
	mail: ReceivedMail,
	sender: string,
	authservId: string | undefined,
): boolean {
	if (!authservId || !mail.knowsTop) return false;
	const results = mail
		.header('authentication-results')
		.map((value) =>
			bare(value)
				.split(';')
				.map((part) => part.trim()),
		)
		.find(([id]) => id.split(/\s+/)[0].toLowerCase() === authservId.trim().toLowerCase());
	const dmarc = results?.slice(1).filter((part) => /^dmarc\s*=/i.test(part)) ?? [];
	if (dmarc.length !== 1 || !/^dmarc\s*=\s*pass(?:\s|$)/i.test(dmarc[0])) return false;
	const domain = /\bheader\.from\s*=\s*([^\s;]+)/i.exec(dmarc[0])?.[1].toLowerCase();
	return domain === undefined || domain === sender.slice(sender.lastIndexOf('@') + 1);
}

const ADDRESS = /[^\s<>,;:"()]+@[^\s<>,;:"()]+/g;
const PLACES = ['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to', 'x-forwarded-to'];

/** Every address that the mail was sent to or came through. */
export const receiversOf = (mail: ReceivedMail): string[] =>
	PLACES.flatMap((name) => mail.header(name)).flatMap(
		(value) => value.slice(0, 10_000).match(ADDRESS) ?? [],
	);
