import { anchor, buttonHtml, esc, lines } from '../html.ts';
import { arr, BOT_ICON, obj } from './types.ts';
import type { Drawer, Json } from './types.ts';
import { wecomMarkdown, wecomText } from './wecom-text.ts';

const when = (value: unknown, html: (text: string) => string): string =>
	typeof value === 'string' && value !== '' ? html(value) : '';

function textcard(part: Json): string {
	return `<div class="wc-card"><h4>${esc(part['title'])}</h4><div class="wc-body">${wecomText(String(part['description'] ?? ''))}</div>
<div class="wc-more">${anchor(part['url'], `${esc(part['btntxt'] ?? '详情')} <span>›</span>`)}</div></div>`;
}

function cardButton(button: Json, replaced: unknown): string {
	const style = [1, 2, 3, 4].includes(Number(button['style'])) ? Number(button['style']) : 1;
	if (replaced !== undefined) return '';
	return buttonHtml({
		label: String(button['text'] ?? ''),
		url: button['type'] === 1 ? button['url'] : undefined,
		action: button['key'],
		value: button['key'],
		className: `wc-button s${style}`,
	});
}

function templateCard(part: Json, replaced: unknown): string {
	const source = obj(part['source']);
	const title = obj(part['main_title']);
	const emphasis = obj(part['emphasis_content']);
	const quote = obj(part['quote_area']);
	const rows = arr(part['horizontal_content_list']).map((row) => {
		const value = row['type'] === 1 ? anchor(row['url'], esc(row['value'])) : esc(row['value']);
		return `<dt>${esc(row['keyname'])}</dt><dd>${value}</dd>`;
	});
	const jumps = arr(part['jump_list']).map(
		(jump) =>
			`<div class="wc-more">${anchor(jump['url'], `${esc(jump['title'])} <span>›</span>`)}</div>`,
	);
	const buttons = arr(part['button_list']).map((button) => cardButton(button, replaced));
	const done = replaced === undefined ? '' : `<span class="wc-button done">${esc(replaced)}</span>`;
	const action = obj(part['card_action']);
	const heading = when(
		title['title'],
		(text) => `<h4>${anchor(action['url'], esc(text), 'plain')}</h4>`,
	);
	return `<div class="wc-card">${when(source['desc'], (text) => `<div class="wc-source">${esc(text)}</div>`)}
${heading}${when(title['desc'], (text) => `<div class="wc-desc">${lines(text)}</div>`)}
${when(emphasis['title'], (text) => `<div class="wc-emphasis"><b>${esc(text)}</b>${esc(emphasis['desc'])}</div>`)}
${when(quote['quote_text'], (text) => `<div class="wc-quote">${when(quote['title'], (head) => `<b>${esc(head)}</b><br>`)}${lines(text)}</div>`)}
${when(part['sub_title_text'], (text) => `<div class="wc-sub">${lines(text)}</div>`)}
${rows.length > 0 ? `<dl>${rows.join('')}</dl>` : ''}
${buttons.length > 0 ? `<div class="wc-buttons">${buttons.join('')}${done}</div>` : ''}${jumps.join('')}</div>`;
}

function content(record: Json): string {
	const type = String(record['msgtype']);
	const part = obj(record[type]);
	if (type === 'template_card') return templateCard(part, obj(record['button'])['replace_name']);
	if (type === 'textcard') return textcard(part);
	if (type === 'markdown' || type === 'markdown_v2') {
		return `<div class="wc-bubble md">${wecomMarkdown(String(part['content'] ?? ''))}</div>`;
	}
	if (type === 'news') {
		return arr(part['articles'])
			.map((article) => textcard({ ...article, btntxt: '阅读全文' }))
			.join('');
	}
	return `<div class="wc-bubble">${wecomText(String(part['content'] ?? ''))}</div>`;
}

export const wecom: Drawer = {
	name: 'WeCom',
	color: '#2f6bd8',
	icon:
		'<svg viewBox="0 0 20 20" fill="none" stroke="#2f6bd8" stroke-width="1.7" stroke-linejoin="round">' +
		'<path d="M9 3c4 0 7 2.4 7 5.6S13 14.2 9 14.2c-.8 0-1.6-.1-2.3-.3L4 15.5l.5-2.6C3 11.900 2 10.300 2 8.600 2 5.400 5 3 9 3Z"/>' +
		'<circle cx="15.5" cy="14.5" r="2.5" fill="#f5a623" stroke="none"/></svg>',
	css: `
.wecom .canvas { background: var(--chat); border-radius: 10px; padding: 14px; display: flex; gap: 10px; font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif; font-size: 14px; line-height: 1.6; }
.wecom .bot { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #2f6bd8; color: #fff; display: grid; place-items: center; }
.wecom .who { color: var(--mute); font-size: 12px; margin-bottom: 4px; } .wecom .grow { flex: 1; min-width: 0; }
.wecom .wc-bubble, .wecom .wc-card { background: var(--card); border-radius: 8px; padding: 12px 14px; max-width: 440px; overflow-wrap: anywhere; box-shadow: 0 1px 2px #0000000f; margin-bottom: 6px; }
.wecom .wc-bubble { width: fit-content; } .wecom h3, .wecom h4, .wecom h5 { margin: 0 0 4px; font-size: 16px; line-height: 1.4; } .wecom .gap { height: 8px; }
.wecom .wc-source { color: var(--mute); font-size: 12px; margin-bottom: 6px; } .wecom .wc-desc, .wecom .wc-sub { color: var(--mute); } .wecom a.plain { color: inherit; text-decoration: none; }
.wecom .wc-emphasis { text-align: center; color: var(--mute); padding: 10px 0; } .wecom .wc-emphasis b { display: block; color: var(--text); font-size: 26px; line-height: 1.2; }
.wecom .wc-quote { background: var(--soft); border-radius: 6px; padding: 8px 10px; margin: 8px 0; font-size: 13px; }
.wecom dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 8px 0; } .wecom dt { color: var(--mute); } .wecom dd { margin: 0; }
.wecom .wc-more { border-top: 1px solid var(--line); margin-top: 10px; padding-top: 8px; } .wecom .wc-more a { color: var(--text); text-decoration: none; display: flex; justify-content: space-between; } .wecom .wc-more span { color: var(--mute); }
.wecom .wc-buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; } .wecom .wc-button { flex: 1 1 40%; text-align: center; border-radius: 6px; border: 1px solid transparent; padding: 8px; font: inherit; cursor: pointer; text-decoration: none; }
.wecom .s1 { background: #2f6bd8; color: #fff; } .wecom .s2 { background: var(--soft); color: var(--text); } .wecom .s3 { background: none; border-color: #fa5151; color: #fa5151; } .wecom .s4 { background: #fa5151; color: #fff; } .wecom .done { background: var(--soft); color: var(--mute); cursor: default; }
.wecom .c-info { color: #07a35a; } .wecom .c-comment { color: var(--mute); } .wecom .c-warning { color: #e8710a; } .wecom .t-gray { color: var(--mute); } .wecom .t-highlight { color: #e8710a; }
.wecom blockquote { border-left: 3px solid var(--line-strong); margin: 0; padding-left: 10px; color: var(--mute); } .wecom code { background: var(--soft); padding: 1px 5px; border-radius: 4px; } .wecom .mention { color: #2f6bd8; }`,
	draw(record) {
		return `<div class="canvas"><div class="bot">${BOT_ICON}</div><div class="grow"><div class="who">${esc(record.sender ?? '')}</div>${content(obj(record.payload))}</div></div>`;
	},
};
