import { anchor, buttonHtml, createHolder, esc, inputHtml, lines, withoutMarks } from '../html.ts';
import { viewOf } from '../../simulators/dingtalk/view.ts';
import type { View } from '../../simulators/dingtalk/view.ts';
import { BOT_ICON, obj } from './types.ts';
import type { Drawer } from './types.ts';

/** DingTalk's markdown: headings, bold, links, lists, quotes, `<font color>`. */
export function dingtalkMarkdown(text: string): string {
	const { hold, restore } = createHolder();
	const marked = withoutMarks(text)
		.replace(/<font color=["']?(#[0-9a-f]{3,8}|\w+)["']?>|<\/font>/gi, (_all, color?: string) =>
			hold(color === undefined ? '</span>' : `<span style="color:${esc(color)}">`),
		)
		.replace(/!\[([^\]\n]*)\]\(([^)\s]*)\)/g, (_all, alt: string, url: string) =>
			hold(anchor(url, `🖼 ${esc(alt)}`)),
		)
		.replace(/\[([^\]\n]*)\]\(([^)\s]*)\)/g, (_all, label: string, url: string) =>
			hold(anchor(url, esc(label))),
		);
	const html = marked
		.split(/\r?\n/)
		.map((line) => {
			const heading = /^\s*(#{1,6})\s+(.*)$/.exec(line);
			if (heading) return `<h4>${inline(heading[2]!)}</h4>`;
			const quote = /^\s*>\s?(.*)$/.exec(line);
			if (quote) return `<blockquote>${inline(quote[1]!)}</blockquote>`;
			return line.trim() === '' ? '' : `<div>${inline(line.trim())}</div>`;
		})
		.join('');
	return restore(html);
}

const inline = (text: string): string => esc(text).replace(/\*\*([^*\n]+)\*\*/g, '<b>$1</b>');

const buttonsOf = (view: View): string =>
	view.buttons
		.map((one) =>
			buttonHtml({
				label: one.label,
				url: one.url,
				action: one.action,
				value: one.value,
				className: `dt-button ${['primary', 'danger'].includes(one.style ?? '') ? one.style! : ''}`,
			}),
		)
		.join('');

function content(view: View): string {
	const buttons = view.buttons.length > 0 ? `<div class="dt-buttons">${buttonsOf(view)}</div>` : '';
	const footer = view.footer ? `<div class="dt-footer">${esc(view.footer)}</div>` : '';
	switch (view.kind) {
		case 'text':
			return `<div class="dt-bubble">${lines(view.text)}</div>`;
		case 'link':
		case 'oa':
			return `<div class="dt-card"><h4>${anchor(view.url, esc(view.title), 'plain')}</h4><div class="dt-mute">${lines(view.text)}</div>${footer}</div>`;
		case 'interactive': {
			// One input for the whole card: what stands in it goes with any button.
			const input = view.input ? inputHtml({ label: view.input, className: 'dt-input' }) : '';
			return `<div class="dt-card"><h4 class="s-${esc(view.severity)}">${esc(view.title)}</h4>${dingtalkMarkdown(view.text)}${input}${buttons}${footer}</div>`;
		}
		default:
			return `<div class="dt-card">${dingtalkMarkdown(view.text)}${buttons}</div>`;
	}
}

export const dingtalk: Drawer = {
	name: 'DingTalk',
	color: '#1677ff',
	icon:
		'<svg viewBox="0 0 20 20" fill="none" stroke="#1677ff" stroke-width="1.7" stroke-linejoin="round">' +
		'<path d="M3 3.500c4 2.200 8.500 3.200 13.500 3.700-.4 2-1.500 3.800-3 5.300h2.300L9 18l1.400-4H8.200l1-2c-2-.4-3.600-1.300-4.500-2.800 1.200.2 2.300.2 3.300 0C5.500 8 3.800 6 3 3.500Z"/></svg>',
	css: `
.dingtalk .canvas { background: var(--chat); border-radius: 10px; padding: 14px; display: flex; gap: 10px; font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif; font-size: 14px; line-height: 1.6; }
.dingtalk .bot { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #1677ff; color: #fff; display: grid; place-items: center; }
.dingtalk .who { color: var(--mute); font-size: 12px; margin-bottom: 4px; } .dingtalk .grow { flex: 1; min-width: 0; }
.dingtalk .dt-bubble, .dingtalk .dt-card { background: var(--card); border-radius: 8px; padding: 12px 14px; max-width: 440px; overflow-wrap: anywhere; box-shadow: 0 1px 2px #0000000f; }
.dingtalk .dt-bubble { width: fit-content; } .dingtalk h4 { margin: 0 0 6px; font-size: 16px; line-height: 1.4; } .dingtalk a.plain { color: inherit; text-decoration: none; }
.dingtalk .s-critical { color: #e5484d; } .dingtalk .s-high { color: #f76b15; } .dingtalk .s-success { color: #2b9a66; }
.dingtalk .dt-mute, .dingtalk .dt-footer { color: var(--mute); } .dingtalk .dt-footer { font-size: 12px; margin-top: 8px; }
.dingtalk .dt-input { display: grid; gap: 4px; margin-top: 10px; color: var(--mute); font-size: 12px; } .dingtalk textarea { font: inherit; font-size: 14px; border: 1px solid var(--line); border-radius: 6px; padding: 6px 10px; background: var(--card); color: var(--text); }
.dingtalk .dt-buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; border-top: 1px solid var(--line); padding-top: 10px; } .dingtalk .dt-button { flex: 1 1 40%; text-align: center; border-radius: 6px; border: 1px solid var(--line); background: none; color: #1677ff; padding: 7px; font: inherit; cursor: pointer; text-decoration: none; }
.dingtalk .dt-button.primary { background: #1677ff; border-color: #1677ff; color: #fff; } .dingtalk .dt-button.danger { color: #e5484d; }
.dingtalk blockquote { border-left: 3px solid var(--line-strong); margin: 0; padding-left: 10px; color: var(--mute); }`,
	draw(record) {
		return `<div class="canvas"><div class="bot">${BOT_ICON}</div><div class="grow"><div class="who">${esc(record.sender ?? '')}</div>${content(viewOf(obj(record.payload)))}</div></div>`;
	},
};
