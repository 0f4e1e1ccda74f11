import type { Rendered, RenderedButton } from '../record.ts';
import { isObject } from './directory.ts';
import type { Json } from './directory.ts';

const str = (value: unknown): string => (typeof value === 'string' ? value : '');

const ENTITY: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** Feishu's markdown as a person reads it. */
export const readable = (text: string): string =>
	text
		.replace(/<\/?font[^>]*>/gi, '')
		.replace(/<at id=([^>\s]+)\s*>\s*<\/at>/gi, '@$1')
		.replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1')
		.replace(/(\*\*|~~)/g, '')
		.replace(/&(?:#(\d{1,5})|(lt|gt|amp|quot));/g, (_all, code?: string, name?: string) =>
			code === undefined ? ENTITY[name!]! : String.fromCharCode(Number(code)),
		)
		.trim();

/** Every element of a card, also nested ones. */
export function* elementsOf(value: unknown): Generator<Json> {
	if (Array.isArray(value)) for (const one of value) yield* elementsOf(one);
	if (!isObject(value)) return;
	if (typeof value['tag'] === 'string') yield value;
	for (const [key, entry] of Object.entries(value)) {
		if (key !== 'behaviors' && key !== 'value') yield* elementsOf(entry);
	}
}

const behaviorsOf = (button: Json): Json[] =>
	(Array.isArray(button['behaviors']) ? button['behaviors'] : []).filter(isObject);

/** What a press of this button sends: its callback's value, or an old card's `value`. */
export function valueOf(button: Json): unknown {
	const callback = behaviorsOf(button).find((one) => one['type'] === 'callback');
	return callback ? callback['value'] : button['value'];
}

export const labelOf = (button: Json): string =>
	str((button['text'] as Json | undefined)?.['content']);

/** The name of a form's input. */
export const inputIn = (form: Json): string | undefined =>
	str([...elementsOf(form['elements'])].find((one) => one['tag'] === 'input')?.['name']) ||
	undefined;

const tokenOf = (value: unknown): string | undefined =>
	typeof value === 'string'
		? value
		: isObject(value)
			? str(value['token']) || undefined
			: undefined;

function button(element: Json): RenderedButton {
	const open = behaviorsOf(element).find((one) => one['type'] === 'open_url');
	return {
		label: labelOf(element),
		action: str(element['name']) || undefined,
		value: tokenOf(valueOf(element)),
		url: str(open?.['default_url'] ?? element['url']) || undefined,
		style: str(element['type']) || undefined,
	};
}

function card(value: Json): Rendered {
	const header = (value['header'] as Json | undefined)?.['title'] as Json | undefined;
	const body = (value['body'] as Json | undefined)?.['elements'] ?? value['elements'];
	const all = [...elementsOf(body)];
	const texts = all
		.filter((one) => ['markdown', 'lark_md'].includes(str(one['tag'])))
		.map((one) => readable(str(one['content'])));
	const fields = texts.flatMap((text) => {
		const [label, ...rest] = text.split('\n');
		return rest.length === 1 && label!.length <= 40 ? [{ label: label!, value: rest[0]! }] : [];
	});
	const buttons = all.filter((one) => one['tag'] === 'button').map(button);
	return {
		title: str(header?.['content']) || undefined,
		text: texts.filter(Boolean).join('\n'),
		...(fields.length > 0 ? { fields } : {}),
		...(buttons.length > 0 ? { buttons } : {}),
	};
}

function post(value: Json): Rendered {
	const part = (Object.values(value)[0] as Json | undefined) ?? {};
	const lines = ((part['content'] as Json[][] | undefined) ?? []).map((line) =>
		line.map((one) => str(one['text']) || (one['tag'] === 'at' ? '@' : '')).join(''),
	);
	return { title: str(part['title']) || undefined, text: lines.join('\n') };
}

/** `content` is parsed JSON: a card, a post without its outer `post`, or a text. */
export function renderFeishu(type: string, content: Json): Rendered {
	if (type === 'interactive') return card(content);
	if (type === 'post') return post(content);
	return { text: str(content['text']) };
}
