import type { Card } from '../card';
import { bytes, columns, cut } from '../cut';
import { oneLine, webUrl, type Json } from '../text';
import { DINGTALK } from './limits';
import { markdown } from './markdown';
import { fitNotice, type Button } from './notice';
import { paramsOf } from './params';

/**
 * A card for every way of sending: the robot's form (`actionCard` with links, else `markdown`), which one-to-one messages
 * share; under `notice` the work notice, which is far shorter; under `card` the variables of an interactive card.
 */
export function draw(card: Card): Json {
	const title = cut(oneLine(card.title) || '–', DINGTALK.title, bytes);
	const isDigest = (card.entries?.length ?? 0) > 0 || card.more !== undefined;
	const buttons = isDigest ? [] : buttonsOf(card);
	const text = (max: number): string => markdown(card, max, { links: buttons.length === 0 }) || '–';
	return {
		...robotForm(title, text(DINGTALK.text), buttons),
		notice: fitNotice(title, text, buttons),
		card: paramsOf(card),
	};
}

function buttonsOf(card: Card): Button[] {
	return [...card.buttons, ...card.links]
		.flatMap(({ label, url }) => {
			const address = webUrl(url);
			const title = cut(oneLine(label), DINGTALK.buttonText, columns) || '…';
			return address ? [{ title, url: address }] : [];
		})
		.filter(({ url }, at, all) => all.findIndex((other) => other.url === url) === at)
		.slice(0, DINGTALK.buttons);
}

/** `actionCard` with one or more links, or `markdown`. */
export function robotForm(
	title: string,
	text: string,
	buttons: readonly Button[],
	orientation = '0',
): Json {
	if (buttons.length === 0) return { msgtype: 'markdown', markdown: { title, text } };
	const [first] = buttons;
	return {
		msgtype: 'actionCard',
		actionCard:
			buttons.length === 1
				? {
						title,
						text,
						btnOrientation: orientation,
						singleTitle: first.title,
						singleURL: first.url,
					}
				: {
						title,
						text,
						btnOrientation: orientation,
						btns: buttons.map((one) => ({ title: one.title, actionURL: one.url })),
					},
	};
}
