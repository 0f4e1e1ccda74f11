import { describe, expect, test } from '@jest/globals';
import type { Open } from './suite';
import { at, silence } from './rows';

export function documentsSuite(open: Open): void {
	describe('templates', () => {
		const template = (id: string, language: string, seconds = 0) => ({
			id,
			language,
			document: { title: `${id}/${language}` },
			updated_at: at(seconds),
		});

		test('one document per id and language', async () => {
			const { templates } = await open();
			await templates.put([template('a', ''), template('a', 'zh-CN'), template('b', 'en')]);
			await templates.put([{ ...template('a', 'zh-CN', 1), document: { title: '新' } }]);
			expect((await templates.get('a', 'zh-CN'))?.document).toEqual({ title: '新' });
			expect((await templates.get('a', ''))?.language).toBe('');
			expect((await templates.get('a'))?.language).toBe('');
			expect((await templates.get('b'))?.language).toBe('en');
			expect(await templates.get('a', 'en')).toBeUndefined();
			expect(await templates.get('c')).toBeUndefined();
		});

		test('list is newest first and pages; delete one language or all', async () => {
			const { templates } = await open();
			await templates.put([template('a', 'en', 1), template('b', 'en', 3), template('a', 'de', 2)]);
			const names = async (options?: { limit?: number; offset?: number }) =>
				(await templates.list(options)).map((row) => `${row.id}/${row.language}`);
			expect(await names()).toEqual(['b/en', 'a/de', 'a/en']);
			expect(await names({ limit: 1, offset: 1 })).toEqual(['a/de']);
			expect(await templates.delete('a', 'fr')).toBe(0);
			expect(await templates.delete('a', 'de')).toBe(1);
			await templates.put([template('a', 'de', 2)]);
			expect(await templates.delete('a')).toBe(2);
			expect(await names()).toEqual(['b/en']);
		});
	});

	describe('policies', () => {
		test('an empty one before any was saved', async () => {
			const { policies } = await open();
			const policy = await policies.get();
			expect(policy?.document).toEqual({});
			expect(await policies.get(policy?.id)).toEqual(policy);
			expect(await policies.get('p_unknown')).toBeUndefined();
		});

		test('put makes current and keeps the old by id; keep does not make current', async () => {
			const { policies } = await open();
			await policies.put('p1', { routing: { notify_actor: true } }, at(0));
			await policies.put('p2', { silence: { action: 'drop' } }, at(1));
			await policies.keep('p3', { own: true }, at(2));
			expect(await policies.get()).toEqual({ id: 'p2', document: { silence: { action: 'drop' } } });
			expect((await policies.get('p1'))?.document).toEqual({ routing: { notify_actor: true } });
			expect((await policies.get('p3'))?.document).toEqual({ own: true });
			await policies.put('p1', { routing: { notify_actor: true } }, at(3));
			expect((await policies.get())?.id).toBe('p1');
		});
	});

	describe('silences', () => {
		test('active is half-open: at its start, not at its end', async () => {
			const { silences } = await open();
			await silences.put(silence('s1'));
			const active = async (seconds: number) =>
				(await silences.active(at(seconds))).map((row) => row.id);
			expect(await active(9.999)).toEqual([]);
			expect(await active(10)).toEqual(['s1']);
			expect(await active(19.999)).toEqual(['s1']);
			expect(await active(20)).toEqual([]);
		});

		test('ended early it never comes back, not by putting it again either', async () => {
			const { silences } = await open();
			await silences.put(silence('s1'));
			expect(await silences.end('nothing', at(12))).toBe(false);
			expect(await silences.end('s1', at(12))).toBe(true);
			expect(await silences.end('s1', at(13))).toBe(false);
			expect(await silences.active(at(13))).toEqual([]);
			await silences.put(silence('s1', { ends_at: at(99), comment: 'again' }));
			expect(await silences.active(at(13))).toEqual([]);
			expect(await silences.get('s1')).toMatchObject({ ended_at: at(12), comment: 'again' });
			await silences.put(silence('s2'));
			expect(await silences.end('s2', at(20))).toBe(false);
		});

		test('put replaces, get gives all fields, list is newest start first', async () => {
			const { silences } = await open();
			await silences.put(silence('s1'));
			await silences.put(silence('s1', { matchers: ['a="1"', 'b!="2"'], confirmed: true }));
			await silences.put(silence('s2', { starts_at: at(50), ends_at: at(60) }));
			expect(await silences.get('s1')).toEqual({
				...silence('s1', { matchers: ['a="1"', 'b!="2"'], confirmed: true }),
				ended_at: null,
			});
			expect(await silences.get('nothing')).toBeUndefined();
			expect((await silences.list()).map((row) => row.id)).toEqual(['s2', 's1']);
			expect((await silences.list({ limit: 1, offset: 1 })).map((row) => row.id)).toEqual(['s1']);
		});
	});
}
