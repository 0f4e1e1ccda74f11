import { describe, expect, test } from '@jest/globals';
import type { ActionRow, Store } from '../../../core/store/types';
import type { Open } from './suite';
import { at } from './rows';

const wanted = (id: string, ticket_key = 'jira:42') => ({
	id,
	ticket_key,
	item: { interaction_id: id, deep: ['中', null] },
});

const claim = (store: Store, id: string, owner: string, seconds: number, until = seconds + 60) =>
	store.actions.claim(wanted(id), owner, at(seconds), at(until));

const queued = (due: number): Pick<ActionRow, 'status' | 'due_at'> => ({
	status: 'queued',
	due_at: at(due),
});

export function actionsSuite(open: Open): void {
	describe('actions', () => {
		test('a new one is claimed, and stands there as claimed', async () => {
			const store = await open();
			const { claimed, row } = await claim(store, 'i1', 'p1', 0);
			expect(claimed).toBe(true);
			expect(row).toEqual({
				...wanted('i1'),
				status: 'running',
				result: null,
				steps: [],
				uncertain: false,
				attempts: 0,
				due_at: null,
				lease_owner: 'p1',
				lease_until: at(60),
				error: null,
				created_at: at(0),
				updated_at: at(0),
			});
			expect(await store.actions.get(['i1', 'none', 'i1'])).toEqual([row]);
		});

		test('a held one is refused until its lease runs out; then it is taken over as uncertain', async () => {
			const store = await open();
			await claim(store, 'i1', 'p1', 0);
			const early = await claim(store, 'i1', 'p2', 59.999);
			expect(early).toMatchObject({
				claimed: false,
				row: { status: 'running', lease_owner: 'p1' },
			});
			const late = await claim(store, 'i1', 'p2', 60);
			expect(late).toMatchObject({ claimed: true, row: { lease_owner: 'p2', uncertain: true } });
			expect(await store.actions.settle('i1', 'p1', { status: 'done' }, at(61))).toBe(false);
			expect((await store.actions.get(['i1']))[0]).toMatchObject({ status: 'running' });
		});

		test('a final one is refused and gives its answer', async () => {
			const store = await open();
			for (const status of ['done', 'failed'] as const) {
				await claim(store, status, 'p1', 0);
				const change = { status, result: { status, before: null }, steps: ['save'], attempts: 1 };
				expect(await store.actions.settle(status, 'p1', change, at(5))).toBe(true);
				const again = await claim(store, status, 'p2', 9);
				expect(again).toMatchObject({
					claimed: false,
					row: { ...change, lease_owner: null, lease_until: null, updated_at: at(5) },
				});
			}
		});

		test('queued: leased when due, once; claimed by the node; a lost holder makes it due again', async () => {
			const store = await open();
			await claim(store, 'i1', 'p1', 0);
			const change = { ...queued(30), attempts: 1, error: 'http_503', steps: ['save'] };
			await store.actions.settle('i1', 'p1', change, at(1));
			expect(await store.actions.nextDue()).toBe(at(30));
			const lease = (seconds: number) =>
				store.actions.leaseDue(at(seconds), 10, 'release', at(seconds + 120));
			expect(await lease(29.999)).toEqual([]);
			expect(await lease(30)).toMatchObject([
				{
					id: 'i1',
					status: 'emitted',
					attempts: 1,
					steps: ['save'],
					due_at: null,
					uncertain: false,
				},
			]);
			expect(await lease(31)).toEqual([]);
			expect(await store.actions.nextDue()).toBe(at(150));
			expect(await lease(150)).toMatchObject([{ id: 'i1', uncertain: false }]);
			expect(await claim(store, 'i1', 'p2', 151)).toMatchObject({
				claimed: true,
				row: { status: 'running', attempts: 1, error: 'http_503' },
			});
			expect(await lease(212)).toMatchObject([{ id: 'i1', uncertain: true }]);
		});

		test('takeBack: what one owner was handed out is due at once; not what others have, nor what is carried out', async () => {
			const store = await open();
			for (const id of ['mine', 'other', 'works', 'waits']) {
				await claim(store, id, 'p1', 0);
				await store.actions.settle(id, 'p1', queued(id === 'waits' ? 900 : 1), at(0));
			}
			const leased = async (limit: number, owner: string) =>
				(await store.actions.leaseDue(at(2), limit, owner, at(900))).map((row) => row.id);
			// Earliest first, then by id.
			expect(await leased(1, 'host|a')).toEqual(['mine']);
			expect(await leased(1, 'host|b')).toEqual(['other']);
			expect(await leased(1, 'host|a')).toEqual(['works']);
			await claim(store, 'works', 'host|a', 3);
			expect(await store.actions.takeBack('host|a', at(10))).toBe(1);
			expect(await store.actions.get(['mine'])).toMatchObject([
				{ status: 'queued', due_at: at(10), lease_owner: null, lease_until: null },
			]);
			expect(await leased(9, 'host|a')).toEqual([]);
			const again = await store.actions.leaseDue(at(10), 9, 'host|a', at(900));
			expect(again.map((row) => row.id)).toEqual(['mine']);
			expect(await store.actions.takeBack('nobody', at(11))).toBe(0);
		});

		test('the limit holds for both kinds together; earliest first', async () => {
			const store = await open();
			for (const [id, due] of [
				['c', 3],
				['a', 1],
				['b', 2],
			] as const) {
				await claim(store, id, 'p1', 0);
				await store.actions.settle(id, 'p1', queued(due), at(0));
			}
			await claim(store, 'lost', 'p1', 0, 1);
			const ids = async (limit: number) =>
				(await store.actions.leaseDue(at(9), limit, 'p2', at(99))).map((row) => row.id);
			expect(await ids(0)).toEqual([]);
			expect(await ids(2)).toEqual(['a', 'b']);
			expect(await ids(9)).toEqual(['c', 'lost']);
			expect(await ids(9)).toEqual([]);
		});

		test('list: newest first, by ticket and by status; purge takes old final ones only', async () => {
			const store = await open();
			await store.actions.claim(wanted('i1', 'rt:1'), 'p', at(0), at(60));
			await store.actions.claim(wanted('i2', 'rt:2'), 'p', at(1), at(60));
			await store.actions.claim(wanted('i3', 'rt:1'), 'p', at(2), at(60));
			await store.actions.settle('i1', 'p', { status: 'done' }, at(3));
			await store.actions.settle('i2', 'p', { status: 'failed' }, at(4));
			const ids = async (filter: Parameters<Store['actions']['list']>[0]) =>
				(await store.actions.list(filter)).map((row) => row.id);
			expect(await ids({})).toEqual(['i3', 'i2', 'i1']);
			expect(await ids({ ticket_key: 'rt:1' })).toEqual(['i3', 'i1']);
			expect(await ids({ status: 'running' })).toEqual(['i3']);
			expect(await ids({ limit: 1, offset: 1 })).toEqual(['i2']);
			expect(await store.actions.purge(at(4))).toBe(1);
			expect(await store.actions.purge(at(99))).toBe(1);
			expect(await ids({})).toEqual(['i3']);
		});

		test('many claims at once: one holder', async () => {
			const store = await open();
			const owners = Array.from({ length: 12 }, (_, i) => `p${i}`);
			const claims = await Promise.all(owners.map((owner) => claim(store, 'i1', owner, 0)));
			expect(claims.filter(({ claimed }) => claimed)).toHaveLength(1);
			expect(new Set(claims.map(({ row }) => row.lease_owner)).size).toBe(1);
		});
	});
}
