import type { Card, Severity } from '../card';
import { bytes, cut, cutEscaped } from '../cut';
import { addEntryLines, type EntryMarkup } from '../entry-lines';
import { Lines } from '../lines';
import { clean, oneLine, webUrl } from '../text';
import { escape, link } from './escape';

/** WeCom has three colours: info is green, warning orange, comment grey. */
const MARKS: Partial<Record<Severity, string>> = {
	critical: 'warning',
	high: 'warning',
	success: 'info',
};

const font = (color: string, text: string): string => `<font color="${color}">${text}</font>`;

const escaped = (text: string, max: number): string => cutEscaped(text, max, escape, bytes);

/** A card in WeCom's markdown, at most `max` bytes: title, fields, digest lines, text, link, footer. */
export function markdown(card: Card, max: number): string {
	const lines = new Lines(max);
	const color = MARKS[card.severity];
	const title = escaped(oneLine(card.title) || '–', 300);
	lines.add(`### ${color ? font(color, title) : title}`);
	lines.add(escaped(card.text?.trim() ?? '', 400));
	const end = ending(card, lines.room);
	const reserve = end.reduce((sum, line) => sum + bytes(line) + 1, 0);
	for (const { label, value } of card.fields) {
		lines.add(
			`>${escaped(oneLine(label), 60)}：${font('comment', escaped(oneLine(value), 240))}`,
			reserve,
		);
	}
	addEntryLines(card, lines, reserve, ENTRIES);
	const body = clean(card.body ?? '').trim();
	// Quotes end at an empty line, else the text would stand inside the fields' quote.
	if (body && lines.room - reserve > 40)
		lines.add(`\n${escaped(body, lines.room - reserve - 1)}`, reserve);
	for (const line of end) lines.add(line);
	return lines.text();
}

/** How the list of a digest is written. */
const ENTRIES: EntryMarkup = {
	link,
	escape,
	escaped,
	below: (text) => `\n${font('comment', text)}`,
};

/** Links and footer: they stay, whatever else is cut. */
function ending(card: Card, room: number): string[] {
	const lines: string[] = [];
	const links = [
		...card.links,
		...card.buttons.flatMap(({ label, url }) => (url ? [{ label, url }] : [])),
	]
		.filter(({ url }) => webUrl(url))
		.slice(0, 4)
		.map(({ label, url }) => link(url, cut(oneLine(label), 60, bytes)));
	const footer = escaped(oneLine(card.footer ?? ''), 120);
	let left = Math.floor(room / 2);
	for (const line of [...links, footer ? font('comment', footer) : '']) {
		if (!line || bytes(line) + 1 > left) continue;
		left -= bytes(line) + 1;
		lines.push(line);
	}
	return lines;
}
