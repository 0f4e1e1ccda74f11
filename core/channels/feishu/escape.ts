import { clean, linkParts, oneLine, webUrl } from '../text';

/** Feishu's markdown knows HTML entities and shows them as plain signs. */
const MARKS = /[&<>*_~[\]`#\\|!]/g;

const entity = (character: string): string => {
	if (character === '&') return '&amp;';
	if (character === '<') return '&lt;';
	if (character === '>') return '&gt;';
	return `&#${character.charCodeAt(0)};`;
};

/** Outside text as literal markdown: no tag, mention, link, image, table, heading or list comes out of it. */
export const escape = (text: string): string =>
	clean(text)
		.replace(MARKS, entity)
		.replace(/^([ \t]*)([-+])/gm, (_all, space: string, mark: string) => space + entity(mark))
		.replace(/^([ \t]*\d+)\./gm, '$1&#46;');

/** `[label](url)`; plain words where the address is none. */
export function link(url: string | undefined, label: string): string {
	// `&word;` in an address could be read as an entity.
	const target = webUrl(url)?.replace(/;/g, '%3B');
	const words = escape(oneLine(label));
	return target ? `[${words || escape(target)}](${target})` : words;
}

/** Longer outside text: literal, its web links to press. */
export const literalWithLinks = (text: string): string =>
	linkParts(clean(text))
		.map((part) => (part.url ? link(part.url, part.text) : escape(part.text)))
		.join('');

/** In a text message only a mention is markup. */
export const withoutMentions = (text: string): string =>
	clean(text).replace(/<(?=\s*\/?\s*at\b)/gi, '＜');
