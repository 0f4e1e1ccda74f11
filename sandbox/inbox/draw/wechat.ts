import { anchor, esc, lines } from '../html.ts';
import { arr, BOT_ICON, obj } from './types.ts';
import type { Drawer, Json } from './types.ts';

function template(payload: Json): string {
	const rows = arr(payload['fields']).map(
		(row) => `<dt>${esc(row['label'])}</dt><dd>${esc(row['value'])}</dd>`,
	);
	const more = payload['url']
		? `<div class="wx-more">${anchor(payload['url'], '详情 <span>›</span>')}</div>`
		: '';
	return `<div class="wx-card"><h4>${esc(payload['template'])}</h4><dl>${rows.join('')}</dl>${more}</div>`;
}

export const wechat: Drawer = {
	name: 'WeChat',
	color: '#07c160',
	icon:
		'<svg viewBox="0 0 20 20" fill="none" stroke="#07c160" stroke-width="1.6" stroke-linejoin="round">' +
		'<path d="M8 3C4.700 3 2 5.200 2 8c0 1.500.8 2.900 2 3.800L3.500 14l2.200-1.200c.7.2 1.500.3 2.300.3"/>' +
		'<path d="M13 8c-2.800 0-5 1.900-5 4.200s2.200 4.200 5 4.200c.6 0 1.200-.1 1.800-.3l1.900 1-.5-1.700c1.100-.8 1.800-1.900 1.800-3.200C18 9.900 15.800 8 13 8Z"/></svg>',
	css: `
.wechat .canvas { background: var(--chat); border-radius: 10px; padding: 14px; display: flex; gap: 10px; font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif; font-size: 14px; line-height: 1.6; }
.wechat .bot { flex: none; width: 36px; height: 36px; border-radius: 4px; background: #07c160; color: #fff; display: grid; place-items: center; }
.wechat .who { color: var(--mute); font-size: 12px; margin-bottom: 4px; } .wechat .grow { flex: 1; min-width: 0; }
.wechat .wx-bubble, .wechat .wx-card { background: var(--card); border-radius: 8px; padding: 12px 14px; max-width: 440px; overflow-wrap: anywhere; box-shadow: 0 1px 2px #0000000f; }
.wechat .wx-bubble { width: fit-content; } .wechat h4 { margin: 0 0 8px; font-size: 16px; }
.wechat dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; } .wechat dt { color: var(--mute); } .wechat dd { margin: 0; }
.wechat .wx-more { border-top: 1px solid var(--line); margin-top: 10px; padding-top: 8px; } .wechat .wx-more a { color: var(--text); text-decoration: none; display: flex; justify-content: space-between; } .wechat .wx-more span { color: var(--mute); }`,
	draw(record) {
		const payload = obj(record.payload);
		const body =
			payload['msgtype'] === 'text'
				? `<div class="wx-bubble">${lines(obj(payload['text'])['content'])}</div>`
				: template(payload);
		return `<div class="canvas"><div class="bot">${BOT_ICON}</div><div class="grow"><div class="who">${esc(record.sender ?? '')}</div>${body}</div></div>`;
	},
};
