import type { Card, CardButton } from '../card';
import { bytes, cut } from '../cut';
import { isObject, oneLine, webUrl, type Json } from '../text';
import { FEISHU } from './limits';

/** A token that is longer than this is none of ours. */
const VALUE_MAX = 500;
/** Longer addresses would leave no room for the text. */
const URL_MAX = 1000;

const TYPE: Record<string, string> = { primary: 'primary', danger: 'danger', default: 'default' };

const plain = (content: string): Json => ({ tag: 'plain_text', content });
const label = (text: string): Json => plain(cut(oneLine(text), FEISHU.buttonText, bytes) || '…');

/** What a press sends back: an object, which Feishu returns as it is. */
const callback = (token: string): Json => ({ type: 'callback', value: { token } });
const open = (url: string): Json => ({ type: 'open_url', default_url: url });

/** The card's buttons in one flowing row; each that takes a text is a form below it. */
export function buttonElements(card: Card): Json[] {
	const links = card.links.map(({ label: words, url }) => ({ action: 'open', label: words, url }));
	const wanted = [...card.buttons, ...links].filter(isDrawn).slice(0, FEISHU.buttons);
	const row = wanted.filter((one) => !hasInput(one)).map((one) => button(one));
	const names = new Map<string, number>();
	const forms = wanted.filter(hasInput).map((one) => form(one, names));
	return [...(row.length > 0 ? [flow(row)] : []), ...forms];
}

const isToken = (value: string | undefined): value is string =>
	Boolean(value?.trim()) && (value as string).length <= VALUE_MAX;

const address = (url: string | undefined): string | undefined => {
	const found = webUrl(url);
	return found && found.length <= URL_MAX ? found : undefined;
};

// What is cut would be a broken token or address: such a button is left out.
const isDrawn = ({ value, url }: CardButton): boolean =>
	isToken(value) || address(url) !== undefined;

const hasInput = ({ input, value }: CardButton): boolean => input !== undefined && isToken(value);

function behavior({ value, url }: CardButton): Json {
	return isToken(value) ? callback(value) : open(address(url) ?? '');
}

function button(one: CardButton): Json {
	return {
		tag: 'button',
		text: label(one.label),
		type: TYPE[one.style ?? 'default'],
		behaviors: [behavior(one)],
	};
}

const flow = (buttons: Json[]): Json => ({
	tag: 'column_set',
	flex_mode: 'flow',
	columns: buttons.map((one) => ({ tag: 'column', width: 'auto', elements: [one] })),
});

/** Names must be unique in a card: the second `comment` is `comment__2`, which `plainName` undoes. */
const SUFFIX = /__\d+$/;
export const plainName = (name: string): string => name.replace(SUFFIX, '');

function form(one: CardButton, names: Map<string, number>): Json {
	const { input } = one;
	const name = cut(input?.name || 'comment', 60, bytes);
	const count = (names.get(name) ?? 0) + 1;
	names.set(name, count);
	const own = count > 1 ? `${name}__${count}` : name;
	const words = oneLine(input?.label ?? '');
	return {
		tag: 'form',
		name: `form_${own}`,
		elements: [
			{
				tag: 'input',
				name: own,
				placeholder: plain(cut(words, 200, bytes) || '…'),
				width: 'fill',
			},
			{ ...button(one), name: `submit_${own}`, form_action_type: 'submit' },
		],
	};
}

/** Which kinds of button a card holds that call back: a custom bot may not send them. */
const callsBack = (element: Json): boolean =>
	Array.isArray(element.behaviors) &&
	element.behaviors.some((one: unknown) => isObject(one) && one.type === 'callback');

/** A card for a custom bot: buttons that call back, and the forms around them, are left out. */
export function onlyLinks(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value.map(onlyLinks).filter((entry) => entry !== undefined);
	}
	if (!isObject(value)) return value;
	if (value.tag === 'form' || (value.tag === 'button' && callsBack(value))) return undefined;
	const entries = Object.entries(value)
		.map(([key, entry]) => [key, onlyLinks(entry)] as const)
		.filter(([, entry]) => entry !== undefined);
	const copy = Object.fromEntries(entries);
	const isEmpty =
		(value.tag === 'column' && isEmptyList(copy.elements)) ||
		(value.tag === 'column_set' && isEmptyList(copy.columns));
	return isEmpty ? undefined : copy;
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
