import type { Card } from '../card';
import { digestTail } from '../digest-tail';
import { oneLine, webUrl, type Json } from '../text';
import type { Names } from './mapping';

const DIGEST = 5;

/** Where the one link of the message leads: the first button's page, else the ticket. */
const urlOf = (card: Card): string | undefined =>
	[
		...card.buttons.map((one) => one.url),
		...card.links.map((one) => one.url),
		card.more?.url,
		card.ticket?.url,
	]
		.map((one) => webUrl(one))
		.find((one) => one !== undefined);

/**
 * A card as names and texts, from which the credential's mapping makes the keys of the template: `keyword1` the number,
 * `keyword2` the title, then the fields; `first`, `remark` as the old templates had them; every field by its label too.
 */
export function draw(card: Card): Json {
	const title = oneLine(card.title) || '–';
	const number = card.ticket?.number ?? card.ticket?.id ?? '';
	const text = oneLine(card.text ?? '');
	const body = oneLine(card.body ?? '') || entriesOf(card);
	const footer = oneLine(card.footer ?? '');
	const labelled = card.fields
		.map(({ label, value }) => [oneLine(label), oneLine(value)] as const)
		.filter(([label, value]) => label !== '' && value !== '');
	const keywords = [oneLine(number), title, ...card.fields.map(({ value }) => oneLine(value))];
	const names: Names = {
		...Object.fromEntries(labelled),
		first: text || title,
		...Object.fromEntries(keywords.map((value, at) => [`keyword${at + 1}`, value || '-'])),
		remark: body || footer,
		title,
		number: oneLine(number),
		text: text || title,
		body,
		footer,
	};
	const url = urlOf(card);
	return {
		template_data: Object.fromEntries(Object.entries(names).filter(([, value]) => value !== '')),
		...(url ? { url } : {}),
	};
}

function entriesOf(card: Card): string {
	const entries = card.entries ?? [];
	const tail = digestTail(card, Math.min(entries.length, DIGEST));
	return [
		...entries.slice(0, DIGEST).map((one) => oneLine(one.title)),
		tail ? oneLine(tail.label) : '',
	]
		.filter(Boolean)
		.join('；');
}
