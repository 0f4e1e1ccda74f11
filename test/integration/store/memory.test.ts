import { expect, test } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openStore } from '../../../core/store/index';
import { at, delivery, group, held, ledger, ticket } from './rows';
import { describeStore } from './suite';

// Made once: checking a delivery's shape takes longer than storing it.
const ITEM = delivery('d');
const ROW = ledger('d', { stage: 'held' });
const ENTRY = held('d');
const TICKET = ticket('t');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describeStore('memory', async () => ({
	fresh: () => openStore({ kind: 'memory' }),
	// Nobody else has a handle on a memory store.
	again: async (store) => ({
		...store,
		exclusive: store.exclusive.bind(store),
		close: async () => undefined,
	}),
}));

test('open groups with entries, ledger rows and tickets: 100,000 fit in 500 MB (measured on 20,000)', async () => {
	const store = await openStore({ kind: 'memory' });
	collect();
	const before = process.memoryUsage().heapUsed;
	for (let from = 0; from < 20_000; from += 1000) {
		const numbers = Array.from({ length: 1000 }, (_, i) => from + i);
		const of = (n: number) => ({ ticket_key: `jira:${n}`, user_id: `u${n % 5000}` });
		const items = numbers.map((n) => ({
			...ITEM,
			delivery_id: `d${n}`,
			event: { ...ITEM.event, event_id: `e${n}` },
		}));
		const rows = items.map((item, i) => ({
			...ROW,
			delivery_id: item.delivery_id,
			item,
			...of(numbers[i]),
		}));
		const entries = rows.map((row, i) => ({
			...ENTRY,
			delivery_id: row.delivery_id,
			item: row.item,
			group_key: `g${numbers[i]}`,
			...of(numbers[i]),
		}));
		const tickets = items.map(({ event }, i) => ({
			...TICKET,
			ticket_key: `jira:${numbers[i]}`,
			event,
		}));
		await store.tickets.put(tickets);
		await store.deliveries.insert(rows);
		await store.held.put(entries);
		await store.groups.put(numbers.map((n) => group(`g${n}`, { closes_at: at(n % 3600) })));
	}
	expect(await store.groups.count()).toBe(20_000);
	expect(await store.groups.nextDue()).toBe(at(0));
	collect();
	expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(100);
}, 60_000);
