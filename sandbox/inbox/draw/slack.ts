import { anchor, buttonHtml, esc, inputHtml, lines } from '../html.ts';
import { emoji, mrkdwn } from './mrkdwn.ts';
import { arr, BOT_ICON, obj } from './types.ts';
import type { Drawer, Json, NameOf } from './types.ts';

const textObject = (value: unknown, nameOf: NameOf): string => {
	const { type, text } = obj(value);
	return type === 'mrkdwn' ? mrkdwn(String(text ?? ''), nameOf) : emoji(lines(text));
};

function element(value: Json, nameOf: NameOf): string {
	switch (value['type']) {
		case 'button': {
			const style = ['primary', 'danger'].includes(String(value['style']))
				? ` ${String(value['style'])}`
				: '';
			const label = String(obj(value['text'])['text'] ?? '');
			return buttonHtml({
				label,
				url: value['url'],
				action: value['action_id'],
				value: value['value'],
				className: `sl-button${style}`,
			});
		}
		case 'static_select':
			return `<span class="sl-button">${textObject(value['placeholder'], nameOf) || 'Select'} ▾</span>`;
		case 'overflow':
			return '<span class="sl-button">⋯</span>';
		case 'image':
			return anchor(value['image_url'], `🖼 ${esc(value['alt_text'])}`);
		default:
			return textObject(value, nameOf);
	}
}

const elements = (block: Json, nameOf: NameOf): string =>
	arr(block['elements'])
		.map((entry) => element(entry, nameOf))
		.join('');

const BLOCKS: Record<string, (block: Json, nameOf: NameOf) => string> = {
	header: (block, nameOf) => `<h4>${textObject(block['text'], nameOf)}</h4>`,
	section(block, nameOf) {
		const text =
			block['text'] === undefined
				? ''
				: `<div class="sl-text">${textObject(block['text'], nameOf)}</div>`;
		const fields = arr(block['fields']).map((field) => `<div>${textObject(field, nameOf)}</div>`);
		const grid = fields.length > 0 ? `<div class="sl-fields">${fields.join('')}</div>` : '';
		const accessory =
			block['accessory'] === undefined
				? ''
				: `<div>${element(obj(block['accessory']), nameOf)}</div>`;
		return `<div class="sl-section"><div class="grow">${text}${grid}</div>${accessory}</div>`;
	},
	context: (block, nameOf) => `<div class="sl-context">${elements(block, nameOf)}</div>`,
	actions: (block, nameOf) => `<div class="sl-actions">${elements(block, nameOf)}</div>`,
	input: (block) =>
		inputHtml({
			label: String(obj(block['label'])['text'] ?? ''),
			action: /^input:(.+)$/.exec(String(block['block_id'] ?? ''))?.[1] ?? '',
			className: 'sl-input',
		}),
	divider: () => '<hr>',
	image: (block) =>
		`<div class="sl-image">${anchor(block['image_url'], `🖼 ${esc(block['alt_text'])}`)}</div>`,
	markdown: (block) => `<div class="sl-text">${lines(block['text'])}</div>`,
};

const draw = (blocks: unknown, nameOf: NameOf): string =>
	arr(blocks)
		.map(
			(block) =>
				BLOCKS[String(block['type'])]?.(block, nameOf) ?? `<em>[${esc(block['type'])}]</em>`,
		)
		.join('');

const attachment = (value: Json, nameOf: NameOf): string => {
	const color = /^#[0-9a-f]{3,6}$/i.test(String(value['color']))
		? String(value['color'])
		: 'var(--line)';
	const body =
		value['blocks'] === undefined
			? mrkdwn(String(value['text'] ?? ''), nameOf)
			: draw(value['blocks'], nameOf);
	return `<div class="sl-attachment" style="border-color:${color}">${body}</div>`;
};

