/** How long a text is in the provider's unit. Adds up over graphemes. */
export type Measure = (text: string) => number;

/** UTF-8 bytes. */
export const bytes: Measure = (text) => Buffer.byteLength(text, 'utf8');

/** UTF-16 units: the stricter reading where an emoji counts twice. */
export const chars: Measure = (text) => text.length;

const WIDE =
	/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

const NARROW = /^[ -~]*$/;

/** Columns of a Chinese layout: a wide character is 1, a narrow one ½. */
export const columns: Measure = (text) => {
	if (NARROW.test(text)) return text.length / 2;
	let sum = 0;
	for (const character of text) sum += character.length > 1 || WIDE.test(character) ? 1 : 0.5;
	return sum;
};

export const ELLIPSIS = '…';

let shared: Intl.Segmenter | undefined;
const segmenter = (): Intl.Segmenter =>
	(shared ??= new Intl.Segmenter('und', { granularity: 'grapheme' }));

/** The longest head of whole graphemes whose measures add up to at most `room`. */
function longestHead(text: string, room: number, measure: Measure): string[] {
	const head: string[] = [];
	let used = 0;
	for (const { segment } of segmenter().segment(text)) {
		used += measure(segment);
		if (used > room) break;
		head.push(segment);
	}
	return head;
}

/** Cut on a grapheme with an ellipsis; unchanged where it fits; empty where not even the ellipsis does. */
export function cut(text: string, max: number, measure: Measure = chars): string {
	return cutEscaped(text, max, (plain) => plain, measure);
}

/**
 * Escapes and cuts to `max`: the cut is made in the plain text, so that no entity is ever split.
 * `tail` follows the ellipsis only where something was cut (a link to the rest).
 */
export function cutEscaped(
	text: string,
	max: number,
	escape: (text: string) => string,
	measure: Measure = chars,
	tail = '',
): string {
	const whole = escape(text);
	if (measure(whole) <= max) return whole;
	const end = ELLIPSIS + tail;
	const room = max - measure(end);
	if (room < 0) return tail ? cutEscaped(text, max, escape, measure) : '';
	const head = longestHead(text, room, (part) => Math.max(measure(part), measure(escape(part))));
	// An escape may look at its neighbours, so the sum of the parts can be too small.
	while (head.length > 0 && measure(escape(head.join('').trimEnd())) > room) head.pop();
	return escape(withoutHalfLink(head.join(''), text).trimEnd()) + end;
}

/** Half a web address would be a link to somewhere else. */
function withoutHalfLink(head: string, text: string): string {
	if (/^(?:$|\s)/.test(text.slice(head.length))) return head;
	return head.replace(/https?:\/\/\S*$/i, '');
}

/** Where an unfinished entity, tag or link begins at the end of a text; its length where there is none. */
function unfinished(text: string): number {
	const entity = /&[#\w]{0,10}$/.exec(text)?.index ?? text.length;
	const open = text.lastIndexOf('<');
	const tag = open >= 0 && !text.includes('>', open) ? open : text.length;
	const link = /\[[^\]\n]*(?:\](?:\([^)\s]*)?)?$/.exec(text)?.index ?? text.length;
	return Math.min(entity, tag, link);
}

/** Cuts text that is markup already: no entity, tag or link is left open, an open `<font>` is closed. */
export function cutMarkup(text: string, max: number, measure: Measure = chars): string {
	if (measure(text) <= max) return text;
	const closing = '</font>';
	const opens = /<font\b/i.test(text) ? measure(closing) : 0;
	const room = max - measure(ELLIPSIS) - opens;
	if (room < 0) return '';
	const head = longestHead(text, room, measure).join('');
	const safe = head.slice(0, unfinished(head)).trimEnd();
	const open = (safe.match(/<font\b/gi)?.length ?? 0) - (safe.match(/<\/font>/gi)?.length ?? 0);
	return safe + ELLIPSIS + (open > 0 ? closing : '');
}
