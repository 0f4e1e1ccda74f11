import { describe, expect, test } from '@jest/globals';
import type { Store } from '../../../core/store/types';
import type { Open } from './suite';
import { at, group, held, ids, ledger } from './rows';

const pause = () => new Promise((resolve) => setTimeout(resolve, 3));

export function exclusiveSuite(open: Open, again: (store: Store) => Promise<Store>): void {
	describe('exclusive', () => {
		/** Reads, waits, writes: loses counts unless it is alone. */
		const increment = (store: Store, keys: string[]) =>
			store.exclusive(keys, async (tx) => {
				const [row] = await tx.groups.get(['g']);
				await pause();
				const count = (row?.count ?? 0) + 1;
				await tx.groups.put([group('g', { count })]);
				return count;
			});

		test('on the same keys one after the other, in any order of the keys', async () => {
			const store = await open();
			const other = await again(store);
			const turns = Array.from({ length: 12 }, (_, i) =>
				increment(i % 2 ? store : other, i % 3 ? ['user:a', 'user:b'] : ['user:b', 'user:a']),
			);
			const results = await Promise.all(turns);
			expect(results.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
			await other.close();
		});

		test('what failed is undone in every repository, and the next one goes on', async () => {
			const store = await open();
			await store.groups.put([group('g', { count: 1 }), group('gone')]);
			await store.deliveries.insert([ledger('d1', { stage: 'due', due_at: at(5) })]);
			const failed = store.exclusive(['k'], async (tx) => {
				await tx.groups.put([group('g', { count: 2, closes_at: at(1) }), group('new')]);
				await tx.groups.remove(['gone']);
				await tx.deliveries.update([{ delivery_id: 'd1', stage: 'done', status: 'sent' }]);
				await tx.held.put([held('h')]);
				await tx.policies.put('p', { a: 1 }, at(0));
				await tx.audit.append([{ at: at(0), actor: 'a', action: 'b', subject: 'c', details: {} }]);
				await tx.seen.mark(['k'], at(0));
				throw new Error('stop');
			});
			await expect(failed).rejects.toThrow('stop');
			expect((await store.groups.get(['g', 'gone', 'new'])).map((row) => row.count)).toEqual([
				1, 1,
			]);
			expect(await store.groups.nextDue()).toBe(at(30));
			expect(await store.deliveries.nextDue()).toBe(at(5));
			expect((await store.deliveries.told([{ ticket_key: 'jira:42', user_id: 'ann' }])).size).toBe(
				0,
			);
			expect(await store.held.count()).toBe(0);
			expect((await store.policies.get())?.document).toEqual({});
			expect(await store.audit.list({})).toEqual([]);
			expect(await store.audit.verify()).toBeUndefined();
			expect(await store.seen.mark(['k'], at(0))).toEqual(['k']);
			expect(await increment(store, ['k'])).toBe(2);
		});

		test('others see nothing of it before its end', async () => {
			const store = await open();
			let outside: Promise<unknown> = Promise.resolve();
			await store.groups.put([group('g', { count: 1 })]);
			let begun = () => undefined as void;
			const inside = new Promise<void>((resolve) => (begun = resolve));
			const work = store.exclusive(['k'], async (tx) => {
				await tx.groups.put([group('g', { count: 2 })]);
				begun();
				await pause();
				await pause();
				await tx.groups.put([group('g', { count: 3 })]);
			});
			await inside;
			outside = store.groups.get(['g']).then((rows) => rows[0].count);
			// Databases answer with what was before or wait for the end; nobody sees the middle.
			expect([1, 3]).toContain(await outside);
			await work;
			expect((await store.groups.get(['g']))[0].count).toBe(3);
		});

		test('nested ones and calls through the outer store join: no deadlock, one end', async () => {
			const store = await open();
			const failed = store.exclusive(['a'], async (tx) => {
				await tx.groups.put([group('one')]);
				await tx.exclusive(['b'], async (inner) => inner.groups.put([group('two')]));
				await store.groups.put([group('three')]);
				await store.exclusive(['c'], async (inner) => inner.groups.put([group('four')]));
				const seen = await store.groups.get(['one', 'two', 'three', 'four']);
				throw new Error(`saw ${seen.length}`);
			});
			await expect(failed).rejects.toThrow('saw 4');
			expect(await store.groups.count()).toBe(0);
		});

		test('its store cannot be used after its end', async () => {
			const store = await open();
			const kept = await store.exclusive(['a'], async (tx) => tx);
			await expect(kept.groups.put([group('g')])).rejects.toMatchObject({
				code: 'store_transaction_ended',
			});
			expect(await store.groups.count()).toBe(0);
		});

		test('claims, leases and marks inside of one belong to it', async () => {
			const store = await open();
			await store.deliveries.insert([ledger('due', { stage: 'due', due_at: at(1) })]);
			const result = await store.exclusive(['a'], async (tx) => [
				(await tx.deliveries.claim([ledger('new')], 'p', at(2), at(60)))[0].claimed,
				ids(await tx.deliveries.leaseDue(at(2), 9, 'p', at(60))),
				await tx.shared.once('k', at(2), at(60)),
				await tx.shared.change('n', at(2), () => ({ value: { n: 1 }, result: 'changed' })),
			]);
			expect(result).toEqual([true, ['due'], true, 'changed']);
			expect((await store.deliveries.get(['new']))[0].stage).toBe('sending');
		});

		test('callers do not see each other’s mutations', async () => {
			const store = await open();
			const mine = group('g', { settings: { max: 1 } });
			await store.groups.put([mine]);
			mine.settings.max = 2;
			const [read] = await store.groups.get(['g']);
			expect(read.settings).toEqual({ max: 1 });
			read.settings.max = 3;
			read.open_tickets.push('jira:7');
			expect((await store.groups.get(['g']))[0]).toEqual(group('g', { settings: { max: 1 } }));
		});
	});
}
