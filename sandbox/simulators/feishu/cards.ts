import { isObject, refuse } from './directory.ts';
import type { Json } from './directory.ts';

/** What a way of sending refuses: code of a broken card, and whether buttons may call back. */
export interface CardRules {
	code: number;
	callbacks: boolean;
}

const V2_TAGS = new Set([
	'markdown',
	'div',
	'hr',
	'img',
	'column_set',
	'column',
	'button',
	'form',
	'input',
	'table',
	'chart',
	'collapsible_panel',
	'interactive_container',
	'select_static',
	'multi_select_static',
	'select_person',
	'date_picker',
	'picker_time',
	'picker_datetime',
	'overflow',
	'checker',
	'person',
	'person_list',
	'plain_text',
	'lark_md',
	'standard_icon',
	'custom_icon',
	'img_combination',
]);
const TEXTS = new Set(['plain_text', 'lark_md', 'standard_icon', 'custom_icon']);
const V1_TAGS = new Set(['div', 'markdown', 'hr', 'img', 'action', 'note', 'column_set']);
const TEMPLATES = [
	'blue',
	'wathet',
	'turquoise',
	'green',
	'yellow',
	'orange',
	'red',
	'carmine',
	'violet',
	'purple',
	'indigo',
	'grey',
	'default',
];
const BUTTON_TYPES = [
	'default',
	'primary',
	'danger',
	'text',
	'primary_text',
	'danger_text',
	'primary_filled',
	'danger_filled',
	'laser',
];

/** Refuses what Feishu's card engine would, in its words: `ErrCode: <sub>; ErrMsg: …`. */
export function checkCard(card: unknown, rules: CardRules): void {
	const fail = (sub: number, why: string): never =>
		refuse(rules.code, `Failed to create card content, ext=ErrCode: ${sub}; ErrMsg: ${why}; `);
	if (!isObject(card)) return fail(200621, 'parse card json err');
	if (card['type'] === 'template') {
		const data = card['data'];
		if (!isObject(data) || typeof data['template_id'] !== 'string')
			fail(200380, 'template does not exist');
		return;
	}
	const header = card['header'];
	if (header !== undefined) checkHeader(header, fail);
	if (card['schema'] === '2.0') return checkVersion2(card, rules, fail);
	if (card['schema'] !== undefined) fail(200621, `schema ${String(card['schema'])} is not known`);
	if (!Array.isArray(card['elements']) && header === undefined) fail(200621, 'elements missing');
	for (const element of (card['elements'] as unknown[] | undefined) ?? []) {
		const tag = isObject(element) ? String(element['tag']) : '';
		if (!V1_TAGS.has(tag)) fail(11310, `unsupported tag ${tag}`);
	}
}

type Fail = (sub: number, why: string) => never;

function checkHeader(header: unknown, fail: Fail): void {
	const title = isObject(header) ? header['title'] : undefined;
	if (!isObject(title) || typeof title['content'] !== 'string')
		fail(200621, 'header.title missing');
	const template = (header as Json)['template'];
	if (template !== undefined && !TEMPLATES.includes(String(template)))
		fail(200621, `header.template ${String(template)} is not known`);
}

function checkVersion2(card: Json, rules: CardRules, fail: Fail): void {
	const body = card['body'];
	if (!isObject(body) || !Array.isArray(body['elements'])) fail(200621, 'body.elements missing');
	if (card['elements'] !== undefined) fail(200861, 'elements belongs into body in schema V2');
	const state = { count: 0, names: new Set<string>() };
	walk((body as Json)['elements'], { rules, fail, state, inForm: false });
	if (state.count > 200) fail(11310, `${state.count} elements, the limit is 200`);
}

interface Walk {
	rules: CardRules;
	fail: Fail;
	state: { count: number; names: Set<string> };
	inForm: boolean;
}

function walk(value: unknown, at: Walk): void {
	if (Array.isArray(value)) return value.forEach((one) => walk(one, at));
	if (!isObject(value)) return;
	const { fail, state } = at;
	const tag = value['tag'];
	if (tag === 'action' || tag === 'note')
		fail(200861, `cards of schema V2 no longer support this capability; unsupported tag ${tag}`);
	if (tag !== undefined && !V2_TAGS.has(String(tag))) fail(200621, `unknown tag ${String(tag)}`);
	if (tag !== undefined && !TEXTS.has(String(tag))) state.count += 1;
	if (tag === 'markdown' && typeof value['content'] !== 'string')
		fail(200621, 'markdown.content missing');
	if (tag === 'column_set' && !(Array.isArray(value['columns']) && value['columns'].length > 0))
		fail(200621, 'column_set.columns is empty');
	if (tag === 'form' || tag === 'input') name(value, at);
	if (tag === 'form' && at.inForm) fail(200621, 'a form inside a form');
	if (tag === 'button') button(value, at);
	const inForm = at.inForm || tag === 'form';
	for (const [key, entry] of Object.entries(value)) {
		if (key !== 'value' && key !== 'behaviors') walk(entry, { ...at, inForm });
	}
	if (tag === 'form' && !submits(value)) fail(200621, 'a form needs a submit button');
}

const submits = (value: unknown): boolean => {
	if (Array.isArray(value)) return value.some(submits);
	if (!isObject(value)) return false;
	return value['form_action_type'] === 'submit' || Object.values(value).some(submits);
};

function name(value: Json, { fail, state }: Walk): void {
	const given = value['name'];
	if (typeof given !== 'string' || given === '')
		return fail(200621, `${String(value['tag'])}.name missing`);
	if (state.names.has(given)) fail(200621, `name ${given} is used twice`);
	state.names.add(given);
}

function button(value: Json, at: Walk): void {
	const { fail, rules, inForm } = at;
	const text = value['text'];
	if (!isObject(text) || typeof text['content'] !== 'string' || text['content'] === '')
		fail(200621, 'button.text missing');
	if (value['type'] !== undefined && !BUTTON_TYPES.includes(String(value['type'])))
		fail(200621, `button.type ${String(value['type'])} is not known`);
	if (value['form_action_type'] !== undefined) {
		if (!inForm) fail(200621, 'form_action_type outside of a form');
		name(value, at);
	}
	const behaviors = value['behaviors'];
	if (behaviors === undefined) return;
	if (!Array.isArray(behaviors)) return fail(200621, 'button.behaviors is no list');
	for (const one of behaviors as unknown[]) {
		if (!isObject(one)) return fail(200621, 'a behavior is no object');
		if (one['type'] === 'open_url') {
			if (typeof one['default_url'] !== 'string' || !URL.canParse(one['default_url']))
				fail(200621, 'open_url.default_url is no URL');
		} else if (one['type'] === 'callback') {
			if (!rules.callbacks) fail(200621, 'a custom bot cannot receive callbacks');
			if (!isObject(one['value']) && typeof one['value'] !== 'string')
				fail(200621, 'callback.value missing');
		} else fail(200621, `behavior ${String(one['type'])} is not known`);
	}
}
