import type { Card, CardEntry, CardField, Severity } from '../card';
import { cut } from '../cut';
import { digestTail } from '../digest-tail';
import { clean, oneLine, webUrl } from '../text';
import { escape, escapeWithLinks } from './escape';
import { EMAIL, limits } from './limits';

const STRIPES: Record<Severity, string> = {
	critical: '#c62828',
	high: '#e8710a',
	normal: '#2f6bd8',
	success: '#1e8e3e',
	info: '#7a828e',
};

/** Colours stand inline for mail programs that drop styles; the style sheet only turns them for dark mode. */
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
a.l{color:#1a5fd0}
@media (max-width:480px){.pad{padding-left:16px!important;padding-right:16px!important}}
@media (prefers-color-scheme:dark){
.page{background:#16181c!important}.card{background:#22252b!important;border-color:#383d46!important}
.t,.t td,.t div{color:#e8eaed!important}.m{color:#a0a7b4!important}.row{border-color:#383d46!important}
a.l{color:#8ab4f8!important}}`;

const FONT =
	"-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei',sans-serif";

/** The frame of every mail. `rows` are table rows, escaped already. */
export function page(
	about: { title: string; language: string; preview?: string; stripe?: string },
	rows: string[],
): string {
	const preview = about.preview
		? `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escape(about.preview)}</div>\n`
		: '';
	return `<!DOCTYPE html>
<html lang="${escape(about.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escape(about.title)}</title>
<style>${STYLE}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f2f4f7;font-family:${FONT}">
${preview}<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="page" style="background:#f2f4f7"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="card t" style="max-width:600px;background:#ffffff;border:1px solid #dfe3e8;border-top:5px solid ${about.stripe ?? STRIPES.normal};border-radius:6px;color:#1f2328">
${rows.join('\n')}
</table>
</td></tr></table>
</body>
</html>`;
}

/** One row of the frame; `html` is escaped already. */
export const row = (html: string, style = ''): string =>
	`<tr><td class="pad" style="padding:6px 28px;font-size:15px;line-height:1.55;color:#1f2328;overflow-wrap:anywhere;${style}">${html}</td></tr>`;

/** A card as an HTML mail: severity stripe, title, fields, text, digest list, buttons, footer. */
export function html(card: Card): string {
	const title = oneLine(card.title);
	const rows = [
		row(
			`<div role="heading" aria-level="1" style="font-size:20px;line-height:1.35;font-weight:600">${escape(title)}</div>`,
			'padding-top:22px',
		),
		card.text ? row(escapeWithLinks(cut(card.text.trim(), EMAIL.entryText))) : '',
		fieldTable(card.fields),
		card.body ? row(escapeWithLinks(cut(clean(card.body).trim(), EMAIL.text))) : '',
		entryTable(card),
		buttons(card),
		footer(card),
	];
	return page(
		{
			title,
			language: card.language,
			preview: card.text && oneLine(card.text),
			stripe: STRIPES[card.severity],
		},
		rows.filter(Boolean),
	);
}

function fieldTable(fields: CardField[]): string {
	if (fields.length === 0) return '';
	const rows = fields.map(
		({ label, value }) =>
			`<tr><td class="m row" width="130" style="padding:6px 12px 6px 0;border-top:1px solid #eceff3;color:#656d76;font-size:13px;vertical-align:top">${escape(oneLine(label))}</td><td class="row" style="padding:6px 0;border-top:1px solid #eceff3;font-size:14px;vertical-align:top;overflow-wrap:anywhere">${escapeWithLinks(cut(clean(value).trim(), EMAIL.fieldValue))}</td></tr>`,
	);
	return row(
		`<table class="t" width="100%" cellpadding="0" cellspacing="0" border="0">${rows.join('\n')}</table>`,
	);
}

function entryTable(card: Card): string {
	const all = card.entries ?? [];
	const shown = all.slice(0, limits.digestEntries);
	const tail = digestTail(card, shown.length);
	if (shown.length === 0 && !tail) return '';
	const rows = shown.map(entryRow);
	if (tail) {
		const label = escape(oneLine(tail.label));
		const linked = tail.url ? `<a class="l" href="${escape(tail.url)}">${label}</a>` : label;
		rows.push(
			`<tr><td class="row" style="padding:10px 0 4px;border-top:1px solid #eceff3;font-size:14px">${linked}</td></tr>`,
		);
	}
	return row(
		`<table role="list" class="t" width="100%" cellpadding="0" cellspacing="0" border="0">${rows.join('\n')}</table>`,
	);
}

function entryRow(entry: CardEntry): string {
	const url = webUrl(entry.url);
	const title = escape(oneLine(entry.title) || '–');
	const head = url
		? `<a class="l" href="${escape(url)}" style="font-weight:600;text-decoration:none">${title}</a>`
		: `<b>${title}</b>`;
	const text = entry.text
		? `<div class="m" style="color:#656d76;font-size:13px">${escapeWithLinks(cut(clean(entry.text).trim(), EMAIL.entryText))}</div>`
		: '';
	const mark = `border-left:3px solid ${STRIPES[entry.severity ?? 'info']}`;
	return `<tr><td class="row" style="padding:8px 0;border-top:1px solid #eceff3;font-size:14px"><div style="${mark};padding-left:10px">${head}${text}</div></td></tr>`;
}

function buttons(card: Card): string {
	const all = [...card.buttons, ...card.links]
		.map(({ label, url }) => ({ label, url: webUrl(url) }))
		.filter((one) => one.url);
	if (all.length === 0) return '';
	const drawn = all.slice(0, limits.buttons).map(({ label, url }, index) => {
		const look =
			index === 0
				? 'background:#2f6bd8;color:#ffffff;border:1px solid #2f6bd8'
				: 'color:#2f6bd8;border:1px solid #2f6bd8';
		return `<a href="${escape(url as string)}" style="display:inline-block;margin:4px 8px 4px 0;padding:9px 18px;border-radius:5px;font-size:14px;font-weight:600;text-decoration:none;${look}">${escape(oneLine(label) || (url as string))}</a>`;
	});
	return row(drawn.join('\n'), 'padding-top:12px');
}

const footer = (card: Card): string =>
	card.footer
		? row(
				`<div class="m" style="color:#656d76;font-size:12px">${escape(oneLine(card.footer))}</div>`,
				'padding-top:12px;padding-bottom:20px',
			)
		: row('', 'padding-bottom:12px');
