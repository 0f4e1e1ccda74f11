import { describe, expect, test } from '@jest/globals';
import type { Open } from './suite';
import { at } from './rows';

const person = (user_id: string, more: Record<string, unknown> = {}) => ({
	user_id,
	document: { user_id, ...more },
	updated_at: at(0),
});

export function peopleSuite(open: Open): void {
	describe('preferences', () => {
		test('put replaces by user_id and keeps the document to the letter', async () => {
			const { preferences } = await open();
			await preferences.put([person('ann', { old: 1 }), person('bob')]);
			const document = { user_id: 'ann', nested: { list: [1, null, '中文'], flag: true } };
			await preferences.put([{ user_id: 'ann', document, updated_at: at(1) }]);
			expect(await preferences.get(['ann', 'nobody', 'ann'])).toEqual([
				{ user_id: 'ann', document, updated_at: at(1) },
			]);
		});

		test('what is read is frozen, shared as long as it stays the same, and never stale', async () => {
			const { preferences } = await open();
			await preferences.put([person('ann', { nested: { list: [1] } }), person('bob')]);
			const [first] = await preferences.get(['ann']);
			const [again] = await preferences.find(['user:ann']);
			expect(again.document).toBe(first.document);
			expect(() => (first.document.nested as { list: number[] }).list.push(2)).toThrow(TypeError);
			first.updated_at = at(9);
			expect((await preferences.get(['ann']))[0].updated_at).toBe(at(0));
			await preferences.put([person('ann', { nested: { list: [2] } })]);
			expect((await preferences.get(['ann']))[0].document).toMatchObject({ nested: { list: [2] } });
			await preferences.put([person('ann', { nested: { list: [1] } })]);
			expect((await preferences.get(['ann']))[0].document).toEqual(first.document);
		});

		test('find by every kind of key, lower-cased; keys of a replaced document are gone', async () => {
			const { preferences } = await open();
			await preferences.put([
				person('Ann', {
					username: 'AnnL',
					identities: { ServiceNow: 'SYS1' },
					groups: ['Network'],
					notification_preferences: { email: { address: 'Ann@Example.com' } },
				}),
				person('bob', { groups: ['network'] }),
			]);
			const found = async (...keys: string[]) =>
				(await preferences.find(keys)).map((row) => `${row.key}=${row.user_id}`).sort();
			expect(await found('USER:ann', 'username:annl')).toEqual([
				'user:ann=Ann',
				'username:annl=Ann',
			]);
			expect(await found('address:ann@example.com')).toEqual(['address:ann@example.com=Ann']);
			expect(await found('identity:servicenow:SYS1')).toEqual(['identity:servicenow:sys1=Ann']);
			expect(await found('group:NETWORK')).toEqual(['group:network=Ann', 'group:network=bob']);
			await preferences.put([person('Ann', { groups: ['Database'] })]);
			expect(await found('group:network')).toEqual(['group:network=bob']);
			expect(await found('username:annl')).toEqual([]);
		});

		test('list is by user_id, pages, and searches values but not the kinds of keys', async () => {
			const { preferences } = await open();
			await preferences.put([
				person('u3', { username: 'carol_x' }),
				person('u1', { username: 'Anna' }),
				person('u2', { username: 'carolyx' }),
			]);
			const list = async (options: { limit: number; offset?: number; search?: string }) =>
				(await preferences.list(options)).map((row) => row.user_id);
			expect(await list({ limit: 2 })).toEqual(['u1', 'u2']);
			expect(await list({ limit: 2, offset: 2 })).toEqual(['u3']);
			expect(await list({ limit: 9, search: 'CAROL' })).toEqual(['u2', 'u3']);
			expect(await list({ limit: 9, search: 'l_x' })).toEqual(['u3']);
			expect(await list({ limit: 9, search: 'username' })).toEqual([]);
		});

		test('delete tells how many there were, and their keys go too', async () => {
			const { preferences } = await open();
			await preferences.put([person('ann', { groups: ['a'] }), person('bob')]);
			expect(await preferences.delete(['ann', 'nobody'])).toBe(1);
			expect(await preferences.find(['group:a', 'user:ann'])).toEqual([]);
			expect(await preferences.get(['ann', 'bob'])).toHaveLength(1);
		});

		test('a thousand keys at once', async () => {
			const { preferences } = await open();
			const people = Array.from({ length: 1200 }, (_, i) => person(`u${i}`));
			await preferences.put(people);
			const all = people.map((row) => row.user_id);
			expect(await preferences.get(all)).toHaveLength(1200);
			expect(await preferences.find(all.map((id) => `user:${id}`))).toHaveLength(1200);
			expect(await preferences.delete(all)).toBe(1200);
		});
	});

	test('presence: put replaces, get of many', async () => {
		const { presence } = await open();
		await presence.put([{ user_id: 'ann', status: 'dnd', until: at(60), updated_at: at(0) }]);
		await presence.put([
			{ user_id: 'ann', status: 'available', updated_at: at(1) },
			{ user_id: 'bob', status: 'in_meeting', until: at(5), updated_at: at(1) },
		]);
		const rows = await presence.get(['bob', 'ann', 'nobody']);
		const byUser = new Map(rows.map((row) => [row.user_id, row]));
		expect(byUser.size).toBe(2);
		expect(byUser.get('ann')).toMatchObject({ status: 'available' });
		expect(byUser.get('ann')?.until ?? null).toBeNull();
		expect(byUser.get('bob')).toEqual({
			user_id: 'bob',
			status: 'in_meeting',
			until: at(5),
			updated_at: at(1),
		});
	});
}
