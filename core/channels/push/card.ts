import { createHash } from 'node:crypto';

import type { Card, CardButton } from '../card';
import { bytes, cut } from '../cut';
import { clean, oneLine, webUrl, type Json } from '../text';
import { apnsBody } from './apns';
import { fcmMessage } from './fcm';
import { PUSH } from './limits';

/** The same id replaces what a phone shows of the ticket; at most 64 bytes. */
export const collapseOf = (key: string): string =>
	bytes(key) <= PUSH.collapse ? key : createHash('sha256').update(key).digest('hex');

/** UTF-8 bytes of the largest form in which this goes out. */
export function sizeOf(payload: Json): number {
	const forms = [
		apnsBody(payload),
		...(['ios', 'android', 'web'] as const).map((platform) => fcmMessage(payload, platform, '')),
	];
	return Math.max(...forms.map((form) => bytes(JSON.stringify(form))));
}

/**
 * A card as `{title, body, severity, collapse?, thread?, data}`; `data` holds strings only, `actions` in it is JSON:
 * `[{action, label, url | token}]`. Cut to 4096 bytes in every form.
 */
export function draw(card: Card): Json {
	const { ticket } = card;
	const url = webUrl(card.links[0]?.url) ?? webUrl(ticket?.url);
	const lines = [
		card.text,
		...(card.entries ?? []).slice(0, 5).map((entry) => `• ${oneLine(entry.title)}`),
		card.more?.label,
		card.body,
	];
	const thread = ticket ? oneLine(ticket.number ?? ticket.id) : '';
	return fitted({
		title: cut(oneLine(card.title), PUSH.title, bytes) || '–',
		body: cut(
			lines
				.map((line) => clean(line ?? '').trim())
				.filter(Boolean)
				.join('\n'),
			PUSH.body,
			bytes,
		),
		severity: card.severity,
		...(ticket?.key ? { collapse: collapseOf(oneLine(ticket.key)) } : {}),
		...(thread ? { thread: cut(thread, PUSH.collapse, bytes) } : {}),
		data: {
			severity: card.severity,
			...(ticket ? { ticketId: cut(oneLine(ticket.id), PUSH.title, bytes) } : {}),
			...(thread ? { number: cut(thread, PUSH.collapse, bytes) } : {}),
			...(url && bytes(url) <= PUSH.url ? { url } : {}),
			...actionsOf(card.buttons),
		},
	});
}

function actionsOf(buttons: readonly CardButton[]): Json {
	const actions = buttons.slice(0, PUSH.actions).flatMap(({ action, label, value, url }) => {
		const link = webUrl(url);
		if (!link && !value) return [];
		const words = cut(oneLine(label), 60, bytes) || action;
		return [
			{ action, label: words, ...(link ? { url: link } : {}), ...(value ? { token: value } : {}) },
		];
	});
	return actions.length > 0 ? { actions: JSON.stringify(actions) } : {};
}

/** What gives way, in turn: the end of the text, the last buttons, the link. */
export function fitted(payload: Json): Json {
	let fit = payload;
	const over = (): number => sizeOf(fit) - PUSH.payloadBytes;
	for (let step = 0; step < 60 && over() > 0; step++) {
		const body = String(fit.body ?? '');
		const data = { ...(fit.data as Json) };
		const actions = JSON.parse(String(data.actions ?? '[]')) as unknown[];
		if (bytes(body) > 200) {
			fit = { ...fit, body: cut(body, Math.max(bytes(body) - Math.max(over(), 20), 200), bytes) };
		} else if (actions.length > 0) {
			const left = actions.slice(0, -1);
			if (left.length > 0) data.actions = JSON.stringify(left);
			else delete data.actions;
			fit = { ...fit, data };
		} else if (data.url !== undefined) {
			delete data.url;
			fit = { ...fit, data };
		} else break;
	}
	return fit;
}
