// A hand-out that fails: what was leased for it does not wait a whole lease, and nothing goes out twice.
import { parseDelivery } from '../../../core/events/index.ts';
import { ledgerRow } from '../../../core/gate/rows.ts';
import { createMemoryStore, type Store } from '../../../core/store/index.ts';
import { releaseLoop } from '../../../nodes/ItsmReleaseTrigger/loop.ts';
import { delivery } from '../kit/data.ts';

const NOW = Date.parse('2027-03-10T10:00:00Z');
const MINUTE = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const pause = (ms = 5): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function due(count = 1): Promise<{ store: Store; ids: string[] }> {
	const store = createMemoryStore();
	const rows = Array.from({ length: count }, () =>
		ledgerRow(parseDelivery(delivery()), iso(NOW), { stage: 'due', due_at: iso(NOW) }),
	);
	await store.deliveries.insert(rows);
	return { store, ids: rows.map((row) => row.delivery_id) };
}

/** A loop whose clock the test holds and that looks again after a few milliseconds. */
function loopOver(store: Store, emit: (ids: string[]) => void, clock = { now: NOW }) {
	const warnings: string[] = [];
	const loop = releaseLoop({
		store,
		owner: 'host|w|n',
		pollMs: 5,
		leaseMs: 15 * MINUTE,
		now: () => clock.now,
		emit: (list) => emit(list.map((d) => d.delivery_id)),
		warn: (message) => void warnings.push(message),
	});
	return { loop, warnings, clock };
}

async function until(holds: () => boolean): Promise<void> {
	for (let i = 0; i < 400 && !holds(); i++) await pause();
}

it('the run cannot be started: it goes out at the next look, once', async () => {
	const { store, ids } = await due();
	const emitted: string[][] = [];
	let calls = 0;
	const { loop, warnings } = loopOver(store, (list) => {
		if (++calls === 1) throw new Error('no run now');
		emitted.push(list);
	});
	await until(() => emitted.length > 0);
	await pause(50);
	await loop.stop();
	expect(emitted).toEqual([ids]);
	expect(warnings).toEqual(['The release loop met a fault and goes on: no run now']);
});

it('the store fails between lease and hand-out, and while it is given back: it goes out when the store is there again', async () => {
	const { store, ids } = await due();
	const get = store.policies.get.bind(store.policies);
	const { update } = store.deliveries;
	const lease = store.deliveries.leaseDue.bind(store.deliveries);
	let isDown = false;
	const fail = async (): Promise<never> => {
		throw new Error('no connection');
	};
	store.deliveries.leaseDue = async (...args) => {
		const rows = await lease(...args);
		if (rows.length > 0 && rows[0].reason === 'retry_scheduled' && !isDown) isDown = true;
		return rows;
	};
	await store.deliveries.update([{ delivery_id: ids[0], reason: 'retry_scheduled' }]);
	store.policies.get = async (...args) => (isDown ? fail() : get(...args));
	store.deliveries.update = async (...args) =>
		isDown ? fail() : update.apply(store.deliveries, args);
	const emitted: string[][] = [];
	const { loop, warnings } = loopOver(store, (list) => void emitted.push(list));
	await until(() => warnings.length >= 2);
	expect(emitted).toEqual([]);
	isDown = false;
	store.deliveries.leaseDue = lease;
	await until(() => emitted.length > 0);
	await loop.stop();
	expect(emitted).toEqual([ids]);
});

it('what a sender has taken meanwhile stays with that sender', async () => {
	const { store, ids } = await due(2);
	const { loop, warnings } = loopOver(store, (list) => {
		if (!list.includes(ids[0])) return;
		void store.deliveries
			.get([ids[0]])
			.then((rows) => store.deliveries.claim(rows, 'sender', iso(NOW), iso(NOW + MINUTE)));
		throw new Error('half started');
	});
	await until(() => warnings.length > 0);
	await pause(50);
	await loop.stop();
	const [first] = await store.deliveries.get([ids[0]]);
	expect(first).toMatchObject({ stage: 'sending', lease_owner: 'sender' });
	expect(warnings).toHaveLength(1);
});

it('one that fails again and again waits for its lease, so that the others go on', async () => {
	const { store, ids } = await due();
	const seen: string[] = [];
	const { loop, warnings } = loopOver(store, (list) => {
		seen.push(...list);
		if (list.includes(ids[0])) throw new Error('never');
	});
	await until(() => warnings.length >= 5);
	await pause(50);
	expect(warnings).toHaveLength(5);
	const later = ledgerRow(parseDelivery(delivery()), iso(NOW), { stage: 'due', due_at: iso(NOW) });
	await store.deliveries.insert([later]);
	await until(() => seen.includes(later.delivery_id));
	await loop.stop();
	expect(seen.slice(-1)).toEqual([later.delivery_id]);
	expect((await store.deliveries.get(ids))[0]).toMatchObject({ stage: 'emitted' });
});

it('the clock is set back by an hour: what is stuck is still looked for', async () => {
	const { store } = await due(0);
	const clock = { now: NOW };
	const runs: number[] = [];
	const put = store.shared.put.bind(store.shared);
	store.shared.put = async (key, value, now) => {
		if (key === 'watchdog:last') runs.push(Date.parse(now));
		return put(key, value, now);
	};
	const { loop } = loopOver(store, () => undefined, clock);
	await until(() => runs.length === 1);
	clock.now = NOW - 60 * MINUTE;
	await until(() => runs.length === 2);
	await loop.stop();
	expect(runs).toEqual([NOW, NOW - 60 * MINUTE]);
});
