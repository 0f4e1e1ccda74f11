import type { Card, Severity } from '../card';
import { bytes, cut, cutEscaped } from '../cut';
import { addEntryLines, type EntryMarkup } from '../entry-lines';
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
	addEntryLines(card, lines, reserve, ENTRIES);
	const body = clean(card.body ?? '').trim();
	const room = lines.room - reserve - 2;
	if (body && room > 40) lines.add(cutEscaped(body, room, escapedLines, bytes), reserve);
	for (const line of end) lines.add(line);
	return lines.text();
}

/** How the list of a digest is written. */
const ENTRIES: EntryMarkup = {
	link,
	escape,
	escaped,
	below: (text) => `${BREAK}${font(GREY, text)}`,
};

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
