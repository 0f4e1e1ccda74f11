import type { Card } from '../card';
import { bytes, columns, cut } from '../cut';
import { oneLine, webUrl } from '../text';
import { DINGTALK } from './limits';
import { markdown } from './markdown';
import type { Button } from './notice';

/** Values of a card template's variables: texts only. docs/channels/dingtalk.md lists them. */
export type CardParams = Record<string, string>;

/** Every slot, the empty ones too: an update must be able to take a button away. */
function slots(
	buttons: ReadonlyArray<{ text: string; value?: string; url?: string; style?: string }>,
): CardParams {
	const params: CardParams = {};
	for (let at = 0; at < DINGTALK.cardButtons; at += 1) {
		const one = buttons[at];
		params[`button${at + 1}_text`] = one
			? cut(oneLine(one.text), DINGTALK.buttonText, columns) || '…'
			: '';
		params[`button${at + 1}_value`] = one?.value ?? '';
		params[`button${at + 1}_url`] = one?.url ?? '';
		params[`button${at + 1}_style`] = one?.style ?? '';
	}
	return params;
}

/** A card as the variables of the interactive card. */
export function paramsOf(card: Card): CardParams {
	const pressed = card.buttons
		.map(({ label, value, url, style }) => ({
			text: label,
			...(value?.trim() ? { value } : {}),
			...(webUrl(url) && !value?.trim() ? { url: webUrl(url) } : {}),
			style: style ?? 'default',
		}))
		.filter((one) => one.value !== undefined || one.url !== undefined);
	const open = card.links.find(({ url }) => webUrl(url));
	const input = card.buttons.find((one) => one.input)?.input;
	return {
		title: cut(oneLine(card.title) || '–', DINGTALK.title, bytes),
		severity: card.severity,
		content: markdown(card, DINGTALK.text, { title: false, links: false, footer: false }) || '–',
		footer: cut(oneLine(card.footer ?? ''), 120, bytes),
		url: webUrl(open?.url) ?? webUrl(card.ticket?.url) ?? '',
		url_label: open ? cut(oneLine(open.label), DINGTALK.buttonText, columns) : '',
		input_label: input ? cut(oneLine(input.label), DINGTALK.buttonText, columns) : '',
		language: card.language,
		...slots(pressed),
	};
}

/** A raw message as the variables of the interactive card: its buttons are links. */
export const paramsOfText = (
	title: string,
	content: string,
	buttons: readonly Button[],
): CardParams => ({
	title,
	severity: 'normal',
	content: content || '–',
	footer: '',
	url: buttons[0]?.url ?? '',
	url_label: buttons[0]?.title ?? '',
	input_label: '',
	language: '',
	...slots(buttons.slice(1).map((one) => ({ text: one.title, url: one.url, style: 'default' }))),
});
