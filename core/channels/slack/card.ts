import type { Card, CardButton, CardEntry, CardLink, Severity } from '../card';
import { cut, cutEscaped } from '../cut';
import { digestTail } from '../digest-tail';
import { clean, oneLine, webUrl, type Json } from '../text';
import { escape, link, literal, literalWithLinks } from './escape';
import { INPUT_BLOCK, SLACK } from './limits';

/** Loud and good news carry a mark in the title; everything else stays calm. */
const MARK: Record<Severity, string> = {
	critical: '🔴 ',
	high: '🟠 ',
	normal: '',
	success: '✅ ',
	info: '',
};

const ENTRY_MAX = 600;
const BODY_MAX = 2800;

const mrkdwn = (text: string): Json => ({ type: 'mrkdwn', text, verbatim: true });
const plain = (text: string): Json => ({ type: 'plain_text', text, emoji: false });

/** A card as `{text, blocks}`. `text` is what notifications and screen readers show. */
export function draw(card: Card): Json {
	const title = titleOf(card);
	const header = { type: 'header', text: plain(cut(title, SLACK.header) || '–') };
	const top = [header, ...facts(card)];
	const bottom = [...actions(card), ...footer(card)];
	const room = SLACK.total - sizeOf(top) - sizeOf(bottom);
	return { text: fallback(card), blocks: [...top, ...middle(card, room), ...bottom] };
}

function titleOf(card: Card): string {
	const title = oneLine(card.title);
	return title && MARK[card.severity] + title;
}

/** Characters of text in blocks, counted as Slack does. */
export function sizeOf(value: unknown): number {
	if (typeof value !== 'object' || value === null) return 0;
	let sum = 0;
	if (Array.isArray(value)) {
		for (const entry of value) sum += sizeOf(entry);
		return sum;
	}
	// Asked for every message, so without making lists of keys and values.
	for (const key in value) {
		const entry = (value as Json)[key];
		if (typeof entry === 'object') sum += sizeOf(entry);
		else if (key === 'text' && typeof entry === 'string') sum += entry.length;
	}
	return sum;
}

function fallback(card: Card): string {
	const lines = [
		titleOf(card),
		card.text,
		...(card.entries ?? []).slice(0, 3).map((entry) => entry.title),
	];
	return (
		cutEscaped(
			lines
				.filter(Boolean)
				.map((line) => oneLine(line as string))
				.join('\n'),
			1000,
			escape,
		) || '–'
	);
}

function facts(card: Card): Json[] {
	const blocks: Json[] = [];
	// A title that the header has to cut stands here once more, whole.
	const whole =
		titleOf(card).length > SLACK.header
			? `*${cutEscaped(oneLine(card.title), 1000, literal)}*`
			: '';
	const given = cutEscaped(clean(card.text ?? '').trim(), 1000, literalWithLinks);
	const text = [whole, given].filter(Boolean).join('\n');
	if (text) blocks.push({ type: 'section', text: mrkdwn(text) });
	const fields = card.fields.slice(0, SLACK.fields * 2).map(({ label, value }) => {
		const name = cutEscaped(oneLine(label), 80, literal);
		const shown = cutEscaped(clean(value).trim(), 300, literalWithLinks);
		return mrkdwn(name ? `*${name}*\n${shown}` : shown || '–');
	});
	for (let at = 0; at < fields.length; at += SLACK.fields) {
		blocks.push({ type: 'section', fields: fields.slice(at, at + SLACK.fields) });
	}
	return blocks;
}

/** What gives way when space runs out: digest entries first, then the longer text. */
function middle(card: Card, room: number): Json[] {
	const { blocks, left } = entries(card, room);
	const tail = card.links[0] ? ` ${link(card.links[0].url, cut(card.links[0].label, 40))}` : '';
	const body = cutEscaped(
		clean(card.body ?? '').trim(),
		Math.min(BODY_MAX, left),
		literalWithLinks,
		undefined,
		tail,
	);
	return body ? [{ type: 'section', text: mrkdwn(body) }, ...blocks] : blocks;
}

