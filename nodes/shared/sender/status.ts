import type { Delivered } from '../../../core/engine';
import type { NotificationEvent } from '../../../core/events';

type Results = Delivered['results'];

const WORST = ['failed', 'pending', 'sent', 'delivered'];

/** The seed's delivery_status: per channel the worst over all recipients; who got what stands in the ledger. */
export function withDeliveryStatus(results: Results): Results {
	const worst = new Map<string, NotificationEvent['delivery_status'][string]>();
	const keyOf = (r: Results[number]): string =>
		`${r.delivery.event.event_id}|${r.delivery.channel}`;
	for (const result of results) {
		const { status } = result.delivery;
		if (!status) continue;
		const known = worst.get(keyOf(result));
		if (known && WORST.indexOf(known.status) <= WORST.indexOf(status.status)) continue;
		worst.set(keyOf(result), {
			status: status.status,
			timestamp: status.timestamp,
			...(status.reason ? { reason: status.reason } : {}),
			...(status.error ? { error: status.error.message } : {}),
		});
	}
	return results.map((result) => {
		const shown = worst.get(keyOf(result));
		if (!shown) return result;
		const of = <T extends Results[number]['delivery']>(delivery: T): T => ({
			...delivery,
			event: {
				...delivery.event,
				delivery_status: { ...delivery.event.delivery_status, [result.delivery.channel]: shown },
			},
		});
		return {
			...result,
			delivery: of(result.delivery),
			...(result.turned ? { turned: of(result.turned) } : {}),
		};
	});
}
