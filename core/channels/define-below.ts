import { ItsmNotifyError } from '../errors';
import type { Delivery } from '../events/delivery';
import { deliveryId } from '../events/ids';
import type { Card, CardButton, CardLink, Severity } from './card';
import { fingerprint } from './credential';
import { oneLine, type Json } from './text';
import type { Channel } from './types';

export interface BelowInput {
	/** An address in the channel's own terms. A webhook or robot needs none. */
	recipient?: string;
	title?: string;
	text?: string;
	/** Links under the text. */
	links?: CardLink[];
	/** Links too, or buttons with a `value`. */
	buttons?: Array<Pick<CardButton, 'label'> & Partial<CardButton>>;
	severity?: Severity;
	/** The channel's own payload; title, text and buttons then count for nothing. */
	raw?: Json;
	language?: string;
}

/**
 * A delivery out of a sender's own fields, for using it without the other nodes: no event stands behind it.
 * `seed` names the message (execution and item): the same seed is the same message. Throws ItsmNotifyError
 * `no_address`, `empty_message` or `invalid_payload`.
 */
export function defineBelow(
	input: BelowInput,
	channel: Channel,
	now: Date,
	seed?: string,
): Delivery {
	const recipient = input.recipient?.trim() ?? '';
	const address = recipient ? { address: recipient } : {};
	if (recipient && channel.address(address) === undefined) {
		throw new ItsmNotifyError('no_address', `"${recipient}" is no address for ${channel.name}.`, {
			field: 'recipient',
		});
	}
	const message =
		input.raw && Object.keys(input.raw).length > 0
			? channel.raw(input.raw)
			: channel.draw(cardOf(input, channel));
	channel.check(message);
	const timestamp = now.toISOString();
	const id = `below_${fingerprint(seed ?? [timestamp, input], channel.id, recipient)}`;
	const user = recipient || channel.id;
	return {
		delivery_id: deliveryId(id, user, channel.id),
		event: {
			event_id: id,
			event_type: 'ticket_updated',
			timestamp,
			source: 'itsm-notify',
			content: {
				ticket_id: id,
				ticket_title: channel.summary(message) || channel.name,
				priority: 'Medium',
			},
			context: { related_cis: [], impacted_services: [] },
			delivery_status: {},
		},
		recipient: { user_id: user, ...(input.language ? { language: input.language } : {}) },
		channel: channel.id,
		address,
		purpose: 'first',
		strategy: 'immediate',
		message,
		fallback: [],
		/** No event, no store: each run is a message of its own. */
		standalone: true,
	};
}

function cardOf(input: BelowInput, channel: Channel): Card {
	const title = oneLine(input.title ?? '');
	const text = input.text?.trim() ?? '';
	if (!title && !text) {
		throw new ItsmNotifyError(
			'empty_message',
			`The ${channel.name} message is empty: give it a title or a text.`,
			{ field: 'text' },
		);
	}
	const given = input.buttons ?? [];
	const isLink = ({ url, value }: { url?: string; value?: string }): boolean =>
		Boolean(url) && !value;
	return {
		severity: input.severity ?? 'normal',
		title: title || oneLine(text.split('\n')[0]),
		fields: [],
		...(title && text ? { body: text } : text.includes('\n') ? { body: text } : {}),
		links: [
			...(input.links ?? []),
			...given.filter(isLink).map(({ label, url }) => ({ label, url: url as string })),
		],
		buttons: given.filter((one) => !isLink(one)).map((one) => ({ action: 'open', ...one })),
		language: input.language ?? 'en',
	};
}
