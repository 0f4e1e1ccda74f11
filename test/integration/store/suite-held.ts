import { describe, expect, test } from '@jest/globals';
import type { Open } from './suite';
import { at, delivery, held, ids } from './rows';

export function heldSuite(open: Open): void {
	describe('held', () => {
		test('entries come back as put, numbered by arrival, and keep their number when put again', async () => {
			const store = await open();
			await store.held.put([held('b'), held('a')]);
			await store.held.put([held('c')]);
			const first = await store.held.ofGroups(['g1']);
			expect(ids(first)).toEqual(['b', 'a', 'c']);
			expect(new Set(first.map((row) => row.seq)).size).toBe(3);
			expect(first[0]).toEqual(held('b', { seq: first[0].seq }));
			await store.held.put([held('b', { reason: 'again' }), held('d')]);
			const second = await store.held.ofGroups(['g1']);
			expect(ids(second)).toEqual(['b', 'a', 'c', 'd']);
			expect(second[0]).toMatchObject({ reason: 'again', seq: first[0].seq });
			await store.held.remove(['d']);
			await store.held.put([held('e')]);
			expect(ids(await store.held.ofGroups(['g1']))).toEqual(['b', 'a', 'c', 'e']);
		});

		test('found by id, by person and channel, by ticket, by group', async () => {
			const store = await open();
			await store.held.put([
				held('a', { channel: 'email', group_key: null, kind: 'state' }),
				held('b', { user_id: 'bob', ticket_key: 'jira:7' }),
				held('c', { ticket_key: 'jira:7', group_key: 'g2' }),
				held('d', { test: true }),
			]);
			expect(ids(await store.held.get(['c', 'a', 'none']))).toEqual(['a', 'c']);
			const pairs = [
				{ user_id: 'ann', channel: 'slack' },
				{ user_id: 'bob', channel: 'email' },
			];
			expect(ids(await store.held.of(pairs))).toEqual(['c', 'd']);
			expect(ids(await store.held.ofTickets(['jira:7']))).toEqual(['b', 'c']);
			expect(ids(await store.held.ofGroups(['g2', 'g1']))).toEqual(['b', 'c', 'd']);
			expect(await store.held.count()).toBe(4);
			await store.held.remove(['a', 'c', 'none']);
			expect(ids(await store.held.ofTickets(['jira:7']))).toEqual(['b']);
			expect(await store.held.count()).toBe(2);
		});

		test('duePairs: each pair once, the one due first first, no tests', async () => {
			const store = await open();
			await store.held.put([
				held('a', { due_at: at(20) }),
				held('b', { user_id: 'bob', due_at: at(10) }),
				held('c', { user_id: 'bob', due_at: at(15) }),
				held('d', { user_id: 'cid', due_at: at(5), test: true }),
				held('e', { user_id: 'dan', due_at: null }),
				held('f', { user_id: 'eve', due_at: at(20.001) }),
			]);
			const bob = { user_id: 'bob', channel: 'slack' };
			const ann = { user_id: 'ann', channel: 'slack' };
			expect(await store.held.nextDue()).toBe(at(10));
			expect(await store.held.duePairs(at(9.999), 9)).toEqual([]);
			expect(await store.held.duePairs(at(10), 9)).toEqual([bob]);
			expect(await store.held.duePairs(at(20), 9)).toEqual([bob, ann]);
			expect(await store.held.duePairs(at(20), 1)).toEqual([bob]);
			await store.held.remove(['b', 'c', 'a', 'f']);
			expect(await store.held.nextDue()).toBeUndefined();
		});

		test('touch makes entries of the kinds due now and counts those that it changed', async () => {
			const store = await open();
			await store.held.put([
				held('state', { kind: 'state', due_at: null, item: delivery('state') }),
				held('later', { kind: 'state', due_at: at(99) }),
				held('already', { kind: 'state', due_at: at(1) }),
				held('group', { kind: 'group' }),
				held('bob', { kind: 'state', user_id: 'bob', ticket_key: 'jira:7' }),
				held('silence', { kind: 'silence' }),
				held('test', { kind: 'state', test: true }),
			]);
			const due = async () => {
				const rows = await store.held.get([
					'state',
					'later',
					'already',
					'group',
					'bob',
					'silence',
					'test',
				]);
				return Object.fromEntries(rows.map((row) => [row.delivery_id, row.due_at]));
			};
			const { touch } = store.held;
			expect(await touch.call(store.held, { user_ids: ['ann'], kinds: ['state'] }, at(10))).toBe(2);
			expect(await due()).toEqual({
				state: at(10),
				later: at(10),
				already: at(1),
				group: null,
				bob: null,
				silence: null,
				test: null,
			});
			const byTicket = { ticket_keys: ['jira:7'], user_ids: ['ann'], kinds: ['state' as const] };
			expect(await store.held.touch(byTicket, at(11))).toBe(0);
			expect(await store.held.touch({ ...byTicket, user_ids: undefined }, at(11))).toBe(1);
			expect(await store.held.touch({ kinds: ['silence', 'inhibited'] }, at(12))).toBe(1);
			expect(await store.held.touch({ kinds: [] }, at(12))).toBe(0);
			expect(await due()).toMatchObject({ bob: at(11), silence: at(12), group: null });
		});
	});
}
