import type { Card, CardButton, Severity } from '../card';
import { bytes, columns, cut } from '../cut';
import { clean, oneLine, webUrl, type Json } from '../text';
import { WECOM } from './limits';
import { markdown } from './markdown';

/** Colour of the line above the title: 0 grey, 2 red, 3 green. */
const SOURCE_COLOR: Record<Severity, number> = {
	critical: 2,
	high: 2,
	normal: 0,
	success: 3,
	info: 0,
};

const BUTTON_STYLE: Record<string, number> = { primary: 1, default: 2, danger: 3 };

/**
 * A card for both ways of sending: the app's form (`template_card`, or markdown for digests and cards without a
 * link, since a text_notice must lead somewhere) and, under `robot`, the group robot's markdown. Markdown of one ticket
 * brings, under `card`, the notice that can take the place of an earlier card.
 */
export function draw(card: Card): Json {
	const robot = { msgtype: 'markdown', markdown: { content: markdown(card, WECOM.robotText) } };
	const form = appCard(card);
	if (form) return { msgtype: 'template_card', template_card: form, robot };
	const instead = isDigest(card) ? undefined : notice(card);
	return {
		msgtype: 'markdown',
		markdown: { content: markdown(card, WECOM.appText) },
		robot,
		...(instead ? { card: instead } : {}),
	};
}

const isDigest = (card: Card): boolean =>
	(card.entries?.length ?? 0) > 0 || card.more !== undefined;

const target = (card: Card): string | undefined =>
	card.links.map((one) => webUrl(one.url)).find(Boolean) ?? webUrl(card.ticket?.url);

function appCard(card: Card): Json | undefined {
	if (isDigest(card)) return undefined;
	const url = target(card);
	const pressed = card.buttons
		.map(cardButton)
		.filter((one) => one !== undefined)
		// WeCom refuses two buttons of one key.
		.filter(({ key }, at, all) => !key || all.findIndex((other) => other.key === key) === at)
		.slice(0, WECOM.buttons);
	const action = url ? { card_action: { type: 1, url } } : {};
	if (pressed.some((one) => 'key' in one)) {
		return { card_type: 'button_interaction', ...common(card), ...action, button_list: pressed };
	}
	// A long text is read in full as markdown; on a card it would end after a few lines.
	return columns(card.body ?? '') > WECOM.cardSubtitle ? undefined : notice(card);
}

/** A card without buttons; undefined where it would lead nowhere. */
function notice(card: Card): Json | undefined {
	const url = target(card);
	if (!url) return undefined;
	const jumps = [...card.links, ...card.buttons]
		.map(({ label, url: page }) => ({ title: fit(label, 13), url: webUrl(page) }))
		.filter((jump) => jump.title && jump.url)
		.slice(0, WECOM.jumps)
		.map((jump) => ({ type: 1, ...jump }));
	return {
		card_type: 'text_notice',
		...common(card),
		...(jumps.length > 0 ? { jump_list: jumps } : {}),
		card_action: { type: 1, url },
	};
}

const fit = (text: string, max: number): string => cut(oneLine(text), max, columns);

/** Title, fields and text; what does not fit its own place goes on in the subtitle. */
function common(card: Card): Json {
	const title = oneLine(card.title) || '–';
	const text = oneLine(card.text ?? '');
	const isLongTitle = columns(title) > WECOM.cardTitle;
	const isLongText = columns(text) > WECOM.cardDesc;
	const fields = card.fields.filter(({ label }) => oneLine(label) !== '');
	const rows = fields.slice(0, WECOM.rows).map(({ label, value }) => ({
		keyname: fit(label, WECOM.keyName),
		value: fit(value, WECOM.keyValue) || '–',
	}));
	const overflow = [
		...fields.slice(WECOM.rows),
		...card.fields.filter(({ label }) => oneLine(label) === ''),
	];
	const rest = [
		isLongTitle ? title : '',
		isLongText ? text : '',
		...overflow.map(({ label, value }) =>
			[oneLine(label), oneLine(value)].filter(Boolean).join('：'),
		),
		clean(card.body ?? '').trim(),
	].filter(Boolean);
	const source = fit(card.footer?.split(' · ')[0] ?? '', WECOM.source);
	return {
		...(source ? { source: { desc: source, desc_color: SOURCE_COLOR[card.severity] } } : {}),
		main_title: {
			title: fit(title, WECOM.cardTitle),
			...(text && !isLongText ? { desc: text } : {}),
		},
		...(rest.length > 0
			? { sub_title_text: cut(rest.join('\n'), WECOM.cardSubtitle, columns) }
			: {}),
		...(rows.length > 0 ? { horizontal_content_list: rows } : {}),
	};
}

function cardButton({ label, value, url, style }: CardButton): Json | undefined {
	const text = fit(label, WECOM.buttonText) || '…';
	const target = webUrl(url);
	if (value?.trim() && bytes(value) <= WECOM.buttonKey)
		return { text, style: BUTTON_STYLE[style ?? 'default'], key: value };
	return target ? { type: 1, text, style: 2, url: target } : undefined;
}
