import { decodeEntities } from './entities';

/** Only real elements are markup: `<unknown>` in a log line is text and stays. */
const INLINE =
	'a abbr b bdi bdo big center cite code data del dfn em embed figcaption font i img input ins kbd label link ' +
	'mark meta object q rp rt ruby s samp small source span strike strong sub sup svg time tt u var video wbr iframe';
const BLOCK =
	'address article aside blockquote body br dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 ' +
	'head header hr html li main nav ol p pre section summary table tbody td tfoot th thead title tr ul';
const HIDDEN = new Set(['script', 'style', 'head', 'title', 'template', 'noscript']);
const block = new Set(BLOCK.split(' '));
const known = new Set([...INLINE.split(' '), ...block, ...HIDDEN]);

const TAG_NAME = /^<(\/?)([a-z][a-z0-9]{0,11})(?=[\s/>])/i;
const ANY_TAG = /<\/?([a-z][a-z0-9]{0,11})(?:\s[^<>]{0,2000})?\/?>|<!--/gi;

/** Whether a text holds at least one real HTML tag. */
export function hasHtml(value: string): boolean {
	for (const match of value.matchAll(ANY_TAG)) {
		if (match[1] === undefined || known.has(match[1].toLowerCase())) return true;
	}
	return false;
}

/** What a tag leaves behind in the text. */
function trace(name: string, closing: boolean): string {
	if (name === 'li') return closing ? '' : '\n- ';
	if (name === 'td' || name === 'th') return closing ? ' ' : '';
	if (name === 'p') return '\n\n';
	return block.has(name) ? '\n' : '';
}

/** HTML to plain text in one pass: tags go, blocks become lines, entities are decoded once and last. */
export function stripHtml(html: string): string {
	const out: string[] = [];
	const words = (from: number, to: number) => {
		if (to > from) out.push(decodeEntities(html.slice(from, to).replace(/\s+/g, ' ')));
	};
	let position = 0;
	let open = html.indexOf('<');
	let start = 0;
	while (open !== -1) {
		const isComment = html.startsWith('<!--', open);
		const tag = isComment ? null : TAG_NAME.exec(html.slice(open, open + 16));
		const name = tag?.[2].toLowerCase() ?? '';
		if (
			isComment ||
			html.startsWith('<!doctype', open) ||
			html.startsWith('<!DOCTYPE', open) ||
			known.has(name)
		) {
			words(start, open);
			const end = html.indexOf(isComment ? '-->' : '>', open);
			position = end === -1 ? html.length : end + (isComment ? 3 : 1);
			if (tag && !tag[1] && HIDDEN.has(name)) position = skipHidden(html, name, position);
			out.push(trace(name, Boolean(tag?.[1])));
			start = position;
		} else {
			position = open + 1;
		}
		open = html.indexOf('<', position);
	}
	words(start, html.length);
	const lines = out
		.join('')
		.replace(/[^\S\n]{2,}/g, ' ')
		.split('\n');
	return lines.map((line) => line.trim()).join('\n');
}

function skipHidden(html: string, name: string, from: number): number {
	const closing = new RegExp(`</${name}`, 'gi');
	closing.lastIndex = from;
	const end = closing.exec(html)?.index ?? -1;
	// Without an end tag the browser would hide the rest as well.
	return end === -1 ? html.length : end;
}
