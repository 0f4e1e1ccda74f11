import type { Card, CardButton } from '../card';
import { bytes, cut } from '../cut';
import { isObject, oneLine, webUrl, wordsOf, type Json } from '../text';
import { TEAMS } from './limits';

/** A token that is longer than this is none of ours. */
const VALUE_MAX = 500;
/** Longer addresses would leave no room for the text. */
const URL_MAX = 1000;

const STYLE: Record<string, string> = { primary: 'positive', danger: 'destructive' };

const isToken = (value: string | undefined): value is string =>
	Boolean(value?.trim()) && (value as string).length <= VALUE_MAX;

const address = (url: string | undefined): string | undefined => {
	const found = webUrl(url);
	return found && found.length <= URL_MAX ? found : undefined;
};

/** Buttons that answer, then links; what is cut would be a broken token or address, so it is left out. */
export function actionsOf(card: Card): Json[] {
	const links = card.links.map(({ label, url }) => ({ action: 'open', label, url }));
	return [...card.buttons, ...links]
		.map(action)
		.filter((one) => one !== undefined)
		.slice(0, TEAMS.buttons);
}

function action(button: CardButton): Json | undefined {
	const { value, url, label, style, input } = button;
	const title = cut(oneLine(label), TEAMS.buttonText, bytes) || '…';
	const look = style && STYLE[style] ? { style: STYLE[style] } : {};
	if (isToken(value)) {
		const press = execute(title, button.action || 'open', value, look);
		return input ? withInput(title, input, press) : press;
	}
	const target = address(url);
	return target ? { type: 'Action.OpenUrl', title, url: target, ...look } : undefined;
}

/** Clients that do not know Action.Execute send the same data in a message. */
function execute(title: string, verb: string, token: string, look: Json): Json {
	const data = { token };
	return {
		type: 'Action.Execute',
		title,
		verb,
		data,
		...look,
		fallback: { type: 'Action.Submit', title, data, ...look },
	};
}

const withInput = (title: string, input: { name: string; label: string }, press: Json): Json => ({
	type: 'Action.ShowCard',
	title,
	card: {
		type: 'AdaptiveCard',
		version: TEAMS.version,
		body: [
			{
				type: 'Input.Text',
				id: cut(input.name, 60, bytes) || 'comment',
				placeholder: cut(oneLine(input.label), 200, bytes),
				isMultiline: true,
			},
		],
		actions: [press],
	},
});

const CALLS_BACK = new Set(['Action.Execute', 'Action.Submit', 'Action.ShowCard']);

/** A card for a workflow, which can only open links. */
export function onlyLinks(value: unknown): unknown {
	if (Array.isArray(value)) return value.filter((one) => !callsBack(one)).map(onlyLinks);
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([, entry]) => !callsBack(entry))
			.map(([key, entry]) => [key, onlyLinks(entry)]),
	);
}

const callsBack = (value: unknown): boolean =>
	isObject(value) && CALLS_BACK.has(wordsOf(value.type));
