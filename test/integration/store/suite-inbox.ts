import { describe, expect, test } from '@jest/globals';
import type { Open } from './suite';
import { at, inboxEntry } from './rows';

export function inboxSuite(open: Open): void {
	describe('inbox', () => {
		const ids = (rows: Array<{ delivery_id: string }>) => rows.map((row) => row.delivery_id);

		test('put is idempotent by delivery id and gives back what was new', async () => {
			const { inbox } = await open();
			expect(await inbox.put([inboxEntry('b'), inboxEntry('a'), inboxEntry('b')])).toEqual([
				'b',
				'a',
			]);
			expect(await inbox.put([inboxEntry('a', { title: 'other' }), inboxEntry('c')])).toEqual([
				'c',
			]);
			expect(await inbox.put([])).toEqual([]);
			expect(await inbox.get(['a', 'none'])).toEqual([inboxEntry('a')]);
		});

		test('of one id twice the first is kept', async () => {
			const { inbox } = await open();
			await inbox.put([inboxEntry('a', { title: 'first' }), inboxEntry('a', { title: 'second' })]);
			expect(await inbox.get(['a'])).toMatchObject([{ title: 'first' }]);
		});

		test('what was put twice at once is there once', async () => {
			const { inbox } = await open();
			const puts = await Promise.all([1, 2, 3, 4].map(() => inbox.put([inboxEntry('a')])));
			expect(puts.flat()).toEqual(['a']);
		});

		test('list: unread first, then newest first, per person, in pages', async () => {
			const { inbox } = await open();
			await inbox.put([
				inboxEntry('old', { created_at: at(1) }),
				inboxEntry('read', { created_at: at(9), read_at: at(10) }),
				inboxEntry('new', { created_at: at(5) }),
				inboxEntry('same', { created_at: at(5) }),
				inboxEntry('foreign', { user_id: 'bob', created_at: at(7) }),
			]);
			const list = async (more: object = {}) => ids(await inbox.list({ user_id: 'ann', ...more }));
			expect(await list()).toEqual(['same', 'new', 'old', 'read']);
			expect(await list({ unread_only: true })).toEqual(['same', 'new', 'old']);
			expect(await list({ limit: 2, offset: 1 })).toEqual(['new', 'old']);
			expect(await list({ user_id: 'nobody' })).toEqual([]);
		});

		test('unread counts of many people at once', async () => {
			const { inbox } = await open();
			await inbox.put([
				inboxEntry('1'),
				inboxEntry('2'),
				inboxEntry('3', { read_at: at(1) }),
				inboxEntry('4', { user_id: 'bob' }),
				inboxEntry('5', { user_id: 'eve', read_at: at(1) }),
			]);
			expect(await inbox.unread(['ann', 'bob', 'eve', 'nobody', 'ann'])).toEqual(
				new Map([
					['ann', 2],
					['bob', 1],
				]),
			);
			expect(await inbox.unread([])).toEqual(new Map());
		});

		test('mark read: by id or all, once, only the own ones', async () => {
			const { inbox } = await open();
			await inbox.put([
				inboxEntry('1'),
				inboxEntry('2'),
				inboxEntry('3'),
				inboxEntry('4', { user_id: 'bob' }),
			]);
			expect(await inbox.markRead('ann', ['1', '4', 'none'], at(5))).toEqual(['1']);
			expect(await inbox.markRead('ann', ['1'], at(6))).toEqual([]);
			expect(await inbox.markRead('ann', 'all', at(7))).toEqual(['2', '3']);
			expect(await inbox.markRead('ann', [], at(8))).toEqual([]);
			const read = await inbox.get(['1', '2', '4']);
			expect(Object.fromEntries(read.map((row) => [row.delivery_id, row.read_at]))).toEqual({
				1: at(5),
				2: at(7),
				4: null,
			});
		});

		test('update changes the entry in its place and leaves it read', async () => {
			const { inbox } = await open();
			await inbox.put([inboxEntry('1', { read_at: at(1) })]);
			const change = { title: 'done', severity: 'success', payload: { title: 'done' } };
			expect(await inbox.update('1', change, at(9))).toBe(true);
			expect(await inbox.get(['1'])).toEqual([
				inboxEntry('1', { ...change, read_at: at(1), updated_at: at(9) }),
			]);
			expect(await inbox.update('none', change, at(9))).toBe(false);
		});

		test('remove and purge', async () => {
			const { inbox } = await open();
			await inbox.put([
				inboxEntry('1'),
				inboxEntry('2'),
				inboxEntry('3', { created_at: at(50) }),
				inboxEntry('4', { user_id: 'bob', created_at: at(50) }),
				inboxEntry('5', { user_id: 'eve', created_at: at(50) }),
			]);
			expect(await inbox.remove({ ids: ['1', 'none'] })).toBe(1);
			expect(await inbox.remove({ user_ids: ['bob', 'nobody'] })).toBe(1);
			expect(await inbox.remove({})).toBe(0);
			expect(await inbox.purge(at(50))).toBe(1);
			expect(ids(await inbox.get(['1', '2', '3', '4', '5'])).sort()).toEqual(['3', '5']);
		});

		test('a failed exclusive step leaves nothing in it', async () => {
			const store = await open();
			const broken = store.exclusive(['inbox'], async (inside) => {
				await inside.inbox.put([inboxEntry('1')]);
				throw new Error('no');
			});
			await expect(broken).rejects.toThrow('no');
			expect(await store.inbox.get(['1'])).toEqual([]);
		});
	});
}
