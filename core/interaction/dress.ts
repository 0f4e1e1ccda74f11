import type { Channel, Credential } from '../channels';
import type { Card } from '../channels/card';
import type { Delivery } from '../events/delivery';
import { withButtons, type ButtonSettings } from './buttons';

/**
 * The delivery's message with its buttons, drawn anew from its card. A message that was changed on its way from Template
 * Render, or that a template gave whole, is left as it is.
 */
export function dress(
	delivery: Delivery,
	channel: Channel,
	credential: Credential,
	settings: Omit<ButtonSettings, 'answers' | 'takesWords'>,
): Delivery {
	const card = delivery.card as Card | undefined;
	if (!card || !delivery.message) return delivery;
	const streamed = settings.streams?.includes(channel.id) ?? false;
	const dressed = withButtons(card, delivery, {
		...settings,
		answers: channel.answers?.(credential, { streamed }) ?? 'link',
		takesWords: channel.takesWords,
	});
	if (dressed === card || !same(channel.draw(card), delivery.message)) return delivery;
	return { ...delivery, message: channel.draw(dressed) };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
