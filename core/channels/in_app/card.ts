import type { Card, CardButton, CardEntry, CardLink } from '../card';
import { bytes, cut } from '../cut';
import { digestTail } from '../digest-tail';
import { clean, oneLine, webUrl, type Json } from '../text';
import { IN_APP } from './limits';

/**
 * A card as an inbox entry: `{title, text, severity, fields, links, buttons, entries?, more?, footer?, language, ticket?}`.
 * All plain text: whoever shows it escapes it. Links and buttons open http(s) only.
 */
export function draw(card: Card): Json {
	const text = [card.text, card.body]
		.map((part) => clean(part ?? '').trim())
		.filter(Boolean)
		.join('\n\n');
	const all = (card.entries ?? []).slice(0, IN_APP.entries).map(entry);
	const rest = {
		title: cut(oneLine(card.title), IN_APP.title) || '–',
		text: cut(text, IN_APP.text),
		severity: card.severity,
		fields: card.fields.slice(0, IN_APP.fields).map(({ label, value }) => ({
			label: cut(oneLine(label), IN_APP.label),
			value: cut(clean(value).trim(), IN_APP.value) || '–',
		})),
		links: card.links.slice(0, IN_APP.links).flatMap(link),
		buttons: card.buttons.slice(0, IN_APP.links).flatMap(button),
		...(card.footer ? { footer: cut(oneLine(card.footer), IN_APP.footer) } : {}),
		language: card.language,
		...ticket(card),
	};
	return { ...rest, ...fitting(card, all, IN_APP.payloadBytes - bytes(JSON.stringify(rest))) };
}

/** The entries that fit, and how many more there are. */
function fitting(card: Card, all: Json[], room: number): Json {
	// What "+M more" takes, and the names around the list.
	let left = room - 3000;
	const shown = all.filter((one) => (left -= bytes(JSON.stringify(one)) + 1) >= 0);
	const tail = digestTail(card, shown.length);
	return {
		...(shown.length > 0 ? { entries: shown } : {}),
		...(tail
			? {
					more: {
						label: cut(oneLine(tail.label), IN_APP.label) || `+${tail.hidden}`,
						count: tail.hidden,
						...(tail.url ? { url: tail.url } : {}),
					},
				}
			: {}),
	};
}

function entry({ title, text, url, severity }: CardEntry): Json {
	const address = webUrl(url);
	return {
		title: cut(oneLine(title), IN_APP.title) || '–',
		...(text ? { text: cut(clean(text).trim(), IN_APP.value) } : {}),
		...(address ? { url: address } : {}),
		...(severity ? { severity } : {}),
	};
}

function link({ label, url }: CardLink): Json[] {
	const address = webUrl(url);
	return address ? [{ label: cut(oneLine(label), IN_APP.label) || address, url: address }] : [];
}

/** Only what can be opened: nothing here calls back. */
function button({ action, label, style, url }: CardButton): Json[] {
	const address = webUrl(url);
	if (!address) return [];
	return [
		{
			action,
			label: cut(oneLine(label), IN_APP.label) || '…',
			...(style ? { style } : {}),
			url: address,
		},
	];
}

function ticket({ ticket: given }: Card): Json {
	if (!given) return {};
	const url = webUrl(given.url);
	return {
		ticket: {
			key: cut(oneLine(given.key), IN_APP.value),
			id: cut(oneLine(given.id), IN_APP.value),
			...(given.number ? { number: cut(oneLine(given.number), IN_APP.label) } : {}),
			...(url ? { url } : {}),
		},
	};
}
