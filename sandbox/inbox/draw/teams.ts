import { anchor, buttonHtml, createHolder, esc, inputHtml, withoutMarks } from '../html.ts';
import { arr, BOT_ICON, obj } from './types.ts';
import type { Drawer, Json } from './types.ts';

const COLORS = ['attention', 'warning', 'good', 'accent'];

/** Teams' Markdown: bold, italic and links; a backslash takes a mark's meaning away. */
function markdown(text: unknown): string {
	const { hold, restore } = createHolder();
	const unescaped = (value: string): string => value.replace(/\\(.)/g, '$1');
	const marked = withoutMarks(String(text ?? ''))
		.replace(
			/\[((?:\\.|[^\]\\\n])*)\]\(([^)\s]*)\)/g,
			(all: string, label: string, url: string, at: number, whole: string) =>
				whole[at - 1] === '\\' ? all : hold(anchor(url, esc(unescaped(label)))),
		)
		.replace(/\\([\\`*_[\]()#\-~>+.])/g, (_all, mark: string) => hold(esc(mark)));
	const html = esc(marked)
		.replace(/\*\*([^*\n]+)\*\*/g, '<b>$1</b>')
		.replace(/\n{1,2}/g, '<br>');
	return restore(html);
}

function action(part: Json): string {
	if (part['type'] === 'Action.ShowCard') {
		const inner = obj(part['card']);
		return `<details class="tm-show"><summary class="tm-button">${esc(part['title'])}</summary>${elements(inner['body'], actionOf(arr(inner['actions'])[0]))}<div class="tm-actions">${actionsHtml(inner['actions'])}</div></details>`;
	}
	const token = obj(part['data'])['token'];
	return buttonHtml({
		label: String(part['title'] ?? ''),
		url: part['url'],
		action: actionOf(part),
		value: token,
		className: `tm-button ${['positive', 'destructive'].includes(String(part['style'])) ? String(part['style']) : ''}`,
	});
}

const actionOf = (part: Json | undefined): unknown =>
	part?.['verb'] ?? obj(part?.['data'])['token'];

/** `action`: whose text an input takes. */
function element(part: Json, action?: unknown): string {
	switch (part['type']) {
		case 'TextBlock': {
			const color = String(part['color'] ?? '').toLowerCase();
			const classes = [
				COLORS.includes(color) ? `c-${color}` : '',
				part['weight'] === 'Bolder' ? 'bold' : '',
				part['size'] === 'Large' ? 'large' : '',
				part['size'] === 'Small' ? 'small' : '',
				part['separator'] === true ? 'sep' : '',
			];
			return `<div class="tm-text ${classes.filter(Boolean).join(' ')}">${markdown(part['text'])}</div>`;
		}
		case 'FactSet':
			return `<dl>${arr(part['facts'])
				.map((fact) => `<dt>${markdown(fact['title'])}</dt><dd>${markdown(fact['value'])}</dd>`)
				.join('')}</dl>`;
		case 'Input.Text':
			return inputHtml({ label: String(part['placeholder'] ?? ''), action, className: 'tm-input' });
		case 'Container':
		case 'Column':
			return elements(part['items'], action);
		case 'ColumnSet':
			return elements(part['columns'], action);
		case 'ActionSet':
			return `<div class="tm-actions">${actionsHtml(part['actions'])}</div>`;
		default:
			return `<em>[${esc(part['type'])}]</em>`;
	}
}

const elements = (list: unknown, action?: unknown): string =>
	arr(list)
		.map((one) => element(one, action))
		.join('');
const actionsHtml = (list: unknown): string => arr(list).map(action).join('');

function card(content: Json): string {
	const actions = actionsHtml(content['actions']);
	return `<div class="tm-card">${elements(content['body'])}${actions ? `<div class="tm-actions">${actions}</div>` : ''}</div>`;
}

export const teams: Drawer = {
	name: 'Teams',
	color: '#5b5fc7',
	icon:
		'<svg viewBox="0 0 20 20" fill="none" stroke="#5b5fc7" stroke-width="1.7" stroke-linejoin="round"><rect x="2.500" y="6" width="9" height="9" rx="1.500"/>' +
		'<path d="M5 8.500h4M7 8.500V13M13.500 8h4v4.500a3 3 0 0 1-3.500 3"/><circle cx="15" cy="4.500" r="1.500"/><circle cx="8.500" cy="3.500" r="1.500"/></svg>',
	css: `
.teams .canvas { background: var(--chat); border-radius: 10px; padding: 14px; display: flex; gap: 10px; font-family: "Segoe UI", system-ui, sans-serif; font-size: 14px; line-height: 1.45; }
.teams .bot { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #5b5fc7; color: #fff; display: grid; place-items: center; } .teams .grow { flex: 1; min-width: 0; }
.teams .who { color: var(--mute); font-size: 12px; margin-bottom: 4px; }
.teams .tm-card, .teams .tm-bubble { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 14px; overflow-wrap: anywhere; display: grid; gap: 8px; } .teams .tm-bubble { width: fit-content; }
.teams .bold { font-weight: 600; } .teams .large { font-size: 18px; } .teams .small { font-size: 12px; color: var(--mute); } .teams .sep { border-top: 1px solid var(--line); padding-top: 8px; }
.teams .c-attention { color: #c4314b; } .teams .c-warning { color: #b85c00; } .teams .c-good { color: #237b4b; } .teams .c-accent { color: #5b5fc7; }
.teams dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 0; } .teams dt { font-weight: 600; } .teams dd { margin: 0; }
.teams .tm-actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: start; } .teams .tm-button { display: inline-block; font: inherit; border: 1px solid var(--line-strong); background: var(--card); color: var(--text); border-radius: 4px; padding: 5px 14px; cursor: pointer; text-decoration: none; list-style: none; } .teams .tm-button.positive { background: #5b5fc7; border-color: #5b5fc7; color: #fff; } .teams .tm-button.destructive { border-color: #c4314b; color: #c4314b; }
.teams .tm-show[open] { flex-basis: 100%; } .teams .tm-input { display: grid; gap: 4px; margin: 8px 0; color: var(--mute); font-size: 12px; } .teams textarea { font: inherit; font-size: 14px; border: 1px solid var(--line-strong); border-radius: 4px; padding: 6px 10px; background: var(--card); color: var(--text); }`,
	draw(record) {
		const payload = obj(record.payload);
		const text =
			typeof payload['text'] === 'string'
				? `<div class="tm-bubble">${markdown(payload['text'])}</div>`
				: '';
		const cards = arr(payload['attachments']).map((one) => card(obj(one['content'])));
		return `<div class="canvas"><div class="bot">${BOT_ICON}</div><div class="grow"><div class="who">${esc(record.sender ?? '')}</div>${text}${cards.join('')}</div></div>`;
	},
};
