import type { Card } from '../card';
import { chars, cut, type Measure } from '../cut';
import { clean, oneLine, webUrl, type Json } from '../text';
import { SMS } from './limits';
import { isGsm, plainSigns, septets } from './segments';

/** What a provider's fixed template may be filled with. */
export const PARTS = ['title', 'number', 'priority', 'status', 'url', 'text'] as const;

/**
 * A card as `{text, parts}`: one line and a link in at most three parts, the ticket's number always in it; `parts` are
 * what providers with fixed templates take.
 */
export function draw(card: Card): Json {
	const number = cut(oneLine(card.ticket?.number ?? card.ticket?.id ?? ''), SMS.number);
	const title = oneLine(card.title) || oneLine(card.text ?? '') || '–';
	const url = webUrl(card.links[0]?.url) ?? webUrl(card.ticket?.url);
	const button = card.buttons.find((one) => webUrl(one.url));
	const tail = [
		url && url.length <= SMS.url ? url : undefined,
		// Where a text comes back, the word to answer with must not be lost.
		cut(oneLine(card.footer ?? ''), SMS.footer) || undefined,
	].filter((part) => part !== undefined);
	const line = oneLine(card.text ?? '');
	return {
		text: compose(number, title, tail, button && `${oneLine(button.label)}: ${webUrl(button.url)}`),
		parts: {
			title,
			number,
			priority: field(card, /^(?:priority|优先级)$/i),
			status: field(card, /^(?:status|state|状态)$/i),
			url: url ?? '',
			text: line,
		},
	};
}

const field = (card: Card, label: RegExp): string =>
	oneLine(card.fields.find((one) => label.test(oneLine(one.label)))?.value ?? '');

function compose(number: string, title: string, tail: string[], extra: string | undefined): string {
	const whole = [number, title, ...tail].map(plainSigns).join('');
	const isPlain = isGsm(whole);
	const adapt = isPlain ? plainSigns : (text: string): string => text;
	const measure: Measure = isPlain ? septets : chars;
	const max = (isPlain ? SMS.gsmPart : SMS.ucsPart) * SMS.parts;
	const ends = tail.map(adapt);
	let room = max - ends.reduce((sum, end) => sum + measure(end) + 1, 0);
	// A link that leaves no room for words is of less use than they are.
	while (ends.length > 0 && room < measure(number) + 20) {
		const longest = ends.reduce((a, b) => (measure(b) > measure(a) ? b : a));
		ends.splice(ends.indexOf(longest), 1);
		room += measure(longest) + 1;
	}
	const named = number && !title.includes(number) ? `${number} ${title}` : title;
	let head = cut(adapt(named), room, measure);
	if (number && !head.includes(adapt(number)))
		head = cut(adapt(`${number} ${title}`), room, measure);
	const line = [head, ...ends].join(' ');
	const longer = extra ? `${line} ${adapt(extra)}` : line;
	const fits = measure(longer) <= max && (!isPlain || isGsm(plainSigns(longer)));
	return adapt(clean(fits ? longer : line));
}
