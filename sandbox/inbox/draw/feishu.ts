import { buttonHtml, esc, inputHtml, lines } from '../html.ts';
import { feishuMarkdown } from './feishu-text.ts';
import { arr, BOT_ICON, obj } from './types.ts';
import type { Drawer, Json, NameOf } from './types.ts';

const HEADERS = ['red', 'orange', 'green', 'blue', 'grey'];

function button(part: Json): string {
	const behaviors = arr(part['behaviors']);
	const open = behaviors.find((one) => one['type'] === 'open_url');
	const value = behaviors.find((one) => one['type'] === 'callback')?.['value'] ?? part['value'];
	const token = typeof value === 'string' ? value : obj(value)['token'];
	return buttonHtml({
		label: String(obj(part['text'])['content'] ?? ''),
		url: open?.['default_url'] ?? part['url'],
		action: part['name'] ?? token,
		value: token,
		className: `fs-button ${['primary', 'danger'].includes(String(part['type'])) ? String(part['type']) : ''}`,
	});
}

/** `action`: the button whose text an input takes. */
function element(part: Json, nameOf: NameOf, action?: unknown): string {
	const inner = (list: unknown, own = action): string =>
		arr(list)
			.map((one) => element(one, nameOf, own))
			.join('');
	switch (part['tag']) {
		case 'markdown':
		case 'lark_md': {
			const small = part['text_size'] === 'notation' ? ' small' : '';
			return `<div class="fs-md${small}">${feishuMarkdown(String(part['content'] ?? ''), nameOf)}</div>`;
		}
		case 'plain_text':
			return `<div class="fs-md">${lines(part['content'])}</div>`;
		case 'div':
			return `${element(obj(part['text']), nameOf)}${inner(arr(part['fields']).map((one) => obj(one['text'])))}`;
		case 'column_set':
			return `<div class="fs-columns ${part['flex_mode'] === 'flow' ? 'flow' : ''}">${inner(part['columns'])}</div>`;
		case 'column':
			return `<div>${inner(part['elements'])}</div>`;
		case 'form':
			return `<div class="fs-form">${inner(part['elements'], arr(part['elements']).find((one) => one['tag'] === 'button')?.['name'])}</div>`;
		case 'input':
			return inputHtml({
				label: String(obj(part['placeholder'])['content'] ?? ''),
				action,
				className: 'fs-input',
			});
		case 'button':
			return button(part);
		case 'action':
			return `<div class="fs-columns flow">${inner(part['actions'])}</div>`;
		case 'note':
			return `<div class="small">${inner(part['elements'])}</div>`;
		case 'hr':
			return '<hr>';
		default:
			return part['tag'] === undefined ? '' : `<em>[${esc(part['tag'])}]</em>`;
	}
}

function card(content: Json, nameOf: NameOf): string {
	const header = obj(content['header']);
	const title = obj(header['title'])['content'];
	const color = HEADERS.includes(String(header['template'])) ? String(header['template']) : 'blue';
	const elements = arr(obj(content['body'])['elements'] ?? content['elements']);
	const body = elements.map((one) => element(one, nameOf)).join('');
	return `<div class="fs-card">${title === undefined ? '' : `<h4 class="h-${color}">${esc(title)}</h4>`}<div class="fs-body">${body}</div></div>`;
}

function post(content: Json): string {
	const part = obj(Object.values(content)[0]);
	const rows = (Array.isArray(part['content']) ? part['content'] : []).map((row: unknown) =>
		arr(row)
			.map((one) => lines(one['text'] ?? (one['tag'] === 'at' ? '@' : '')))
			.join(''),
	);
	return `<div class="fs-bubble"><b>${esc(part['title'])}</b><div>${rows.join('<br>')}</div></div>`;
}

function draw(payload: Json, nameOf: NameOf): string {
	const content = obj(payload['content']);
	if (payload['msg_type'] === 'interactive') return card(content, nameOf);
	if (payload['msg_type'] === 'post') return post(content);
	return `<div class="fs-bubble">${lines(content['text'])}</div>`;
}

export const feishu: Drawer = {
	name: 'Feishu',
	color: '#3370ff',
	icon:
		'<svg viewBox="0 0 20 20" fill="none" stroke-width="1.7" stroke-linejoin="round"><path stroke="#3370ff" d="M5 4h6c2 2 3 4 3 6-2 0-4 2-5 3C8 9 7 6 5 4Z"/>' +
		'<path stroke="#00b2a9" d="M2.500 8.500c3 4 7 6 10 5.500 2-.3 3.500-1.500 5-5-3-.5-5 0-7 2M2.500 8.500V15c3 2 7.500 2 11-1"/></svg>',
	css: `
.feishu .canvas { background: var(--chat); border-radius: 10px; padding: 14px; display: flex; gap: 10px; font-family: "PingFang SC", "Noto Sans CJK SC", system-ui, sans-serif; font-size: 14px; line-height: 1.6; }
.feishu .bot { flex: none; width: 36px; height: 36px; border-radius: 50%; background: #3370ff; color: #fff; display: grid; place-items: center; } .feishu .grow { flex: 1; min-width: 0; }
.feishu .who, .feishu .small { color: var(--mute); font-size: 12px; } .feishu .who { margin-bottom: 4px; }
.feishu .fs-card, .feishu .fs-bubble { background: var(--card); border: 1px solid var(--line); border-radius: 8px; max-width: 520px; overflow: hidden; overflow-wrap: anywhere; }
.feishu .fs-bubble { width: fit-content; padding: 10px 14px; } .feishu h4 { margin: 0; padding: 10px 14px; font-size: 16px; line-height: 1.4; } .feishu .fs-body { padding: 12px 14px; display: grid; gap: 8px; }
.feishu .h-red { background: #f54a4522; color: #d83931; } .feishu .h-orange { background: #ff880022; color: #c55300; } .feishu .h-green { background: #34c72422; color: #237b19; } .feishu .h-blue { background: #3370ff22; color: #245bdb; } .feishu .h-grey { background: var(--soft); color: var(--text); }
.feishu .fs-columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 8px 16px; } .feishu .fs-columns.flow { display: flex; flex-wrap: wrap; }
.feishu .fs-button { display: inline-block; font: inherit; border: 1px solid var(--line-strong); background: var(--card); color: var(--text); border-radius: 6px; padding: 5px 14px; cursor: pointer; text-decoration: none; } .feishu .fs-button.primary { border-color: #3370ff; color: #3370ff; } .feishu .fs-button.danger { border-color: #f54a45; color: #d83931; }
.feishu .fs-form { display: flex; gap: 8px; align-items: end; } .feishu .fs-input { flex: 1; min-width: 0; display: grid; gap: 4px; color: var(--mute); font-size: 12px; } .feishu textarea { font: inherit; font-size: 14px; border: 1px solid var(--line-strong); border-radius: 6px; padding: 5px 10px; background: var(--card); color: var(--text); }
.feishu .c-red { color: #f54a45; } .feishu .c-orange { color: #e8710a; } .feishu .c-green { color: #2ea121; } .feishu .c-blue { color: #3370ff; } .feishu .c-grey { color: var(--mute); } .feishu .mention { color: #3370ff; } .feishu hr { border: 0; border-top: 1px solid var(--line); width: 100%; }`,
	draw(record, nameOf) {
		return `<div class="canvas"><div class="bot">${BOT_ICON}</div><div class="grow"><div class="who">${esc(record.sender ?? '')}</div>${draw(obj(record.payload), nameOf)}</div></div>`;
	},
};
