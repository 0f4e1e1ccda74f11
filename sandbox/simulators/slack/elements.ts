import {
	fail,
	imageLink,
	link,
	list,
	object,
	oneOf,
	only,
	optionalText,
	plain,
	text,
} from './schema.ts';
import { textObject } from './schema.ts';
import type { Json } from './schema.ts';

function confirm(value: unknown, pointer: string): void {
	const given = object(value, pointer);
	only(given, ['title', 'text', 'confirm', 'deny', 'style'], pointer);
	plain(given['title'], 100, `${pointer}/title`);
	textObject(given['text'], 300, `${pointer}/text`);
	plain(given['confirm'], 30, `${pointer}/confirm`);
	plain(given['deny'], 30, `${pointer}/deny`);
	if (given['style'] !== undefined)
		oneOf(given['style'], ['primary', 'danger'], `${pointer}/style`);
}

function button(given: Json, pointer: string): void {
	const known = [
		'type',
		'text',
		'action_id',
		'url',
		'value',
		'style',
		'confirm',
		'accessibility_label',
	];
	only(given, known, pointer);
	plain(given['text'], 75, `${pointer}/text`);
	optionalText(given['accessibility_label'], 75, `${pointer}/accessibility_label`);
	optionalText(given['value'], 2000, `${pointer}/value`);
	if (given['url'] !== undefined) link(given['url'], `${pointer}/url`);
	if (given['style'] !== undefined)
		oneOf(given['style'], ['primary', 'danger'], `${pointer}/style`);
	if (given['confirm'] !== undefined) confirm(given['confirm'], `${pointer}/confirm`);
}

function option(value: unknown, pointer: string, withUrl: boolean): void {
	const given = object(value, pointer);
	only(given, ['text', 'value', 'description', ...(withUrl ? ['url'] : [])], pointer);
	plain(given['text'], 75, `${pointer}/text`);
	text(given['value'], 75, `${pointer}/value`);
	if (given['description'] !== undefined) plain(given['description'], 75, `${pointer}/description`);
	if (given['url'] !== undefined) link(given['url'], `${pointer}/url`);
}

function overflow(given: Json, pointer: string): void {
	only(given, ['type', 'action_id', 'options', 'confirm'], pointer);
	const options = list(given['options'], 1, 5, `${pointer}/options`);
	options.forEach((entry, index) => option(entry, `${pointer}/options/${index}`, true));
	if (given['confirm'] !== undefined) confirm(given['confirm'], `${pointer}/confirm`);
}

function staticSelect(given: Json, pointer: string): void {
	const known = [
		'type',
		'action_id',
		'options',
		'initial_option',
		'placeholder',
		'confirm',
		'focus_on_load',
	];
	only(given, known, pointer);
	const options = list(given['options'], 1, 100, `${pointer}/options`);
	options.forEach((entry, index) => option(entry, `${pointer}/options/${index}`, false));
	if (given['placeholder'] !== undefined)
		plain(given['placeholder'], 150, `${pointer}/placeholder`);
	if (given['initial_option'] !== undefined) {
		option(given['initial_option'], `${pointer}/initial_option`, false);
	}
	if (given['confirm'] !== undefined) confirm(given['confirm'], `${pointer}/confirm`);
}

export function image(given: Json, pointer: string): void {
	only(given, ['type', 'image_url', 'alt_text'], pointer);
	imageLink(given['image_url'], `${pointer}/image_url`);
	text(given['alt_text'], 2000, `${pointer}/alt_text`);
}

const INTERACTIVE: Record<string, (given: Json, pointer: string) => void> = {
	button,
	overflow,
	static_select: staticSelect,
};

/** Checks a button, menu or select and that its `action_id` is new in this block. */
export function interactive(value: unknown, pointer: string, actionIds: Set<string>): void {
	const given = object(value, pointer);
	const type = oneOf(given['type'], Object.keys(INTERACTIVE), `${pointer}/type`);
	INTERACTIVE[type]!(given, pointer);
	if (given['action_id'] === undefined) return;
	const id = text(given['action_id'], 255, `${pointer}/action_id`);
	if (actionIds.has(id)) {
		fail(`${pointer}/action_id`, `\`action_id\` "${id}" already exists for another element`);
	}
	actionIds.add(id);
}

/** Only text inputs are modelled. */
export function textInput(value: unknown, pointer: string): void {
	const given = object(value, pointer);
	oneOf(given['type'], ['plain_text_input'], `${pointer}/type`);
	const known = [
		'type',
		'action_id',
		'placeholder',
		'initial_value',
		'multiline',
		'min_length',
		'max_length',
	];
	only(given, [...known, 'focus_on_load'], pointer);
	text(given['action_id'], 255, `${pointer}/action_id`);
	optionalText(given['initial_value'], 3000, `${pointer}/initial_value`);
	if (given['placeholder'] !== undefined)
		plain(given['placeholder'], 150, `${pointer}/placeholder`);
	const max = given['max_length'];
	if (max !== undefined && !(Number.isInteger(max) && Number(max) >= 1 && Number(max) <= 3000))
		fail(`${pointer}/max_length`, 'must be 1 to 3000');
}

export function accessory(value: unknown, pointer: string): void {
	const given = object(value, pointer);
	if (given['type'] === 'image') image(given, pointer);
	else interactive(given, pointer, new Set());
}
