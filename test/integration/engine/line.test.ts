// Two processes on one PostgreSQL that begin messages of one line in the same moment.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deliver, intake, savePreferences, watchdog } from '../../../core/engine/index';
import type { Delivery } from '../../../core/events/delivery';
import { parseEvent } from '../../../core/events/validate';
import { parsePolicy } from '../../../core/preferences/policy';
import { openStore, type Store } from '../../../core/store/index';
import { freshDatabase } from '../../harness/postgres';
import { person } from '../../unit/semantics/timetable';

const database = await freshDatabase();
const policy = parsePolicy({});
const START = Date.parse('2027-03-10T10:00:00Z');
const LONGEST_MS = 500;

(database ? describe : describe.skip)('two processes on one line (needs PostgreSQL)', () => {
	let store: Store;
	beforeAll(async () => {
		if (database) store = await openStore({ kind: 'postgres', connection: database.config });
	}, 60_000);
	afterAll(async () => {
		await store.close();
		await database?.drop();
	}, 30_000);

	async function decided(id: string, now: number): Promise<Delivery> {
		const event = parseEvent({
			event_id: id,
			event_type: 'ticket_updated',
			timestamp: new Date(now).toISOString(),
			source: 'test',
			target_users: ['ann'],
			content: { ticket_id: 'T1', ticket_title: 'T1' },
		});
		const options = { policy, policyId: null, now, knownChannels: ['slack'] };
		return (await intake(store, [event], options)).send[0];
	}

	async function send(on: Store, delivery: Delivery, during?: Promise<unknown>) {
		const { results } = await deliver(on, [delivery], {
			policy,
			now: () => START + 2_000,
			random: () => 0.5,
			owner: delivery.event.event_id,
			concurrency: 1,
			leaseMs: 60_000,
			attempt: async () => {
				await during;
				return { attempts: 1, latencyMs: 0, outcome: { ok: true, status: 'sent' } };
			},
		});
		return results[0].delivery.status;
	}

	test('the later one does not begin while the claim of the first waits for its commit', async () => {
		await savePreferences(store, [person('ann')], START);
		await watchdog(store, START);
		const first = await decided('first', START);
		const second = await decided('second', START + 1_000);
		const claiming = Promise.withResolvers<void>();
		const over = Promise.withResolvers<void>();
		// The first claim has been made and is not to be seen by others yet.
		const slow = Object.create(store, {
			exclusive: {
				value: (keys: readonly string[], work: (tx: Store) => Promise<unknown>) =>
					store.exclusive(keys, async (tx) => {
						const result = await work(tx);
						claiming.resolve();
						await Promise.race([over.promise, new Promise((r) => setTimeout(r, LONGEST_MS))]);
						return result;
					}),
			},
		}) as Store;
		const one = send(slow, first, over.promise);
		await claiming.promise;
		const status = await send(store, second);
		over.resolve();
		const sent = await one;
		expect([status?.status, status?.reason]).toEqual(['pending', 'waits_for_earlier']);
		expect(sent?.status).toBe('sent');
	});
});
