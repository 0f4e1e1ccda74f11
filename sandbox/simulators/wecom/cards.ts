import { bytes, record, refuse } from './directory.ts';
import type { Json } from './directory.ts';

const bad = (why: string): never => refuse(40058, `${why}. invalid Request Parameter`);

function text(value: unknown, name: string): string {
	if (typeof value !== 'string' || value.trim() === '') bad(`${name} missing or empty`);
	return value as string;
}

function list(value: unknown, name: string, max: number, min = 0): Json[] {
	if (value === undefined && min === 0) return [];
	if (!Array.isArray(value) || value.length < min || value.length > max) {
		bad(`${name} must hold ${min} to ${max} items`);
	}
	return (value as unknown[]).map((entry, index) => record(entry, `${name}[${index}]`));
}

function url(value: unknown, name: string): void {
	const address = text(value, name);
	if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
		bad(`${name} is no http(s) url`);
}

/** A jump: nothing, a web page, or a mini program. */
function jump(value: Json, name: string, allowed: number[]): void {
	const type = (value['type'] as number | undefined) ?? 0;
	if (!allowed.includes(type)) bad(`${name}.type must be one of ${allowed.join(', ')}`);
	if (type === 1) url(value['url'], `${name}.url`);
	if (type === 2) text(value['appid'], `${name}.appid`);
}

function horizontal(card: Json): void {
	list(card['horizontal_content_list'], 'horizontal_content_list', 6).forEach((entry, index) => {
		const name = `horizontal_content_list[${index}]`;
		text(entry['keyname'], `${name}.keyname`);
		const type = (entry['type'] as number | undefined) ?? 0;
		if (![0, 1, 2, 3].includes(type)) bad(`${name}.type must be 0 to 3`);
		if (type === 1) url(entry['url'], `${name}.url`);
		if (type === 2) refuse(40007, 'invalid media_id');
		if (type === 3) text(entry['userid'], `${name}.userid`);
		if (entry['value'] !== undefined && typeof entry['value'] !== 'string')
			bad(`${name}.value is no string`);
	});
}

function menu(card: Json): void {
	if (card['action_menu'] === undefined) return;
	const actions = list(
		record(card['action_menu'], 'action_menu')['action_list'],
		'action_list',
		3,
		1,
	);
	keys(actions, 'action_list');
}

/** Keys come back in the callback: present, at most 1024 bytes, no two alike. */
function keys(entries: Json[], name: string): void {
	const seen = new Set<string>();
	entries.forEach((entry, index) => {
		text(entry['text'], `${name}[${index}].text`);
		if (entry['type'] === 1) return url(entry['url'], `${name}[${index}].url`);
		const key = text(entry['key'], `${name}[${index}].key`);
		if (bytes(key) > 1024) bad(`${name}[${index}].key exceed max length 1024`);
		if (seen.has(key)) bad(`${name}[${index}].key is repeated`);
		seen.add(key);
	});
}

function buttons(card: Json): void {
	const entries = list(card['button_list'], 'button_list', 6, 1);
	entries.forEach((entry, index) => {
		const { style, type } = entry;
		if (style !== undefined && ![1, 2, 3, 4].includes(style as number))
			bad(`button_list[${index}].style must be 1 to 4`);
		if (type !== undefined && ![0, 1].includes(type as number))
			bad(`button_list[${index}].type must be 0 or 1`);
	});
	keys(entries, 'button_list');
}

function notice(card: Json): void {
	const action = record(card['card_action'], 'card_action');
	jump(action, 'card_action', [1, 2]);
	list(card['jump_list'], 'jump_list', 3).forEach((entry, index) => {
		text(entry['title'], `jump_list[${index}].title`);
		jump(entry, `jump_list[${index}]`, [0, 1, 2]);
	});
}

const mainTitle = (card: Json): Json =>
	card['main_title'] === undefined ? {} : record(card['main_title'], 'main_title');

const CARDS: Record<string, (card: Json) => void> = {
	text_notice(card) {
		if (!mainTitle(card)['title'] && !card['sub_title_text'])
			bad('main_title.title or sub_title_text missing');
		notice(card);
	},
	news_notice(card) {
		text(mainTitle(card)['title'], 'main_title.title');
		if (card['card_image'] === undefined && card['image_text_area'] === undefined)
			bad('card_image missing');
		if (card['card_image'] !== undefined)
			url(record(card['card_image'], 'card_image')['url'], 'card_image.url');
		list(card['vertical_content_list'], 'vertical_content_list', 4);
		notice(card);
	},
	button_interaction(card) {
		text(mainTitle(card)['title'], 'main_title.title');
		if (card['card_action'] !== undefined)
			jump(record(card['card_action'], 'card_action'), 'card_action', [0, 1, 2]);
		buttons(card);
	},
};

/** Whether a press comes back, so that the send answers with a `response_code`. */
export const callsBack = (card: Json): boolean =>
	card['card_type'] === 'button_interaction' || card['action_menu'] !== undefined;

/** Vote and multiple-choice cards are not modelled: they are refused, saying so. */
export function checkCard(value: unknown, allowed: string[]): Json {
	const card = record(value, 'template_card');
	const type = String(card['card_type']);
	if (!allowed.includes(type)) bad(`card_type ${type} not allowed here (${allowed.join(', ')})`);
	if (card['source'] !== undefined) record(card['source'], 'source');
	if (card['quote_area'] !== undefined)
		jump(record(card['quote_area'], 'quote_area'), 'quote_area', [0, 1, 2]);
	horizontal(card);
	menu(card);
	CARDS[type]!(card);
	const task = card['task_id'];
	if (callsBack(card) && task === undefined) bad('task_id missing');
	if (task !== undefined && !(typeof task === 'string' && /^[0-9A-Za-z_\-@]{1,128}$/.test(task))) {
		bad('task_id may hold only 0-9 A-Z a-z _ - @, at most 128 bytes');
	}
	return card;
}
