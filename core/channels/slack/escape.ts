import { clean, linkParts, oneLine, webUrl } from '../text';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The three characters that Slack asks to escape, so that outside text can neither link nor ping. */
export const escape = (text: string): string =>
	clean(text).replace(/[&<>]/g, (character) => ENTITIES[character]);

/** A mark that would begin bold, italic, strike or code: at a word's edge, not inside `db_main_01`. */
const OPENING = /(^|[^\p{L}\p{N}*_~`])([*_~`]+)(?=[^\s*_~`])/gmu;

/** mrkdwn has no escape for its marks; a zero-width space behind one takes its meaning away. */
const unmark = (text: string): string =>
	/[*_~`]/.test(text) ? text.replace(OPENING, '$1$2\u200b') : text;

/** Outside text as literal mrkdwn. */
export const literal = (text: string): string => unmark(escape(text));

/** A link; plain words where the address is none. `|` and `>` would end it. */
export function link(url: string | undefined, label: string): string {
	const address = webUrl(url);
	const words = oneLine(label).replace(/\|/g, '¦');
	return address
		? `<${address.replace(/&/g, '&amp;')}|${literal(words) || address}>`
		: literal(words);
}

/** Longer outside text: literal, its web links to press. `verbatim` blocks do not make them. */
export const literalWithLinks = (text: string): string =>
	linkParts(clean(text))
		.map((part) => (part.url ? `<${part.url.replace(/&/g, '&amp;')}>` : literal(part.text)))
		.join('');

/** Slack's mrkdwn as words: control forms and entities undone, in that order, so that escaped text makes no form. */
export const readable = (text: string): string =>
	text
		.replace(/<[^|<>]+\|([^<>]*)>/g, '$1')
		.replace(/<([^<>]+)>/g, '$1')
		.replace(/&lt;/g, '<')
		.replace(/&gt;/g, '>')
		.replace(/&amp;/g, '&');
