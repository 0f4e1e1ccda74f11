import type { Rendered, RenderedButton } from '../record.ts';
import { isObject, objects, refuse } from './directory.ts';
import type { Json } from './directory.ts';

const CARD = 'application/vnd.microsoft.card.adaptive';
const ELEMENTS = [
	'TextBlock',
	'FactSet',
	'Image',
	'ImageSet',
	'Container',
	'ColumnSet',
	'Column',
	'ActionSet',
	'RichTextBlock',
	'Media',
	'Table',
];
const ACTIONS = [
	'Action.OpenUrl',
	'Action.Execute',
	'Action.Submit',
	'Action.ShowCard',
	'Action.ToggleVisibility',
];
const COLORS = ['default', 'dark', 'light', 'accent', 'good', 'warning', 'attention'];

const bad = (why: string): never => refuse(400, 'BadSyntax', why);

/** Refuses what Teams would not take as a message. */
export function checkMessage(body: Json, text: string): void {
	if (Buffer.byteLength(text, 'utf8') > 28 * 1024)
		refuse(413, 'MessageSizeTooBig', 'Message size too large.');
	if (body['type'] !== 'message') bad('Activity type must be message');
	const attachments = body['attachments'];
	if (attachments !== undefined && !Array.isArray(attachments)) bad('attachments is no list');
	if (!body['text'] && objects(attachments).length === 0) bad('Activity has no content');
	for (const one of objects(attachments)) {
		if (typeof one['contentType'] !== 'string') bad('attachment without contentType');
		if (one['contentType'] === CARD) checkCard(one['content']);
	}
}

function checkCard(card: unknown): void {
	if (!isObject(card) || card['type'] !== 'AdaptiveCard') return bad('content is no AdaptiveCard');
	if (!/^1\.[0-5]$/.test(String(card['version'])))
		bad(`version ${String(card['version'])} is not supported`);
	for (const one of objects(card['body'])) element(one);
	for (const one of objects(card['actions'])) action(one);
}

function element(one: Json): void {
	const type = String(one['type']);
	if (type.startsWith('Input.')) {
		if (typeof one['id'] !== 'string' || one['id'] === '') bad(`${type} without id`);
		return;
	}
	if (!ELEMENTS.includes(type)) bad(`unknown element ${type}`);
	if (type === 'TextBlock') {
		if (typeof one['text'] !== 'string') bad('TextBlock without text');
		if (one['color'] !== undefined && !COLORS.includes(String(one['color']).toLowerCase()))
			bad('unknown color');
	}
	if (type === 'FactSet') {
		const facts = objects(one['facts']);
		if (
			facts.length === 0 ||
			facts.some((fact) => typeof fact['title'] !== 'string' || typeof fact['value'] !== 'string')
		)
			bad('FactSet without facts');
	}
	for (const inner of [...objects(one['items']), ...objects(one['columns'])]) element(inner);
}

function action(one: Json): void {
	const type = String(one['type']);
	if (!ACTIONS.includes(type)) bad(`unknown action ${type}`);
	if (type === 'Action.OpenUrl' && !(typeof one['url'] === 'string' && URL.canParse(one['url'])))
		bad('Action.OpenUrl without url');
	if (type === 'Action.ShowCard') checkCard(one['card']);
	if (isObject(one['fallback'])) action(one['fallback']);
}

const str = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Markdown of Teams as a person reads it. */
export const readable = (text: string): string =>
	text
		.replace(/(?<!\\)\[((?:\\.|[^\]\\])*)\]\([^)]*\)/g, '$1')
		.replace(/(?<!\\)\*\*/g, '')
		.replace(/\\(.)/g, '$1')
		.replace(/\n\n/g, '\n')
		.trim();

export const cardsOf = (body: Json): Json[] =>
	objects(body['attachments']).flatMap((one) => (isObject(one['content']) ? [one['content']] : []));

/** Every action in reading order, those inside an Action.ShowCard too. */
export function actionsOf(card: Json): Json[] {
	return objects(card['actions']).flatMap((one) =>
		one['type'] === 'Action.ShowCard' && isObject(one['card']) ? actionsOf(one['card']) : [one],
	);
}

const tokenOf = (one: Json): string | undefined =>
	str(isObject(one['data']) ? one['data']['token'] : '') || undefined;

const button = (one: Json): RenderedButton => ({
	label: str(one['title']),
	action: str(one['verb']) || undefined,
	value: tokenOf(one),
	url: str(one['url']) || undefined,
	style: str(one['style']) || undefined,
});

/** By its place, token or words. */
export function findAction(body: Json, which: number | string): Json | undefined {
	const all = cardsOf(body).flatMap(actionsOf);
	return typeof which === 'number'
		? all[which]
		: all.find((one) => tokenOf(one) === which || one['title'] === which);
}

/** The id of the text input beside an action: in its own Action.ShowCard, or in the card. */
export function inputOf(card: Json, action: Json): string | undefined {
	const isHere = objects(card['actions']).includes(action);
	const id = objects(card['body']).find((one) => one['type'] === 'Input.Text')?.['id'];
	if (isHere) return str(id) || undefined;
	for (const one of objects(card['actions'])) {
		const found = isObject(one['card']) ? inputOf(one['card'], action) : undefined;
		if (found !== undefined) return found;
	}
	return undefined;
}

export function renderTeams(body: Json): Rendered {
	const elements = cardsOf(body).flatMap((card) => objects(card['body']));
	const blocks = elements
		.filter((one) => one['type'] === 'TextBlock')
		.map((one) => readable(str(one['text'])));
	const fields = elements
		.filter((one) => one['type'] === 'FactSet')
		.flatMap((one) => objects(one['facts']))
		.map((fact) => ({ label: readable(str(fact['title'])), value: readable(str(fact['value'])) }));
	const buttons = cardsOf(body).flatMap(actionsOf).map(button);
	const [title, ...rest] = blocks;
	const text = [readable(str(body['text'])), ...rest].filter(Boolean).join('\n');
	return {
		...(title === undefined ? {} : { title }),
		text,
		...(fields.length > 0 ? { fields } : {}),
		...(buttons.length > 0 ? { buttons } : {}),
	};
}
