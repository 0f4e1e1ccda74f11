import type { Card, CardEntry, Severity } from '../card';
import { bytes, cut, cutEscaped } from '../cut';
import { digestTail } from '../digest-tail';
import { clean, oneLine, webUrl, type Json } from '../text';
import { actionsOf } from './actions';
import { escape, link, literalWithLinks } from './escape';
import { CARD_TYPE, TEAMS } from './limits';

const COLOR: Record<Severity, string> = {
	critical: 'Attention',
	high: 'Warning',
	normal: 'Default',
	success: 'Good',
	info: 'Default',
};

/** What facts leave for entries and the longer text, in bytes. */
const MIDDLE = 1000;

const block = (text: string, more: Json = {}): Json => ({
	type: 'TextBlock',
	text,
	wrap: true,
	...more,
});
const sizeOf = (part: unknown): number => bytes(JSON.stringify(part));
/** JSON writes a backslash, a quotation mark and a line feed as two bytes. */
const inJson = (text: string): number => sizeOf(text) - 2;

/** An Adaptive Card in a message, for bot and workflow alike. */
export const messageOf = (card: Json, summary: string): Json => ({
	type: 'message',
	...(summary ? { summary } : {}),
	attachments: [{ contentType: CARD_TYPE, contentUrl: null, content: card }],
});

export const adaptiveCard = (body: Json[], actions: Json[] = []): Json => ({
	$schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
	type: 'AdaptiveCard',
	version: TEAMS.version,
	msteams: { width: 'Full' },
	body,
	...(actions.length > 0 ? { actions } : {}),
});

export function draw(card: Card): Json {
	const title = oneLine(card.title) || '–';
	const summary = cut([title, oneLine(card.text ?? '')].filter(Boolean).join(' · '), 250, bytes);
	const head = block(cutEscaped(title, TEAMS.title, escape, inJson), {
		size: 'Large',
		weight: 'Bolder',
		color: COLOR[card.severity],
	});
	const actions = actionsOf(card);
	const end = footer(card);
	const room = TEAMS.drawn - sizeOf(messageOf(adaptiveCard([head, ...end], actions), summary));
	const before = facts(card, room - MIDDLE);
	const between = middle(card, room - sizeOf(before));
	return messageOf(adaptiveCard([head, ...before, ...between, ...end], actions), summary);
}

function facts(card: Card, room: number): Json[] {
	const elements: Json[] = [];
	const text = cutEscaped(clean(card.text ?? '').trim(), 1500, literalWithLinks, inJson);
	if (text) elements.push(block(text));
	const rows: Json[] = [];
	for (const { label, value } of card.fields.slice(0, TEAMS.fields)) {
		const row = {
			title: cutEscaped(oneLine(label), 100, escape, inJson) || '–',
			value: cutEscaped(clean(value).trim(), 500, literalWithLinks, inJson) || '–',
		};
		if (sizeOf([...elements, ...rows, row]) + 100 > room) break;
		rows.push(row);
	}
	return rows.length > 0 ? [...elements, { type: 'FactSet', facts: rows }] : elements;
}

/** What gives way when space runs out: digest entries first, then the longer text. */
function middle(card: Card, room: number): Json[] {
	const list = entries(card, room);
	const left = room - sizeOf(list) - 100;
	const first = card.links[0];
	const tail = first ? ` ${link(first.url, cut(first.label, 60, bytes))}` : '';
	const text = cutEscaped(clean(card.body ?? '').trim(), left, literalWithLinks, inJson, tail);
	return text ? [block(text, { separator: true }), ...list] : list;
}

function entries(card: Card, room: number): Json[] {
	const elements: Json[] = [];
	let left = room - 700;
	for (const entry of (card.entries ?? []).slice(0, 40)) {
		const element = block(entryText(entry), { separator: true });
		const size = sizeOf(element) + 1;
		if (size > left) break;
		left -= size;
		elements.push(element);
	}
	const tail = digestTail(card, elements.length);
	if (!tail) return elements;
	const label = cut(oneLine(tail.label), 120, bytes) || `+${tail.hidden}`;
	const url = tail.url && tail.url.length < 300 ? tail.url : undefined;
	return [...elements, block(link(url, label))];
}

function entryText(entry: CardEntry): string {
	const url = webUrl(entry.url);
	const title = cut(oneLine(entry.title), 200, bytes) || '–';
	const head = `**${url && url.length < 300 ? link(url, title) : escape(title)}**`;
	const text = cutEscaped(clean(entry.text ?? '').trim(), 500, literalWithLinks, inJson);
	return text ? `${head}\n\n${text}` : head;
}

const footer = (card: Card): Json[] => {
	const text = cutEscaped(oneLine(card.footer ?? ''), 300, escape, inJson);
	return text ? [block(text, { isSubtle: true, size: 'Small' })] : [];
};
