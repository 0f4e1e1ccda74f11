import { clean, oneLine, webUrl } from '../text';

const FULL: Record<string, string> = {
	'<': '＜',
	'>': '＞',
	'&': '＆',
	'`': '｀',
	'[': '［',
	']': '］',
};

/** A line break inside a paragraph of DingTalk's markdown. */
export const BREAK = '  \n  ';

/**
 * Outside text for DingTalk's markdown, which documents no escape: what could begin a tag, emphasis, code, a link or an
 * image is written full-width, and so are marks that count at the beginning of a line.
 */
export const escape = (text: string): string =>
	clean(text)
		.replace(/[<>`[\]]|&(?=#?\w{1,31};)/g, (character) => FULL[character])
		.replace(/\*(?=\S)|(?<=\S)\*/g, '＊')
		.replace(/^([ \t]*)#/gm, '$1＃')
		.replace(/^([ \t]*)([-=_])(?=\2{2,}[ \t]*$)/gm, '$1\u200b$2');

/** Escaped text with its line breaks. */
export const lines = (text: string): string =>
	escape(text)
		.trim()
		.split('\n')
		.map((line) => line.trim())
		.join(BREAK);

/** `[label](url)`; plain words where the address is none. */
export function link(url: string | undefined, label: string): string {
	// `&word;` in an address could be read as an entity.
	const target = webUrl(url)?.replace(/;/g, '%3B');
	const words = escape(oneLine(label));
	return target ? `[${words || escape(target)}](${target})` : words;
}
