import { esc, lines } from '../html.ts';
import { obj } from './types.ts';
import type { Drawer } from './types.ts';

/** No script, no form, nothing loaded from outside: the frame may only be measured. */
const FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const FRAME_STYLE =
	'body{margin:12px;font:15px/1.5 system-ui,sans-serif;background:#fff;color:#1f2328;overflow-wrap:anywhere}';

const frame = (html: string): string =>
	`<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${FRAME_POLICY}"><base target="_blank"><style>${FRAME_STYLE}</style>${html}`;

const SHOWN_HEADERS = [
	'message-id',
	'in-reply-to',
	'references',
	'auto-submitted',
	'list-unsubscribe',
	'importance',
	'reply-to',
];

export const email: Drawer = {
	name: 'Email',
	color: '#0b6bcb',
	icon:
		'<svg viewBox="0 0 20 20" fill="none" stroke="#0b6bcb" stroke-width="1.6" stroke-linejoin="round">' +
		'<rect x="2" y="4" width="16" height="12" rx="2"/><path d="m2.5 5.5 7.5 6 7.5-6"/></svg>',
	css: `
.email .subject { font-size: 19px; font-weight: 650; margin: 0 0 10px; line-height: 1.3; overflow-wrap: anywhere; }
.email .mail-head { display: flex; gap: 12px; align-items: center; padding-bottom: 12px; border-bottom: 1px solid var(--line); }
.email .mail-head > div { min-width: 0; overflow-wrap: anywhere; font-size: 14px; } .email .mail-head small { color: var(--mute); font-size: 13px; }
.email .face { flex: none; width: 38px; height: 38px; border-radius: 50%; background: #0b6bcb; color: #fff; display: grid; place-items: center; font-weight: 600; }
.email .tabs { display: flex; gap: 4px; margin: 10px 0 8px; } .email .tab { border: 0; background: none; color: var(--mute); padding: 5px 10px; border-radius: 6px; cursor: pointer; font: inherit; font-size: 13px; }
.email .tab[aria-selected=true] { background: var(--soft); color: var(--text); font-weight: 600; }
.email iframe { display: block; width: 100%; height: 180px; border: 1px solid var(--line); border-radius: 8px; background: #fff; }
.email pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: 13px/1.5 ui-monospace, monospace; background: var(--soft); padding: 12px; border-radius: 8px; }
.email dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 14px; margin: 0; font-size: 13px; } .email dt { color: var(--mute); } .email dd { margin: 0; overflow-wrap: anywhere; }`,
	draw(record) {
		const mail = obj(record.payload);
		const headers = obj(mail['headers']);
		const from = String(mail['from'] ?? '');
		const sender = /^"?([^"<]*?)"?\s*<([^>]*)>$/.exec(from);
		const html = typeof mail['html'] === 'string' ? mail['html'] : '';
		const tabs = [
			...(html === ''
				? []
				: [
						[
							'html',
							'Message',
							`<iframe sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" srcdoc="${esc(frame(html))}" title="Message"></iframe>`,
						],
					]),
			['text', 'Plain text', `<pre>${esc(mail['text'])}</pre>`],
			[
				'headers',
				'Headers',
				`<dl>${SHOWN_HEADERS.filter((name) => headers[name])
					.map((name) => `<dt>${name}</dt><dd>${lines(headers[name])}</dd>`)
					.join('')}</dl>`,
			],
		];
		const initial = esc(/[\p{L}\p{N}]/u.exec(from)?.[0]?.toUpperCase() ?? '@');
		return `<h4 class="subject">${esc(mail['subject'])}</h4>
<div class="mail-head"><div class="face">${initial}</div><div><b>${esc(sender?.[1] || from)}</b> <small>${esc(sender?.[1] ? sender[2] : '')}</small><br><small>to ${esc(mail['to'])}${mail['cc'] ? `, cc ${esc(mail['cc'])}` : ''}</small></div></div>
<div class="tabs" role="tablist">${tabs.map(([id, label], index) => `<button type="button" class="tab" role="tab" data-tab="${id}" aria-selected="${index === 0}">${label}</button>`).join('')}</div>
${tabs.map(([id, , body], index) => `<div data-panel="${id}"${index === 0 ? '' : ' hidden'}>${body}</div>`).join('')}`;
	},
};
