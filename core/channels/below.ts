import { createHash } from 'node:crypto';

import { ItsmNotifyError } from '../errors';
import type { Delivery } from '../events/delivery';
import type { Card } from '../templates/card';
import type { Channel } from './types';

export interface Below {
	recipient: string;
	title?: string;
	text?: string;
	buttons?: Array<{ label: string; url: string }>;
	/** The channel's own payload; beats title and text. */
	raw?: Record<string, unknown>;
}

/** A message that the user wrote in the node itself, as a delivery. `seed` makes its id: the same seed is the same message. */
export function defineBelow(below: Below, channel: Channel, now: Date, seed: string): Delivery {
	const recipient = below.recipient.trim();
	const message = below.raw ? channel.raw(below.raw) : channel.draw(cardOf(below, channel));
	channel.check(message);
	const id = createHash('sha256').update(JSON.stringify([seed, channel.id, recipient])).digest('hex').slice(0, 32);
	return {
		delivery_id: `d_${id}`,
		event: {
			event_id: id,
			event_type: 'ticket_updated',
			timestamp: now.toISOString(),
			source: 'define-below',
			content: { ticket_id: id, ticket_title: below.title ?? '', priority: 'Medium' },
			context: { related_cis: [], impacted_services: [] },
			delivery_status: {},
		},
		recipient: { user_id: recipient || channel.id },
		channel: channel.id,
		address: recipient ? { address: recipient } : {},
		purpose: 'first',
		strategy: 'immediate',
		message,
		fallback: [],
	};
}

function cardOf(below: Below, channel: Channel): Card {
	const title = below.title?.trim() ?? '';
	const text = below.text?.trim() ?? '';
	if (title === '' && text === '') {
		throw new ItsmNotifyError('empty_message', `The ${channel.name} message has neither a title nor a text`, { field: 'text', fix: 'Fill in Title or Text, or give a raw payload.' });
	}
	const links = (below.buttons ?? []).filter((b) => b.label && b.url);
	return { severity: 'normal', title: title || text.split('\n')[0], body: title ? text || undefined : text.split('\n').slice(1).join('\n') || undefined, fields: [], links, buttons: [], language: 'en' };
}
