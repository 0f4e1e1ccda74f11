import {
	fill,
	permittedActions,
	signToken,
	ticketStatus,
	wordsFor,
	type Permissions,
} from '../actions';
import type { Answers } from '../channels';
import type { Card, CardButton } from '../channels/card';
import type { Delivery } from '../events/delivery';
import { ticketKey } from '../events/ids';

export interface ButtonSettings {
	/** Signs the buttons; without it there are none. */
	key: Uint8Array | undefined;
	/** Base of the Interaction Trigger, `https://…/webhook/<id>/itsm-answers`; without it only what is streamed can come back. */
	publicUrl: string | undefined;
	/** What the Interaction Trigger listens to: channel ids and `link`. */
	listens: readonly string[];
	/** Channels whose answers come over a connection that the Interaction Trigger holds: nobody calls an address. */
	streams?: readonly string[];
	answers: Answers;
	/** As the channel's `takesWords`. */
	takesWords?: false;
	now: Date;
	permissions?: Permissions;
}

/** A button that a message carries is worth something for so long. */
export const TOKEN_DAYS = 7;

const isEscalating = (delivery: Delivery): boolean =>
	!delivery.acknowledged &&
	(delivery.strategy === 'escalation' || delivery.purpose.startsWith('escalation'));

/** The signed page of one button, for channels in which nothing can be pressed. */
export const linkOf = (publicUrl: string, token: string): string =>
	`${publicUrl.replace(/\/+$/, '')}/link?t=${token}`;

const servesLinks = ({ publicUrl, listens }: ButtonSettings): boolean =>
	Boolean(publicUrl) && listens.includes('link');

/** How an answer can really come back: a button that nobody listens to becomes a link, a link that nobody serves nothing. */
function heard(settings: ButtonSettings, channel: string): Answers {
	const { answers, listens, streams, publicUrl } = settings;
	if (!publicUrl && !streams?.includes(channel)) return 'none';
	const direct = answers !== 'callback' || listens.includes(channel) ? answers : 'link';
	if (direct === 'link') return servesLinks(settings) ? 'link' : 'none';
	return direct === 'reply' && !listens.includes(channel) ? 'none' : direct;
}

/**
 * The card with what its reader may do: pressed buttons, links to signed pages, or a word to reply with. A digest of
 * several tickets has none: it is no answer to one question.
 */
export function withButtons(card: Card, delivery: Delivery, settings: ButtonSettings): Card {
	const { key, publicUrl = '', now, permissions } = settings;
	const answers = heard(settings, delivery.channel);
	const tickets = delivery.digest?.total ?? 1;
	if (!key || answers === 'none' || tickets > 1) return card;
	const status = ticketStatus(delivery.event);
	const role = delivery.recipient.role;
	const actions = permittedActions(
		{ roles: role ? [role] : [], status, escalating: isEscalating(delivery) },
		permissions,
	).filter((action) => !(action === 'acknowledge' && delivery.acknowledged));
	if (actions.length === 0) return card;
	const words = wordsFor(card.language);
	if (answers === 'reply') {
		if (!actions.includes('acknowledge')) return card;
		const number = delivery.event.content.number ?? delivery.event.content.ticket_id;
		const hint = fill(words.reply_hint, { w: `ack ${number}` });
		return { ...card, footer: [card.footer, hint].filter(Boolean).join(' ') };
	}
	const buttons = actions.flatMap((action): CardButton[] => {
		const token = signToken(
			{
				ticket_key: ticketKey(delivery.event),
				action,
				user_id: delivery.recipient.user_id,
				channel: delivery.channel,
				delivery_id: delivery.delivery_id,
				status,
				expires: Math.floor(now.getTime() / 1000) + TOKEN_DAYS * 86_400,
			},
			key,
		);
		const button: CardButton = {
			action,
			label: words.buttons[action],
			style: action === 'escalate' ? 'danger' : action === 'comment' ? 'default' : 'primary',
		};
		const asLink = { ...button, url: linkOf(publicUrl, token) };
		if (answers === 'link') return [asLink];
		if (action !== 'comment') return [{ ...button, value: token }];
		if (settings.takesWords === false) return servesLinks(settings) ? [asLink] : [];
		const input = { name: 'comment', label: words.comment_label };
		return [{ ...button, value: token, input }];
	});
	return { ...card, buttons: [...card.buttons, ...buttons] };
}
