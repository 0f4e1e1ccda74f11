import { deliver } from '../../../core/engine/deliver.ts';
import { addressMark, deliveryId } from '../../../core/events/ids.ts';
import { parseDelivery, type Delivery } from '../../../core/events/index.ts';
import { collapse } from '../../../core/gate/collapse.ts';
import { ledgerRow } from '../../../core/gate/index.ts';
import { parsePolicy } from '../../../core/preferences/index.ts';
import { createMemoryStore } from '../../../core/store/memory/index.ts';
import type { Store } from '../../../core/store/types.ts';
import { at, eventOf, iso } from './morning.ts';

let store: Store;
beforeEach(() => {
	store = createMemoryStore();
});

/** Events e1 of T1 and e2 of T2, or of the same ticket, in the ledger as a digest on this channel. */
async function digestOn(
	channel: string,
	fallback: string[],
	tickets = ['T1', 'T2'],
): Promise<Delivery> {
	const parts = [1, 2].map((n) =>
		parseDelivery({
			delivery_id: deliveryId(`e${n}`, 'ann', channel),
			event: eventOf(`e${n}`, '10:00', { ticket: tickets[n - 1] }),
			recipient: { user_id: 'ann' },
			channel,
			address: { address: `ann on ${channel}` },
			why: { address: addressMark({ address: `ann on ${channel}` }) },
			fallback: fallback.map((id) => ({ channel: id, address: { address: `ann on ${id}` } })),
		}),
	);
	const { delivery } = collapse(parts, () => undefined, '12:00');
	const facts = { by: delivery.delivery_id };
	const inside = { stage: 'done' as const, status: 'superseded' as const, reason: 'in_digest' };
	await store.deliveries.insert(
		[
			...parts.map((part) => ledgerRow(part, iso('10:00'), { ...inside, facts })),
			ledgerRow(delivery, iso('12:00'), {}),
		],
		{ overwrite: true },
	);
	return delivery;
}

/** Every channel but these refuses. */
async function send(deliveries: Delivery[], working: string[] = []) {
	const { results } = await deliver(store, deliveries, {
		policy: parsePolicy({}),
		now: () => at('12:00'),
		random: () => 0.5,
		owner: 'sender',
		concurrency: 1,
		leaseMs: 60_000,
		attempt: async ({ channel }) => ({
			attempts: 1,
			latencyMs: 1,
			outcome: working.includes(channel)
				? { ok: true, status: 'sent' }
				: { ok: false, class: 'recipient', code: 'gone', message: 'gone' },
		}),
	});
	return results.flatMap(({ turned }) => turned ?? []);
}

test('a run that turned a digest and died: the next one goes on with the same message', async () => {
	const digest = await digestOn('slack', ['email', 'wecom']);
	const [first] = await send([digest]);
	const [again] = await send([digest]);
	expect(again).toMatchObject({ channel: 'email', delivery_id: first.delivery_id });
});

test('a digest of the next channel that failed there carries nothing; what is told there once more is noted', async () => {
	const onSlack = await digestOn('slack', ['email']);
	await send([await digestOn('email', [])]);
	const [turned] = await send([onSlack]);
	expect(turned).toMatchObject({ channel: 'email', digest: { ticket_ids: ['T1', 'T2'] } });
	expect(await store.deliveries.get([deliveryId('e1', 'ann', 'email')])).toMatchObject([
		{ status: 'superseded', reason: 'in_digest', facts: { by: turned.delivery_id } },
	]);
});

test('a run that comes again once the next channel has told it turns it nowhere else', async () => {
	const digest = await digestOn('slack', ['email', 'wecom']);
	const [turned] = await send([digest]);
	await send([turned], ['email']);
	const [again] = await send([digest]);
	expect(again).toMatchObject({ channel: 'email', delivery_id: turned.delivery_id });
	expect(await store.deliveries.get([turned.delivery_id])).toMatchObject([{ status: 'sent' }]);
});

test('of several events of one ticket only those that the next channel has not told', async () => {
	const digest = await digestOn('slack', ['email'], ['T1', 'T1']);
	const first = { ...digest, delivery_id: deliveryId('e1', 'ann', 'email'), channel: 'email' };
	const event = eventOf('e1', '10:00');
	const sent = { stage: 'done' as const, status: 'sent' as const };
	await store.deliveries.insert([
		ledgerRow({ ...first, event, digest: undefined }, iso('10:00'), sent),
	]);
	const [turned] = await send([digest]);
	expect(turned.event.event_id).toBe('e2');
	expect(turned.digest).toBeUndefined();
});

test('what is inside a digest that was turned has its further channels, should that be taken apart', async () => {
	const [turned] = await send([await digestOn('slack', ['email', 'wecom'])]);
	const [inside] = await store.deliveries.get([deliveryId('e1', 'ann', 'email')]);
	expect(inside).toMatchObject({
		reason: 'in_digest',
		item: { tried: ['slack'], why: { address: addressMark(turned.address) } },
	});
	expect(inside.item?.fallback.map(({ channel }) => channel)).toEqual(['wecom']);
});
