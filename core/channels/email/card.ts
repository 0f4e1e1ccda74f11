import type { Card } from '../card';
import { cut } from '../cut';
import { digestTail } from '../digest-tail';
import { clean, oneLine, webUrl, type Json } from '../text';
import { html } from './html';
import { EMAIL, limits } from './limits';

/** A card as `{subject, text, html, priority?}`. */
export function draw(card: Card): Json {
	const urgent = card.severity === 'critical' || card.severity === 'high';
	return {
		subject: subject(card),
		text: text(card),
		html: html(card),
		...(urgent ? { priority: 'high' } : {}),
	};
}

const special = /[.*+?^${}()|[\]\\]/g;

/**
 * The title behind a tag that never changes for one ticket, `[INC-123]`: replies are matched and mails are
 * sorted by it. The number is taken out of the title; a bare number stays, it may be part of the words.
 */
export function subject(card: Card): string {
	const title = oneLine(card.title) || '–';
	const number = card.ticket && oneLine(card.ticket.number ?? card.ticket.id);
	if (!number) return cut(title, EMAIL.subject);
	const isNamed = /\p{L}/u.test(number) && /\d/.test(number);
	const rest = isNamed ? without(title, number) : title;
	return cut(`[${number}] ${rest || title}`, EMAIL.subject);
}

const DIVIDER = /[:：-]\s*$/;

/** The title without the number; of the marks that divide it off, one stays where words stand before and behind. */
function without(title: string, number: string): string {
	const own = new RegExp(
		`(?<![\\p{L}\\p{N}])${number.replace(special, '\\$&')}(?![\\p{L}\\p{N}])`,
		'u',
	);
	const found = own.exec(title);
	if (!found) return title;
	const before = title.slice(0, found.index);
	const behind = title.slice(found.index + number.length);
	if (before.trim() === '' || DIVIDER.test(before))
		return `${before}${behind.replace(/^[\s:：-]+/, '')}`.trim();
	return `${before.trimEnd()}${/^\s*[:：]/.test(behind) ? behind.trimStart() : ` ${behind.trimStart()}`}`.trim();
}

/** The plain text part: all that the HTML part says. */
export function text(card: Card): string {
	const entries = (card.entries ?? []).slice(0, limits.digestEntries);
	const tail = digestTail(card, entries.length);
	const parts = [
		oneLine(card.title),
		block(card.text, EMAIL.entryText),
		card.fields
			.map(({ label, value }) => `${oneLine(label)}: ${block(value, EMAIL.fieldValue)}`)
			.join('\n'),
		block(card.body, EMAIL.text),
		...entries.map((entry) =>
			[
				`- ${oneLine(entry.title)}`,
				indent(block(entry.text, EMAIL.entryText)),
				indent(webUrl(entry.url) ?? ''),
			]
				.filter(Boolean)
				.join('\n'),
		),
		tail ? [oneLine(tail.label), tail.url].filter(Boolean).join(' ') : '',
		[...card.buttons, ...card.links]
			.map(({ label, url }) => (webUrl(url) ? `${oneLine(label)}: ${webUrl(url)}` : ''))
			.filter(Boolean)
			.join('\n'),
		card.footer ? `-- \n${oneLine(card.footer)}` : '',
	];
	return parts.filter((part) => part.trim()).join('\n\n');
}

const block = (value: string | undefined, max: number): string =>
	cut(clean(value ?? '').trim(), max);
const indent = (value: string): string => (value ? value.replace(/^/gm, '  ') : '');
