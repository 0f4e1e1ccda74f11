import type { Card, CardEntry, Severity } from '../card';
import { bytes, cut, cutEscaped } from '../cut';
import { digestTail } from '../digest-tail';
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
	entries(card, lines, reserve);
	const body = clean(card.body ?? '').trim();
	// Quotes end at an empty line, else the text would stand inside the fields' quote.
	if (body && lines.room - reserve > 40)
		lines.add(`\n${escaped(body, lines.room - reserve - 1)}`, reserve);
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
	return text ? `${head}\n${font('comment', text)}` : head;
}

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
