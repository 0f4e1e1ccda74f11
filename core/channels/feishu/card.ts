import type { Card, CardEntry, Severity } from '../card';
import { bytes, cut, cutEscaped } from '../cut';
import { digestTail } from '../digest-tail';
import { clean, oneLine, webUrl, type Json } from '../text';
import { buttonElements } from './buttons';
import { escape, link, literalWithLinks } from './escape';
import { FEISHU } from './limits';

const COLOR: Record<Severity, string> = {
	critical: 'red',
	high: 'orange',
	normal: 'blue',
	success: 'green',
	info: 'grey',
};

const ENTRY_DOT: Partial<Record<Severity, string>> = {
	critical: 'red',
	high: 'orange',
	success: 'green',
};

export const plain = (content: string): Json => ({ tag: 'plain_text', content });
export const markdown = (content: string, more: Json = {}): Json => ({
	tag: 'markdown',
	content,
	...more,
});

/** What fields leave for entries and the longer text, in bytes. */
const MIDDLE = 1000;

/** How many bytes a part takes inside the card. */
const sizeOf = (part: unknown): number => bytes(JSON.stringify(part));

/** A card of version 2.0 that fits an app's message and a custom bot's alike. */
export function draw(card: Card): Json {
	const after = [...buttonElements(card), ...footer(card)];
	const room = FEISHU.drawn - sizeOf(frame(card, after));
	const before = facts(card, room - MIDDLE);
	const between = middle(card, room - sizeOf(before));
	return { msg_type: 'interactive', card: frame(card, [...before, ...between, ...after]) };
}

function frame(card: Card, elements: Json[]): Json {
	const title = cut(oneLine(card.title), FEISHU.title, bytes) || '–';
	const preview = cut(oneLine(card.text ?? ''), 200, bytes);
	return {
		schema: '2.0',
		config: {
			// Without it a card cannot be changed for all who see it.
			update_multi: true,
			summary: { content: [title, preview].filter(Boolean).join(' · ') },
		},
		header: { title: plain(title), template: COLOR[card.severity] },
		body: { elements },
	};
}

function facts(card: Card, room: number): Json[] {
	const elements: Json[] = [];
	const title = oneLine(card.title);
	// A title that the header has to cut stands here once more, whole.
	if (bytes(title) > FEISHU.title) {
		elements.push(markdown(`**${cutEscaped(title, 1500, escape, bytes)}**`));
	}
	const text = cutEscaped(clean(card.text ?? '').trim(), 1500, literalWithLinks, bytes);
	if (text) elements.push(markdown(text));
	const cells = card.fields.slice(0, FEISHU.fields).map(({ label, value }) => {
		const name = cutEscaped(oneLine(label), 100, escape, bytes);
		const shown = cutEscaped(clean(value).trim(), 400, literalWithLinks, bytes) || '–';
		return markdown(name ? `**${name}**\n${shown}` : shown);
	});
	for (let at = 0; at < cells.length; at += 2) {
		const row = columns(cells.slice(at, at + 2));
		if (sizeOf([...elements, row]) > room) break;
		elements.push(row);
	}
	return elements;
}

/** Parts beside each other, of equal width. */
const columns = (cells: Json[]): Json => ({
	tag: 'column_set',
	flex_mode: 'stretch',
	columns: cells.map((cell) => ({ tag: 'column', width: 'weighted', weight: 1, elements: [cell] })),
});

/** What gives way when space runs out: digest entries first, then the longer text. */
function middle(card: Card, room: number): Json[] {
	const list = entries(card, room);
	const left = room - sizeOf(list);
	const tail = card.links[0]
		? ` ${link(card.links[0].url, cut(card.links[0].label, 60, bytes))}`
		: '';
	// JSON writes a quotation mark and a line feed as two bytes, an element needs some of its own.
	const inJson = (text: string): number => sizeOf(text) - 2;
	const text = cutEscaped(clean(card.body ?? '').trim(), left - 80, literalWithLinks, inJson, tail);
	return text ? [markdown(text), ...list] : list;
}

function entries(card: Card, room: number): Json[] {
	const all = card.entries ?? [];
	const elements: Json[] = [];
	let left = room - 600;
	for (const entry of all.slice(0, 40)) {
		const element = markdown(entryText(entry));
		const size = sizeOf(element) + 1;
		if (size > left) break;
		left -= size;
		elements.push(element);
	}
	const tail = digestTail(card, elements.length);
	if (!tail) return elements;
	const label = cut(oneLine(tail.label), 120, bytes) || `+${tail.hidden}`;
	const url = tail.url && tail.url.length < 300 ? tail.url : undefined;
	return [...elements, markdown(link(url, label))];
}

function entryText(entry: CardEntry): string {
	const url = webUrl(entry.url);
	const title = cut(oneLine(entry.title), 200, bytes) || '–';
	const color = ENTRY_DOT[entry.severity ?? 'normal'];
	const dot = color ? `<font color='${color}'>●</font> ` : '';
	const head = `${dot}**${url && url.length < 300 ? link(url, title) : escape(title)}**`;
	const text = cutEscaped(clean(entry.text ?? '').trim(), 500, literalWithLinks, bytes);
	return text ? `${head}\n${text}` : head;
}

const footer = (card: Card): Json[] => {
	const text = cutEscaped(oneLine(card.footer ?? ''), 300, escape, bytes);
	return text ? [markdown(`<font color='grey'>${text}</font>`, { text_size: 'notation' })] : [];
};
