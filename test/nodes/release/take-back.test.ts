// What a Release Trigger had handed out when its process ended.
import { jest } from '@jest/globals';
import { createMemoryStore, type Store } from '../../../core/store/index.ts';
import { ledgerRow } from '../../../core/gate/rows.ts';
import { parseDelivery } from '../../../core/events/index.ts';
import { releaseLoop } from '../../../nodes/ItsmReleaseTrigger/loop.ts';
import { loopName } from '../../../nodes/shared/process.ts';
import { delivery } from '../kit/data.ts';

const NOW = Date.parse('2027-03-10T10:00:00Z');
const MINUTE = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();

/** A store in which one delivery was handed out a minute ago, for a quarter of an hour. */
async function handedOut(owner: string): Promise<{ store: Store; id: string }> {
	const store = createMemoryStore();
	const row = ledgerRow(parseDelivery(delivery()), iso(NOW - MINUTE), {
		stage: 'due',
		due_at: iso(NOW - MINUTE),
	});
	await store.deliveries.insert([row]);
	await store.deliveries.leaseDue(iso(NOW - MINUTE), 9, owner, iso(NOW + 14 * MINUTE));
	return { store, id: row.delivery_id };
}

/** What the loop emits in its first look. */
async function firstLook(store: Store, owner: string, takeBack: boolean): Promise<string[]> {
	const emitted: string[] = [];
	const warn = jest.fn();
	const loop = releaseLoop({
		store,
		owner,
		takeBack,
		pollMs: MINUTE,
		leaseMs: 15 * MINUTE,
		now: () => NOW,
		emit: (list) => void emitted.push(...list.map((d) => d.delivery_id)),
		warn,
	});
	await loop.stop();
	expect(warn).not.toHaveBeenCalled();
	return emitted;
}

it('the same process after a restart hands it out at once', async () => {
	const { store, id } = await handedOut('host|w|n');
	expect(await firstLook(store, 'host|w|n', true)).toEqual([id]);
});

it('a loop that starts anew in the same process, or another process, waits for the lease', async () => {
	const { store } = await handedOut('host|w|n');
	expect(await firstLook(store, 'host|w|n', false)).toEqual([]);
	expect(await firstLook(store, 'host|w|other', true)).toEqual([]);
	expect(await firstLook(store, 'elsewhere|w|n', true)).toEqual([]);
});

it('a store that is not there at the start: taken back at the next look', async () => {
	const { store, id } = await handedOut('host|w|n');
	const takeBack = store.deliveries.takeBack.bind(store.deliveries);
	let calls = 0;
	store.deliveries.takeBack = async (...args) => {
		if (++calls === 1) throw new Error('no connection');
		return takeBack(...args);
	};
	const emitted: string[] = [];
	const loop = releaseLoop({
		store,
		owner: 'host|w|n',
		takeBack: true,
		pollMs: 5,
		leaseMs: 15 * MINUTE,
		now: () => NOW,
		emit: (list) => void emitted.push(...list.map((d) => d.delivery_id)),
		warn: () => undefined,
	});
	while (emitted.length === 0) await new Promise((done) => setTimeout(done, 5));
	await loop.stop();
	expect(emitted).toEqual([id]);
	expect(calls).toBe(2);
});

it('nobody sends it in two leases (its sender is not wired): it is given up then, and not handed out for ever', async () => {
	const { store, id } = await handedOut('host|w|n');
	let clock = NOW;
	const emitted: string[] = [];
	const loop = releaseLoop({
		store,
		owner: 'host|w|n',
		pollMs: 10_000,
		leaseMs: 15 * MINUTE,
		now: () => clock,
		emit: (list) => void emitted.push(...list.map((d) => d.delivery_id)),
		warn: () => undefined,
	});
	for (; clock < NOW + 120 * MINUTE; clock += 7_000) {
		loop.wake();
		await new Promise((done) => setTimeout(done, 2));
	}
	await loop.stop();
	expect(emitted).toEqual([id]);
	const [row] = await store.deliveries.get([id]);
	expect(row).toMatchObject({ stage: 'done', status: 'failed', reason: 'no_outcome' });
	expect(Date.parse(row.updated_at) - NOW).toBeLessThan(31 * MINUTE);
});

it('only the first loop of a name in a process takes back', () => {
	const first = loopName('w|take-back');
	expect(first.takeBack).toBe(true);
	expect(loopName('w|take-back')).toEqual({ ...first, takeBack: false });
	expect(loopName('w|take-back-2').takeBack).toBe(true);
});