function entries(card: Card, room: number): { blocks: Json[]; left: number } {
	const all = card.entries ?? [];
	if (all.length === 0 && !card.more) return { blocks: [], left: room };
	const reserve = 400;
	const blocks: Json[] = [];
	let left = room - reserve;
	for (const entry of all.slice(0, 40)) {
		const text = entryText(entry);
		if (text.length > left) break;
		left -= text.length;
		blocks.push({ type: 'section', text: mrkdwn(text) });
	}
	const tail = digestTail(card, blocks.length);
	if (tail) {
		const label = cut(oneLine(tail.label), 100) || `+${tail.hidden}`;
		blocks.push({
			type: 'context',
			elements: [
				mrkdwn(tail.url && tail.url.length < 250 ? link(tail.url, label) : literal(label)),
			],
		});
	}
	return { blocks, left: Math.max(left, 0) };
}

function entryText(entry: CardEntry): string {
	const url = webUrl(entry.url);
	const title = cut(oneLine(entry.title), 150) || '–';
	const head = `*${url && url.length < 300 ? link(url, title) : literal(title)}*`;
	const text = cutEscaped(
		clean(entry.text ?? '').trim(),
		Math.max(ENTRY_MAX - head.length, 100),
		literalWithLinks,
	);
	return text ? `${head}\n${text}` : head;
}

function actions(card: Card): Json[] {
	const seen = new Map<string, number>();
	const id = (action: string): string => {
		const count = (seen.get(action) ?? 0) + 1;
		seen.set(action, count);
		return cut(count > 1 ? `${action}_${count}` : action, SLACK.actionId, (text) => text.length);
	};
	const buttons = [...card.buttons.map(button), ...card.links.map(linkButton)].filter(
		(one) => one !== undefined,
	);
	const inputs: Json[] = [];
	const elements = buttons.slice(0, SLACK.elements).map(({ action, input, ...rest }) => {
		const actionId = id(action);
		if (input) inputs.push(inputBlock(input, actionId));
		return { type: 'button', action_id: actionId, ...rest };
	});
	return elements.length > 0 ? [...inputs, { type: 'actions', elements }] : [];
}

type Element = { action: string; input?: { name: string; label: string } } & Json;

/** What is typed here comes with the press, so that no modal must be opened within Slack's three seconds. */
const inputBlock = (input: { name: string; label: string }, actionId: string): Json => ({
	type: 'input',
	block_id: cut(INPUT_BLOCK + actionId, SLACK.actionId, (text) => text.length),
	optional: true,
	label: label(input.label),
	element: {
		type: 'plain_text_input',
		action_id: cut(input.name, SLACK.actionId, (text) => text.length) || 'input',
		multiline: true,
		max_length: SLACK.input,
	},
});

const label = (text: string): Json => plain(cut(oneLine(text), SLACK.buttonText) || '…');

function button({
	action,
	label: words,
	style,
	value,
	url,
	input,
}: CardButton): Element | undefined {
	const address = webUrl(url);
	// A value that is cut would be a broken token: such a button is left out.
	if ((value?.length ?? 0) > SLACK.buttonValue || (!address && !value)) return undefined;
	return {
		action: action || 'open',
		text: label(words),
		...(value ? { value } : {}),
		...(address ? { url: address } : {}),
		...(value && input ? { input } : {}),
		...(style === 'primary' || style === 'danger' ? { style } : {}),
	};
}

function linkButton({ label: words, url }: CardLink): Element | undefined {
	const address = webUrl(url);
	return address ? { action: 'open', text: label(words), url: address } : undefined;
}

const footer = (card: Card): Json[] => {
	const text = cut(oneLine(card.footer ?? ''), 300);
	return text ? [{ type: 'context', elements: [plain(text)] }] : [];
};
