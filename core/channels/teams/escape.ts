import { clean, linkParts, oneLine, webUrl } from '../text';

/** Outside text as literal Markdown of Teams: a backslash takes a mark's meaning away, a mention is broken up. */
export const escape = (text: string): string =>
	clean(text)
		.replace(/[\\`*_[\]()#\-~]/g, '\\$&')
		.replace(/^([ \t]*)([>+])/gm, '$1\\$2')
		.replace(/^([ \t]*\d+)\./gm, '$1\\.')
		.replace(/<(?=\s*\/?\s*at\b)/gi, '<\u200b');

/** A line feed alone is no line break in a TextBlock. */
const broken = (text: string): string => text.replace(/\n+/g, '\n\n');

/** `[label](url)`; plain words where the address is none. */
export function link(url: string | undefined, label: string): string {
	const address = webUrl(url);
	const words = escape(oneLine(label));
	return address ? `[${words || escape(address)}](${address})` : words;
}

/** Longer outside text: literal, its web links to press, its lines kept. */
export const literalWithLinks = (text: string): string =>
	broken(
		linkParts(clean(text))
			.map((part) => (part.url ? link(part.url, part.text) : escape(part.text)))
			.join(''),
	);
