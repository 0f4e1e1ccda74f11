import { clean, oneLine, webUrl } from '../text';

const FULL: Record<string, string> = {
	'<': '＜',
	'>': '＞',
	'&': '＆',
	'`': '｀',
	'[': '［',
	']': '］',
};

/** Most texts have none of it. */
const MARKUP = /[<>`[\]&*#]/;

/**
 * Outside text for WeCom's markdown, which has no escape: what could begin a tag, a mention, code or a link is
 * written full-width, and so are marks that count at the beginning of a line.
 */
export const escape = (text: string): string => {
	const plain = clean(text);
	if (!MARKUP.test(plain)) return plain;
	return plain
		.replace(/[<>`[\]]|&(?=#?\w{1,31};)/g, (character) => FULL[character])
		.replace(/\*\*/g, '＊＊')
		.replace(/^([ \t]*)#/gm, '$1＃');
};

/** `[label](url)`; plain words where the address is none. */
export function link(url: string | undefined, label: string): string {
	const address = webUrl(url);
	const words = escape(oneLine(label));
	// `&word;` in an address could be read as an entity.
	const target = address?.replace(/;/g, '%3B');
	return target ? `[${words || escape(target)}](${target})` : words;
}
