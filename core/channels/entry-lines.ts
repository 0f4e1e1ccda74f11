import type { Card, CardEntry } from './card';
import { bytes, cut } from './cut';
import { digestTail } from './digest-tail';
import type { Lines } from './lines';
import { oneLine, webUrl } from './text';

/** How a channel's markdown writes what the list of a digest needs. */
export interface EntryMarkup {
	/** The label alone where there is no address. */
	link(url: string | undefined, label: string): string;
	escape(text: string): string;
	escaped(text: string, maxBytes: number): string;
	/** The words below an entry's title. */
	below(text: string): string;
}

const TAIL_ROOM = 300;

/** The entries of a digest as far as there is room, then what is left out. */
export function addEntryLines(card: Card, lines: Lines, reserve: number, by: EntryMarkup): void {
	const all = card.entries ?? [];
	let shown = 0;
	for (const entry of all) {
		const isLast = shown === all.length - 1 && !card.more;
		if (!lines.add(entryLine(entry, shown + 1, by), reserve + (isLast ? 0 : TAIL_ROOM))) break;
		shown += 1;
	}
	const tail = digestTail(card, shown);
	if (!tail) return;
	const label = cut(oneLine(tail.label), 80, bytes) || `+${tail.hidden}`;
	if (!lines.add(by.link(tail.url, label), reserve)) lines.add(by.escape(label), reserve);
}

function entryLine(entry: CardEntry, number: number, by: EntryMarkup): string {
	const url = webUrl(entry.url);
	const title = cut(oneLine(entry.title), 120, bytes) || '–';
	const head = `${number}. ${url && url.length <= 200 ? by.link(url, title) : by.escape(title)}`;
	const text = by.escaped(oneLine(entry.text ?? ''), 160);
	return text ? `${head}${by.below(text)}` : head;
}
