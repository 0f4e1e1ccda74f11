import { createHash } from 'node:crypto';

import { DateTime } from 'luxon';

import { escape } from '../email/escape';
import { isObject, textIn, webUrl, type Json } from '../text';
import { STYLE } from './style';

/** What the page shows of an inbox entry; rows of `store.inbox` are. */
export interface PageItem {
	title: string;
	severity: string;
	payload: Json;
	read_at: string | null;
	created_at: string;
	updated_at: string;
}

export interface PageOptions {
	/** How many are unread in all, also those that are not shown. */
	unread: number;
	/** BCP 47; Chinese where it begins with `zh`, else English. */
	language?: string;
	/** IANA zone of the times; default UTC. */
	timezone?: string;
	title?: string;
}

const WORDS = {
	en: {
		title: 'Notifications',
		unread: (count: number) => `${count} unread`,
		none: 'Nothing here. You are up to date.',
		edited: 'changed',
		isNew: 'New',
		format: 'd LLL yyyy, HH:mm',
		locale: 'en-GB',
	},
	zh: {
		title: '通知',
		unread: (count: number) => `${count} 条未读`,
		none: '暂无消息，您已全部看完。',
		edited: '已更新',
		isNew: '未读',
		format: 'yyyy年M月d日 HH:mm',
		locale: 'zh-CN',
	},
};
type Words = (typeof WORDS)['en'];

const SEVERITIES: readonly string[] = ['critical', 'high', 'normal', 'success', 'info'];

const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

const lines = (text: string | undefined): string =>
	text ? escape(text).replace(/\n/g, '<br>') : '';

/** A link, or its words alone where it opens nothing that is http(s). */
function anchor(url: unknown, words: string, kind = ''): string {
	const address = typeof url === 'string' ? webUrl(url) : undefined;
	if (!address) return kind ? '' : words;
	const name = kind ? ` class="${kind}"` : '';
	return `<a${name} href="${escape(address)}" target="_blank" rel="noopener noreferrer">${words}</a>`;
}

function time(item: PageItem, words: Words, zone: string): string {
	const at = (iso: string): string => {
		const instant = DateTime.fromISO(iso, { zone });
		const known = instant.isValid ? instant : DateTime.fromISO(iso, { zone: 'utc' });
		return known.isValid ? known.setLocale(words.locale).toFormat(words.format) : '';
	};
	const edited =
		item.updated_at === item.created_at ? '' : ` · ${words.edited} ${escape(at(item.updated_at))}`;
	return `<time datetime="${escape(item.created_at)}">${escape(at(item.created_at))}</time>${edited}`;
}

function message(item: PageItem, words: Words, zone: string): string {
	const { payload } = item;
	const severity = SEVERITIES.includes(item.severity) ? item.severity : 'normal';
	const ticket = isObject(payload.ticket) ? payload.ticket : {};
	const fields = list(payload.fields).map(
		(field) =>
			`<dt>${escape(textIn(field, 'label') ?? '')}</dt><dd>${lines(textIn(field, 'value'))}</dd>`,
	);
	const entries = list(payload.entries).map(
		(entry) =>
			`<li>${anchor(entry.url, escape(textIn(entry, 'title') ?? ''))}${entry.text ? `<br><small>${lines(textIn(entry, 'text'))}</small>` : ''}</li>`,
	);
	const more = isObject(payload.more) ? payload.more : undefined;
	const buttons = [
		...list(payload.buttons).map((one) =>
			anchor(
				one.url,
				escape(textIn(one, 'label') ?? '…'),
				one.style === 'primary' ? 'button main' : 'button',
			),
		),
		...list(payload.links).map((one) =>
			anchor(one.url, escape(textIn(one, 'label') ?? '…'), 'button'),
		),
	].join('');
	const isUnread = item.read_at === null;
	return `<article class="${severity}${isUnread ? ' unread' : ''}">
<h2>${isUnread ? `<span class="dot" role="img" aria-label="${words.isNew}"></span>` : ''}${anchor(ticket.url, escape(item.title))}</h2>
<p class="when">${time(item, words, zone)}</p>
${payload.text ? `<p>${lines(textIn(payload, 'text'))}</p>` : ''}
${fields.length > 0 ? `<dl>${fields.join('')}</dl>` : ''}
${entries.length > 0 ? `<ul>${entries.join('')}</ul>` : ''}
${more ? `<p>${anchor(more.url, escape(textIn(more, 'label') ?? ''))}</p>` : ''}
${buttons ? `<p class="buttons">${buttons}</p>` : ''}
${payload.footer ? `<p class="foot">${escape(textIn(payload, 'footer') ?? '')}</p>` : ''}
</article>`;
}

/**
 * A person's inbox as one HTML page: no script, no other file, light and dark. Its own policy allows nothing but its
 * style, so it may stand in a frame of any portal. Every text is escaped; links open http(s) only, in a tab of their own.
 */
export function inboxPage(items: readonly PageItem[], options: PageOptions): string {
	const isChinese = (options.language ?? '').toLowerCase().startsWith('zh');
	const words = isChinese ? WORDS.zh : WORDS.en;
	const zone = options.timezone?.trim() || 'utc';
	const title = escape(options.title?.trim() || words.title);
	const hash = createHash('sha256').update(STYLE).digest('base64');
	const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
	const count =
		options.unread > 0 ? `<span class="count">${words.unread(options.unread)}</span>` : '';
	const body =
		items.length > 0
			? items.map((item) => message(item, words, zone)).join('\n')
			: `<p class="none">${words.none}</p>`;
	return `<!doctype html>
<html lang="${isChinese ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title}</title><style>${STYLE}</style></head>
<body><main><header><h1>${title}</h1>${count}</header>
${body}
</main></body></html>`;
}
