import type { Card, CardEntry, Severity } from '../card';
import { bytes, cut, cutEscaped } from '../cut';
import { digestTail } from '../digest-tail';
import { Lines } from '../lines';
import { clean, oneLine, webUrl } from '../text';
import { BREAK, escape, lines as escapedLines, link } from './escape';

const COLORS: Partial<Record<Severity, string>> = {
	critical: '#E5484D',
	high: '#F76B15',
	success: '#2B9A66',
};
const GREY = '#8B8D98';

const font = (color: string | undefined, text: string): string =>
	color && text ? `<font color="${color}">${text}</font>` : text;

const escaped = (text: string, max: number): string => cutEscaped(text, max, escape, bytes);

export interface Parts {
	/** The card's title as a heading, for places that show none of their own. */
	title?: boolean;
	/** Links in the text, for places without buttons. */
	links?: boolean;
	footer?: boolean;
}

/** A card in DingTalk's markdown, at most `max` bytes: title, fields, digest lines, text, links, footer. */
export function markdown(
	card: Card,
	max: number,
	{ title = true, links = true, footer = true }: Parts = {},
): string {
	const lines = new Lines(max, BREAK);
	const heading = escaped(oneLine(card.title) || '–', 300);
	if (title) lines.add(`### ${font(COLORS[card.severity], heading)}`);
	lines.add(escaped(oneLine(card.text ?? ''), 400));
	const end = ending(card, lines.room, { links, footer });
	const reserve = end.reduce((sum, line) => sum + bytes(line) + BREAK.length, 0);
	for (const { label, value } of card.fields) {
		const name = escaped(oneLine(label), 60);
		const shown = escaped(oneLine(value), 240) || '–';
		lines.add(name ? `**${name}**：${shown}` : shown, reserve);
	}
	entries(card, lines, reserve);
	const body = clean(card.body ?? '').trim();
	const room = lines.room - reserve - 2;
	if (body && room > 40) lines.add(cutEscaped(body, room, escapedLines, bytes), reserve);
	for (const line of end) lines.add(line);
	return lines.text();
}

function entries(card: Card, lines: Lines, reserve: number): void {
	const all = card.entries ?? [];
	const tailRoom = 300;
	let shown = 0;
	for (const entry of all) {
		const isLast = shown === all.length - 1 && !card.more;
		if (!lines.add(entryLine(entry, shown + 1), reserve + (isLast ? 0 : tailRoom))) break;
		shown += 1;
	}
	const tail = digestTail(card, shown);
	if (!tail) return;
	const label = cut(oneLine(tail.label), 80, bytes) || `+${tail.hidden}`;
	if (!lines.add(link(tail.url, label), reserve)) lines.add(escape(label), reserve);
}

function entryLine(entry: CardEntry, number: number): string {
	const url = webUrl(entry.url);
	const title = cut(oneLine(entry.title), 120, bytes) || '–';
	const head = `${number}. ${url && url.length <= 200 ? link(url, title) : escape(title)}`;
	const text = escaped(oneLine(entry.text ?? ''), 160);
	return text ? `${head}${BREAK}${font(GREY, text)}` : head;
}

/** Links and footer: they stay, whatever else is cut. */
function ending(card: Card, room: number, show: Parts): string[] {
	const links = [
		...card.buttons.flatMap(({ label, url }) => (url ? [{ label, url }] : [])),
		...card.links,
	]
		.filter(({ url }) => show.links && webUrl(url))
		.slice(0, 4)
		.map(({ label, url }) => link(url, cut(oneLine(label), 60, bytes)));
	const footer = show.footer ? font(GREY, escaped(oneLine(card.footer ?? ''), 120)) : '';
	const kept: string[] = [];
	let left = Math.floor(room / 2);
	for (const line of [...links, footer]) {
		if (!line || bytes(line) + BREAK.length > left) continue;
		left -= bytes(line) + BREAK.length;
		kept.push(line);
	}
	return kept;
}