export const slack: Drawer = {
	name: 'Slack',
	color: '#611f69',
	icon:
		'<svg viewBox="0 0 20 20"><g stroke-width="2.6" stroke-linecap="round" fill="none">' +
		'<path stroke="#36c5f0" d="M8 2.6v5.2M2.6 8h5.2"/><path stroke="#2eb67d" d="M17.4 8h-5.2M12 2.6v1"/>' +
		'<path stroke="#ecb22e" d="M12 17.4v-5.2M17.4 12h-1"/><path stroke="#e01e5a" d="M2.6 12h5.2M8 17.4v-1"/></g></svg>',
	css: `
.slack .bubble { display: flex; gap: 10px; font-family: Lato, system-ui, sans-serif; font-size: 15px; line-height: 1.47; }
.slack .bot { flex: none; width: 36px; height: 36px; border-radius: 8px; background: linear-gradient(135deg,#4f46e5,#9333ea); color: #fff; display: grid; place-items: center; font-size: 18px; }
.slack .who b { font-weight: 800; } .slack .app { background: var(--soft); border-radius: 3px; padding: 0 4px; font-size: 10px; font-weight: 700; color: var(--mute); margin: 0 6px; vertical-align: 1px; }
.slack .who time { color: var(--mute); font-size: 12px; }
.slack h4 { font-size: 18px; line-height: 1.35; margin: 6px 0; font-weight: 800; }
.slack .sl-section { display: flex; gap: 12px; margin: 6px 0; } .slack .grow { flex: 1; min-width: 0; }
.slack .sl-fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; max-width: 560px; }
.slack .sl-context { display: flex; flex-wrap: wrap; gap: 4px 8px; color: var(--mute); font-size: 13px; margin: 6px 0; }
.slack .sl-actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 10px 0 4px; }
.slack .sl-button { font: 700 13px/1 Lato, system-ui, sans-serif; border: 1px solid var(--line-strong); background: var(--card); color: var(--text); border-radius: 8px; padding: 9px 13px; text-decoration: none; cursor: pointer; }
.slack .sl-button:hover { background: var(--soft); } .slack .sl-button.primary { background: #007a5a; border-color: #007a5a; color: #fff; } .slack .sl-button.danger { background: #e01e5a; border-color: #e01e5a; color: #fff; }
.slack .sl-input { display: block; font-weight: 700; margin: 8px 0; } .slack .sl-input textarea { display: block; width: 100%; box-sizing: border-box; margin-top: 4px; font: inherit; font-weight: 400; color: inherit; background: var(--card); border: 1px solid var(--line-strong); border-radius: 4px; padding: 6px 10px; }
.slack .sl-attachment { border-left: 4px solid; padding-left: 12px; margin: 8px 0; border-radius: 2px; }
.slack blockquote { border-left: 4px solid var(--line-strong); margin: 4px 0; padding-left: 12px; }
.slack code { color: var(--red); background: var(--soft); border: 1px solid var(--line); border-radius: 3px; padding: 1px 4px; font-size: 12px; }
.slack pre { background: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: 8px; white-space: pre-wrap; font-size: 12px; }
.slack .mention { background: color-mix(in srgb, var(--accent) 14%, transparent); color: var(--accent); border-radius: 3px; padding: 0 2px; } .slack hr { border: 0; border-top: 1px solid var(--line); margin: 10px 0; }
@media (max-width: 560px) { .slack .sl-fields { grid-template-columns: 1fr; } }`,
	draw(record, nameOf) {
		const message = obj(record.payload);
		const attachments = arr(message['attachments']).map((entry) => attachment(entry, nameOf));
		// With blocks the text is only the notification, and not shown.
		const text =
			arr(message['blocks']).length > 0
				? ''
				: mrkdwn(String(message['text'] ?? message['markdown_text'] ?? ''), nameOf);
		const body = draw(message['blocks'], nameOf) + attachments.join('');
		const time = esc(record.at.slice(11, 16));
		return `<div class="bubble"><div class="bot">${BOT_ICON}</div><div class="grow">
<div class="who"><b>${esc(record.sender ?? 'itsm-notify')}</b><span class="app">APP</span><time>${time} UTC</time></div>
${text === '' ? '' : `<div class="sl-text">${text}</div>`}${body}</div></div>`;
	},
};
