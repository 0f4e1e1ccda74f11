// Two processes on one PostgreSQL whose messages fail in the same moment and have the same next channel.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deliver } from '../../../core/engine/index';
import type { Delivery } from '../../../core/events/delivery';
import { deliveryId } from '../../../core/events/ids';
import { parseDelivery, parseEvent } from '../../../core/events/validate';
import { collapse } from '../../../core/gate/collapse';
import { ledgerRow } from '../../../core/gate/rows';
import { parsePolicy } from '../../../core/preferences/policy';
import { openStore, type Store } from '../../../core/store/index';
import { freshDatabase } from '../../harness/postgres';

const database = await freshDatabase();
const NOW = Date.parse('2027-03-10T12:00:00Z');
const nowIso = new Date(NOW).toISOString();
const LONGEST_MS = 500;

(database ? describe : describe.skip)('one next channel (needs PostgreSQL)', () => {
	let store: Store;
	beforeAll(async () => {
		if (database) store = await openStore({ kind: 'postgres', connection: database.config });
	}, 60_000);
	afterAll(async () => {
		await store.close();
		await database?.drop();
	}, 30_000);

	/** Tickets T1 and T2 as a digest for ann on this channel, WeCom next. */
	async function digestOn(channel: string): Promise<Delivery> {
		const parts = ['T1', 'T2'].map((ticket_id) =>
			parseDelivery({
				delivery_id: deliveryId(ticket_id, 'ann', channel),
				event: parseEvent({
					event_id: ticket_id,
					event_type: 'ticket_updated',
					timestamp: nowIso,
					source: 'test',
					content: { ticket_id, ticket_title: ticket_id },
				}),
				recipient: { user_id: 'ann' },
				channel,
				fallback: [{ channel: 'wecom', address: { userid: 'ann' } }],
			}),
		);
		const { delivery } = collapse(parts, () => undefined, nowIso);
		await store.deliveries.insert([
			...parts.map((part) =>
				ledgerRow(part, nowIso, {
					stage: 'done',
					status: 'superseded',
					reason: 'in_digest',
					facts: { by: delivery.delivery_id },
				}),
			),
			ledgerRow(delivery, nowIso, {}),
		]);
		return delivery;
	}

	async function refused(on: Store, delivery: Delivery): Promise<Delivery[]> {
		const { results } = await deliver(on, [delivery], {
			policy: parsePolicy({}),
			now: () => NOW,
			random: () => 0.5,
			owner: delivery.channel,
			concurrency: 1,
			leaseMs: 60_000,
			attempt: async () => ({
				attempts: 1,
				latencyMs: 0,
				outcome: { ok: false, class: 'recipient', code: 'gone', message: 'gone' },
			}),
		});
		return results.flatMap(({ turned }) => turned ?? []);
	}

	test('tells each ticket once', async () => {
		const [onSlack, onEmail] = [await digestOn('slack'), await digestOn('email')];
		const recorded = Promise.withResolvers<void>();
		// What the first process has written is not to be seen by others yet.
		const slow = Object.create(store, {
			exclusive: {
				value: (keys: readonly string[], work: (tx: Store) => Promise<unknown>) =>
					store.exclusive(keys, async (tx) => {
						const result = await work(tx);
						const [row] = await tx.deliveries.get([onSlack.delivery_id]);
						if (row.status !== 'failed') return result;
						recorded.resolve();
						await new Promise((r) => setTimeout(r, LONGEST_MS));
						return result;
					}),
			},
		}) as Store;
		const one = refused(slow, onSlack);
		await recorded.promise;
		const two = refused(store, onEmail);
		expect([...(await one), ...(await two)]).toMatchObject([
			{ channel: 'wecom', digest: { ticket_ids: ['T1', 'T2'] } },
		]);
	});
});
