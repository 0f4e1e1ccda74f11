import type { Delivery } from '../events/delivery';
import { addressMark, deliveryId, newsId } from '../events/ids';

/** The id that this delivery has on another channel: the one that the resolver gives, so that the ledger knows it. */
export function idOnChannel(delivery: Delivery, channel: string): string {
	const { digest, event, recipient, purpose, test } = delivery;
	const base = digest && digest.total > 1 ? digest.id : newsId(event);
	return deliveryId(
		test ? `${base}|${delivery.delivery_id}` : base,
		recipient.user_id,
		channel,
		purpose,
	);
}

/**
 * A failed delivery on the recipient's next channel: own id and address, shorter fallback, the story in `failed`.
 * `taken` are channels that carry this event to this person anyway. Undefined where no channel is left.
 */
export function turnToFallback(
	delivery: Delivery,
	taken: ReadonlySet<string> = new Set(),
): Delivery | undefined {
	const tried = [...new Set([...(delivery.tried ?? []), delivery.channel])];
	const at = delivery.fallback.findIndex(
		(next) => !tried.includes(next.channel) && !taken.has(next.channel),
	);
	if (at < 0) return undefined;
	const { channel, address } = delivery.fallback[at];
	return {
		...delivery,
		message: undefined,
		status: undefined,
		delivery_id: idOnChannel(delivery, channel),
		channel,
		address,
		...(delivery.why ? { why: { ...delivery.why, address: addressMark(address) } } : {}),
		fallback: delivery.fallback.slice(at + 1),
		tried,
		// Its time to be tried again in begins with its own first try.
		first_try_at: undefined,
		failed: [
			...((delivery.failed as unknown[] | undefined) ?? []),
			{ channel: delivery.channel, status: delivery.status },
		],
	};
}
