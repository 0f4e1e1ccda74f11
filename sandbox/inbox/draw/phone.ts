import { anchor, buttonHtml, esc, lines } from '../html.ts';
import type { MessageRecord } from '../../simulators/record.ts';
import { obj } from './types.ts';
import type { Drawer, Json } from './types.ts';

/** The lock screen that both notices of a phone stand on. */
const css = (channel: string): string => `
.${channel} .phone { background: linear-gradient(160deg, #1f2f4d, #3d2a55); color: #fff; border-radius: 22px; padding: 18px 12px 14px; max-width: 380px; font-family: system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif; }
.${channel} .clock { text-align: center; font-size: 34px; font-weight: 300; line-height: 1; margin-bottom: 14px; }
.${channel} .note { background: #ffffffe6; color: #14181e; border-radius: 14px; padding: 10px 12px; overflow-wrap: anywhere; font-size: 14px; line-height: 1.4; }
.${channel} .app { display: flex; justify-content: space-between; color: #5d6876; font-size: 12px; margin-bottom: 3px; } .${channel} .note b { display: block; }
.${channel} .note a { color: #1d4fd8; } .${channel} .acts { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; } .${channel} .acts a, .${channel} .acts button { background: #e4e8ee; color: #14181e; border: 0; border-radius: 8px; padding: 6px 10px; font: inherit; font-size: 13px; text-decoration: none; cursor: pointer; }`;

const screen = (record: MessageRecord, app: string, body: string): string =>
	`<div class="phone"><div class="clock">${esc(record.at.slice(11, 16))}</div><div class="note"><div class="app"><span>${app}</span><span>${esc(record.sender ?? '')}</span></div>${body}</div></div>`;

/** Links of plain text to press. */
const linked = (text: string): string =>
	text
		.split(/(https?:\/\/\S+)/)
		.map((part, index) => (index % 2 === 1 ? anchor(part, esc(part)) : lines(part)))
		.join('');

const ICON = (color: string, path: string): string =>
	`<svg viewBox="0 0 20 20" fill="none" stroke="${color}" stroke-width="1.7" stroke-linejoin="round" stroke-linecap="round">${path}</svg>`;

export const sms: Drawer = {
	name: 'SMS',
	color: '#16a34a',
	icon: ICON('#16a34a', '<path d="M3 4h14v9H9l-4 4v-4H3z"/>'),
	css: css('sms'),
	draw: (record) => screen(record, 'SMS', linked(String(obj(record.payload)['text'] ?? ''))),
};

const actionsOf = (data: Json): Json[] => {
	try {
		const list = JSON.parse(String(data['actions'] ?? '[]')) as unknown;
		return Array.isArray(list) ? list.map(obj) : [];
	} catch {
		return [];
	}
};

export const push: Drawer = {
	name: 'Push',
	color: '#7c3aed',
	icon: ICON(
		'#7c3aed',
		'<rect x="6" y="2" width="8" height="16" rx="1.500"/><path d="M9 15.500h2"/>',
	),
	css: css('push'),
	draw(record) {
		const { title, body, data } = obj(record.payload);
		const values = obj(data);
		const buttons = actionsOf(values).map((one) =>
			buttonHtml({
				label: String(one['label'] ?? ''),
				url: one['url'],
				action: one['action'],
				value: one['token'],
				className: 'act',
			}),
		);
		const text = `<b>${anchor(values['url'], esc(title), 'plain') || esc(title)}</b>${lines(body)}`;
		return screen(
			record,
			'Service Desk',
			`${text}${buttons.length > 0 ? `<div class="acts">${buttons.join('')}</div>` : ''}`,
		);
	},
};
